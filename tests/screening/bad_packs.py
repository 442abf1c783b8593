"""Every kind of pack that is refused, with the place and the field that the refusal names."""

from dataclasses import dataclass

from casework.gateways.seed_files import LARGEST_BYTES
from tests.screening.packs import NEVER, ONLY_IF_WORKED, changed, form, form_without, line_of

MEBIBYTE = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A file that must be refused, and where and why."""

    name: str
    content: bytes
    line: str
    field: str
    code: str

    @property
    def place(self) -> str:
        """How the refusal has to begin: file, line and field."""
        return f"{self.name}:{self.line}: {self.field}: "


def _yaml(content: bytes, line: int, field: str, code: str) -> Bad:
    return Bad(name="own.yaml", content=content, line=str(line), field=field, code=code)


def _form(content: bytes, line: str, field: str, code: str) -> Bad:
    return Bad(name="own.xlsx", content=content, line=line, field=field, code=code)


def _bomb(size: int) -> bytes:
    """Nine aliases of nine aliases of nine, blown up to so many bytes by repeating it."""
    lines = [b'a: &a ["x", "x", "x", "x", "x", "x", "x", "x", "x"]']
    lines += [
        b"%c: &%c [%s]" % (name, name, b", ".join([b"*%c" % (name - 1)] * 9))
        for name in range(ord("b"), ord("j"))
    ]
    bomb = b"\n".join(lines) + b"\n"
    return bomb + b"# " + b"x" * (size - len(bomb) - 2) if size else bomb


CITATION = "      citation: Written by the shelter's own staff, January 2026\n"
_PAY = line_of("- id: paid_late")
BAD: dict[str, Bad] = {
    "missing citation": _yaml(
        changed(CITATION, ""), line_of("citation:"), "source.citation", "missing"
    ),
    "unknown fact": _yaml(
        changed("safe_to_leave_message", "favourite_colour"),
        line_of("safe_to_leave_message"),
        "sections.1.items.0.ask_fact",
        "unknown_fact",
    ),
    "unknown fact of an own question": _yaml(
        changed("indicators: [wages_withheld]", "fact: favourite_colour"),
        line_of("indicators: [wages_withheld]"),
        "sections.0.items.1.fact",
        "unknown_fact",
    ),
    "unknown sign": _yaml(
        changed("indicators: [wages_withheld]", "indicators: [bad_luck]"),
        line_of("indicators: [wages_withheld]"),
        "sections.0.items.1.indicators",
        "unknown_indicator",
    ),
    "unknown source": _yaml(
        changed("    certainty:", "    law_sources: [usc-22-7102, gossip]\n    certainty:"),
        line_of("certainty:"),
        "law_sources.1",
        "unknown_source",
    ),
    "visibility cycle": _yaml(
        changed("required: always", 'show_when: {item: paid_late, op: "=", value: "no"}'),
        line_of("- id: work"),
        "sections",
        "visibility_cycle",
    ),
    "duplicate id": _yaml(
        changed("- id: paid_late", "- id: had_work"),
        _PAY,
        "sections.0.items.1.id",
        "duplicate_item",
    ),
    "weight on a hidden question": _yaml(
        changed(ONLY_IF_WORKED, NEVER),
        line_of("weight: 2"),
        "sections.0.items.1.weight",
        "weight_without_effect",
    ),
    "never shown": _yaml(
        changed("weight: 2\n            " + ONLY_IF_WORKED, NEVER),
        line_of("weight: 2"),
        "sections.0.items.1.show_when",
        "never_shown",
    ),
    "bomb of ten megabytes": _yaml(_bomb(10 * MEBIBYTE), 1, "file", "too_large"),
    "bomb of aliases": _yaml(_bomb(0), 1, "file", "not_accepted"),
    "ten megabytes of nothing": _yaml(b"#" * (10 * MEBIBYTE), 1, "file", "too_large"),
    "one byte too many": _yaml(b"#" * (LARGEST_BYTES + 1), 1, "file", "too_large"),
    "a million parts": _yaml(b"instruments: [" + b"1," * 500_000 + b"]", 1, "file", "too_large"),
    "tag": _yaml(
        changed("title: {en", "title: !!python/name:os.system {en"),
        line_of("title: {en"),
        "file",
        "not_accepted",
    ),
    "not YAML": _yaml(b"instruments:\n  - [", 3, "file", "not_accepted"),
    "not UTF-8": _yaml(b"instruments:\n  - \xff", 2, "file", "not_utf8"),
    "no words": _yaml(
        changed("title: {en: Work, es: Trabajo}", "title: {}"),
        line_of("title: {en: Work"),
        "sections.0.title",
        "words_missing",
    ),
    "law": _yaml(b"pathways: []\ninstruments: []\n", 1, "pathways", "not_accepted"),
    "form with an unknown function": _form(
        form(4, "relevant", "pulldata('staff', 'name') = 'x'"),
        "survey:4",
        "relevant",
        "unknown_condition",
    ),
    "form without a citation": _form(
        form_without("settings", "citation"), "settings:2", "citation", "missing"
    ),
    "form with an unknown fact": _form(
        form(7, "fact", "favourite_colour"), "survey:7", "fact", "unknown_fact"
    ),
    "form with a cycle": _form(
        form(3, "relevant", "${unpaid} = 'yes'"), "survey:1", "type", "visibility_cycle"
    ),
    "form with a duplicate id": _form(
        form(4, "name", "had_work"), "survey:4", "name", "duplicate_item"
    ),
    "form with a weight on a hidden question": _form(
        form(4, "relevant", "${had_work} = 'yes' and ${had_work} = 'no'"),
        "survey:4",
        "weight",
        "weight_without_effect",
    ),
}
