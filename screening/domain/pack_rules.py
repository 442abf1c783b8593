"""What an instrument that an agency adds must and must not say, besides being a sound instrument.

A problem is the path of a part, a code and a sentence; whoever read the file knows its line.
"""

import math
from collections.abc import Container, Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import ValidationError

from screening.domain.instrument import Instrument, Status
from screening.domain.items import ItemType

Path: TypeAlias = tuple[str | int, ...]
Problem: TypeAlias = tuple[Path, str, str]
MOST_QUESTIONS = 400
MOST_OPTIONS = 300
MOST_OPTIONS_TOGETHER = 10_000
LONGEST_TEXT = 4_000
LONGEST_ID = 60
LONGEST_VERSION = 40
LARGEST_NUMBER = 10**12
_STATUSES = frozenset({Status.ACTIVE, Status.DRAFT})
_IN_VERSIONS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
_HIDDEN = frozenset(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_FIELD_OF = {
    "no_options": "options",
    "options_unexpected": "options",
    "duplicate_option": "options",
    "unknown_option": "positive_when",
    "never_positive": "positive_when",
    "positive_above_unexpected": "positive_above",
    "personal_unexpected": "personal",
}
"""Which part of a question a sentence about the whole question is about."""


def unfit_values(part: object, path: Path = ()) -> Iterator[Problem]:
    """Texts, numbers and names that nothing may hold: too long, too large, hidden or unreadable."""
    if isinstance(part, Mapping):
        for name, inner in part.items():
            yield from _unfit_text(str(name), path)
            yield from unfit_values(inner, (*path, str(name)))
    elif isinstance(part, list | tuple):
        for at, inner in enumerate(part):
            yield from unfit_values(inner, (*path, at))
    elif isinstance(part, str):
        yield from _unfit_text(part, path)
    elif isinstance(part, int | float) and not (
        math.isfinite(part) and abs(part) <= LARGEST_NUMBER
    ):
        yield path, "number_too_large", f"give a number of at most {LARGEST_NUMBER}"


def _unfit_text(text: str, path: Path) -> Iterator[Problem]:
    if len(text) > LONGEST_TEXT:
        said = f"at most {LONGEST_TEXT} characters; this has {len(text)}"
        yield path, "too_long", said
    for character in text:
        if _is_bad(character):
            said = f"the character U+{ord(character):04X} is not accepted"
            yield path, "bad_character", said
            return


def _is_bad(character: str) -> bool:
    control = character < " " or "\x7f" <= character < "\xa0" or "\ud800" <= character <= "\udfff"
    return (control and character not in "\n\t") or character in _HIDDEN


def too_many(document: Mapping[str, Any]) -> Iterator[Problem]:
    """More questions or options than any interview has; asked before more is made of them."""
    questions = options = 0
    for path, item in _items(document):
        questions += 1
        listed = item.get("options")
        if isinstance(listed, list):
            options += len(listed)
            if len(listed) > MOST_OPTIONS:
                said = f"a question has at most {MOST_OPTIONS} options"
                yield (*path, "options"), "too_many_options", said
    if questions > MOST_QUESTIONS:
        said = f"an instrument has at most {MOST_QUESTIONS} questions"
        yield ("sections",), "too_many_questions", said
    if options > MOST_OPTIONS_TOGETHER:
        said = f"the questions together have at most {MOST_OPTIONS_TOGETHER} options"
        yield ("sections",), "too_many_options", said


def _items(document: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    sections = document.get("sections")
    for at, section in enumerate(sections if isinstance(sections, list) else ()):
        items = section.get("items") if isinstance(section, Mapping) else None
        for within, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, Mapping):
                yield ("sections", at, "items", within), item


def explained(error: ValidationError) -> Iterator[Problem]:
    """What the schema of instruments found, each with the path of what it is about."""
    for found in error.errors(include_url=False, include_input=False):
        path, code = tuple(found["loc"]), found["type"]
        context = found.get("ctx", {})
        if "where" in context and not path:
            yield path_of(context["where"]), code, str(context["said"])
        elif code in _FIELD_OF:
            yield (*path, _FIELD_OF[code]), code, found["msg"]
        else:
            yield path, code, found["msg"]


def path_of(pointer: str) -> Path:
    """A JSON pointer into an instrument as a path."""
    parts = pointer.split("/")[1:]
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def unfit_for_an_agency(instrument: Instrument) -> Iterator[Problem]:
    """What only those who keep the shared knowledge may say of an instrument."""
    if instrument.status not in _STATUSES:
        said = "an agency's own instrument is active or a draft"
        yield ("status",), "status_not_accepted", said
    if instrument.reviewed:
        yield ("reviewed",), "reviewed_not_accepted", "nobody has reviewed it here yet: write false"
    if len(instrument.id) > LONGEST_ID:
        yield ("id",), "too_long", f"at most {LONGEST_ID} characters"
    if len(instrument.version) > LONGEST_VERSION or not set(instrument.version) <= _IN_VERSIONS:
        said = f"at most {LONGEST_VERSION} letters, digits, dots, hyphens and underscores"
        yield ("version",), "version_not_accepted", said


def unknown_sources(instrument: Instrument, sources: Container[str]) -> Iterator[Problem]:
    """Documents that it says it rests on and that are not among those that are kept."""
    for number, code in enumerate(instrument.law_sources):
        if code not in sources:
            yield ("law_sources", number), "unknown_source", f"there is no source “{code}”"


def wordless(instrument: Instrument) -> Iterator[Problem]:
    """Parts that are asked or read out and have no words in any language."""
    whole = ("title", "before_first_question", "disclaimer")
    yield from _without_words(instrument, whole, ())
    for at, section in enumerate(instrument.sections):
        yield from _without_words(section, ("title",), ("sections", at))
        for within, item in enumerate(section.items):
            path: Path = ("sections", at, "items", within)
            yield from _without_words(item, ("text",), path)
            for number, option in enumerate(item.options):
                yield from _without_words(option, ("label",), (*path, "options", number))


def _without_words(part: object, fields: tuple[str, ...], path: Path) -> Iterator[Problem]:
    for field in fields:
        if not getattr(part, field).root:
            yield (*path, field), "words_missing", "words are needed here, in one language at least"


def clashes(instrument: Instrument, shared: Instrument) -> Iterator[Problem]:
    """What keeps it from standing where a shared instrument of the same id stands.

    Only a stub makes room, and only for the instrument it stands for.
    """
    if shared.status is not Status.STUB:
        said = "a shared instrument has this id; choose another"
        yield ("id",), "id_taken", said
        return
    if instrument.source.permission_granted is None:
        said = "say who gave permission to use the wording, on which day, and where that is kept"
        yield ("source", "permission_granted"), "permission_missing", said
    if any(item.type is not ItemType.INFO for item in shared.items_by_id.values()):
        yield from _unlike(instrument, shared)  # of other stubs not even the questions are known


def _unlike(instrument: Instrument, stub: Instrument) -> Iterator[Problem]:
    expected = {item_id: _bones(stub, item_id) for item_id in stub.items_by_id}
    for at, section in enumerate(instrument.sections):
        for within, item in enumerate(section.items):
            path: Path = ("sections", at, "items", within)
            bones = expected.pop(item.id, None)
            if bones is None:
                yield (*path, "id"), "not_in_the_stub", f"the shared stub has no question {item.id}"
                continue
            for field, value in _bones(instrument, item.id).items():
                if value != bones[field]:
                    said = f"question {item.id} differs here from the shared stub"
                    yield (*path, field), "unlike_the_stub", said
    for item_id in expected:
        yield ("sections",), "missing_question", f"question {item_id} of the shared stub is missing"
    if _scoring(instrument) != _scoring(stub):
        said = "the scoring differs from that of the shared stub"
        yield ("scoring",), "unlike_the_stub", said


def _bones(instrument: Instrument, item_id: str) -> dict[str, object]:
    """A question without its words: what its published accuracy rests on."""
    item = instrument.items_by_id[item_id]
    plain = ("type", "positive_when", "positive_above", "weight", "scored")
    bones: dict[str, object] = {name: getattr(item, name) for name in plain}
    return bones | {"options": [(o.code, o.score, o.missing) for o in item.options]}


def _scoring(instrument: Instrument) -> dict[str, object]:
    """How it is scored, without the words."""
    scoring = instrument.scoring
    return {
        "method": scoring.method,
        "dimensions": scoring.dimension_rule,
        "bands": [(band.min, band.max, band.code) for band in scoring.bands],
        "rules": [(rule.code, rule.when) for rule in scoring.outcome_rules],
        "incomplete": scoring.incomplete.code,
    }
