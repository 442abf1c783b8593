"""An XLSForm as an instrument: its sheets read row by row, every cell with its place.

Groups become sections, `relevant` becomes the rule by which a question shows, `hint` the guidance.
What XLSForm has no column for stands in columns of our own. A cell that we would have to ignore is
refused: what its author reads there would not be what is asked.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from casework.domain.errors import FieldProblem
from screening.gateways.pack_files import PackFile, Path, Place, problem_at, refusal
from screening.gateways.relevance import Literal, RelevanceError, read_relevance
from screening.gateways.workbook import SheetRow, WorkbookError, read_sheets
from screening.gateways.xlsform_cells import Cells
from screening.gateways.xlsform_choices import Choices
from screening.gateways.xlsform_settings import settings_of

_SHEETS = frozenset({"survey", "choices", "settings", "outcomes"})
_TYPES = {
    "select_one": "choice",
    "select_multiple": "multi-choice",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "text": "text",
    "note": "info",
}
_ACCEPTED = (
    "accepted are select_one …, select_multiple …, integer, decimal, date, text, note and groups"
)
_NUMERIC = frozenset({"integer", "decimal"})
_WORDED = ("label", "hint", "why_we_ask", "how_to_ask")
_GROUP = frozenset({"type", "name", "label", "hint", "relevant"})
_QUESTION = frozenset(
    {
        *("type", "name", *_WORDED, "relevant", "required", "indicators", "fact", "appearance"),
        *("positive_when", "positive_above", "strength", "weight", "scored", "safety_flag"),
        *("personal",),
    }
)


def read_xlsform(content: bytes, name: str) -> PackFile:
    """The instrument. InvalidInputError names sheet, row and column of everything wrong."""
    try:
        sheets = read_sheets(content, _SHEETS)
    except WorkbookError as error:
        place = Place(line=error.line, field=error.column, pointer="")
        raise refusal((problem_at(name, place, error.code, error.reason),)) from error
    form = _Form(name, sheets)
    form.read()
    if form.problems:
        raise refusal(tuple(form.problems))
    return PackFile(name=name, instrument=form.instrument, places=form.places, exact=False)


class _Form:
    """The survey sheet while it is read."""

    def __init__(self, name: str, sheets: Mapping[str, list[SheetRow]]) -> None:
        self.problems: list[FieldProblem] = []
        self.places: dict[Path, Place] = {}
        self.instrument: dict[str, Any] = {}
        self._name = name
        self._sheets = sheets
        self._sections: list[dict[str, Any]] = []
        self._open = False
        """Whether a group is open; questions outside one stand in a section of their own."""
        self._loose = False
        self._types: dict[str, str] = {}

    def read(self) -> None:
        """Fill in the instrument and the places; what is wrong is gathered."""
        settings = settings_of(self._name, self._sheets, self.places, self.problems)
        self.instrument = settings
        self._language = str(settings["languages"][0])
        self._choices = Choices(self._name, self._sheets.get("choices", []), self._language)
        self.problems += self._choices.problems
        rows = [self._cells(row) for row in self._sheets.get("survey", [])]
        self._types = {row.text("name"): row.text("type").split(" ")[0] for row in rows}
        for row in rows:
            self._row(row)
            self.problems += row.problems
        if self._open:
            place = Place(line=f"survey:{rows[-1].number}", field="type", pointer="/survey")
            self._refuse(place, "not_closed", "the last group is not closed by end_group")
        self.places[("sections",)] = Place(line="survey:1", field="type", pointer="/survey")
        settings["sections"] = self._sections
        settings["languages"] = list(self._languages())

    def _cells(self, row: SheetRow) -> Cells:
        language = self._language
        return Cells(self._name, "survey", row, language)

    def _refuse(self, place: Place, code: str, reason: str) -> None:
        self.problems.append(problem_at(self._name, place, code, reason))

    def _row(self, row: Cells) -> None:
        word, _, rest = (
            row.text("type")
            .replace("begin group", "begin_group")
            .replace("end group", "end_group")
            .partition(" ")
        )
        if word == "begin_group":
            self._begin(row)
        elif word == "end_group":
            self._end(row)
        elif word in _TYPES and bool(rest) == word.startswith("select"):
            self._question(row, word, rest.strip())
        else:
            said = f"“{row.text('type')}” is not accepted" if word else "a row needs a type"
            row.refuse("type", "unknown_type", f"{said}; {_ACCEPTED}")

    def _begin(self, row: Cells) -> None:
        if self._open:
            row.refuse("type", "nested_group", "a group inside a group is not accepted")
        row.only(_GROUP, worded=("label", "hint"))
        self._open, self._loose = True, False
        path: Path = ("sections", len(self._sections))
        section: dict[str, Any] = {"id": row.text("name"), "title": row.words("label"), "items": []}
        self._put_optional(section, guidance=row.words("hint"), show_when=self._rule(row))
        self._sections.append(section)
        self._place(row, path, id="name", title="label", guidance="hint", show_when="relevant")

    def _end(self, row: Cells) -> None:
        row.only(frozenset({"type", "name"}), worded=())
        if not self._open:
            row.refuse("type", "not_opened", "no group is open here")
        self._open = False

    def _section(self, row: Cells) -> tuple[int, list[dict[str, Any]]]:
        """The section that the question stands in."""
        if not self._open and not self._loose:
            self._loose = True
            number = len(self._sections) + 1
            title = self.instrument.get("title") or {self._language: "Questions"}
            self._place(row, ("sections", len(self._sections)))
            self._sections.append({"id": f"part_{number}", "title": title, "items": []})
        return len(self._sections) - 1, self._sections[-1]["items"]

    def _question(self, row: Cells, word: str, options: str) -> None:
        row.only(_QUESTION, worded=_WORDED)
        at, items = self._section(row)
        path: Path = ("sections", at, "items", len(items))
        item: dict[str, Any] = {
            "id": row.text("name"),
            "text": row.words("label"),
            "type": _TYPES[word],
            "required": "if-shown" if row.flag("required") else "never",
        }
        self._put_optional(
            item,
            guidance=row.words("hint"),
            why_we_ask=row.words("why_we_ask"),
            how_to_ask=row.words("how_to_ask"),
            show_when=self._rule(row),
            indicators=row.codes("indicators"),
            fact=row.text("fact"),
            positive_when=row.codes("positive_when"),
            positive_above=row.number_in("positive_above"),
            strength=row.text("strength"),
            weight=row.number_in("weight"),
        )
        self._put_flags(item, row)
        self._place(row, path, id="name", text="label", guidance="hint", show_when="relevant")
        self._place(row, path, options="type", **{name: name for name in _QUESTION if name in item})
        if options:
            item["options"] = self._choices.of(options, row, (*path, "options"), self.places)
        items.append(item)

    @staticmethod
    def _put_optional(into: dict[str, Any], **values: object) -> None:
        """Only what was filled in; nothing, not even an empty text, stands for the rest."""
        into |= {name: value for name, value in values.items() if value not in (None, "", {}, [])}

    @staticmethod
    def _put_flags(item: dict[str, Any], row: Cells) -> None:
        item |= {
            name: row.flag(name) for name in ("scored", "safety_flag", "personal") if row.text(name)
        }

    def _place(self, row: Cells, path: Path, **columns: str) -> None:
        self.places[path] = row.place("type")
        self.places |= {(*path, part): row.place(column) for part, column in columns.items()}

    def _rule(self, row: Cells) -> dict[str, Any] | None:
        text = row.text("relevant")
        if not text:
            return None
        try:
            return self._settled(read_relevance(text))
        except RelevanceError as error:
            row.refuse("relevant", "unknown_condition", str(error))
            return None

    def _settled(self, rule: dict[str, Any]) -> dict[str, Any]:
        """The rule with its values as the questions have them."""
        for joined in ("any", "all"):
            if joined in rule:
                return {joined: [self._settled(part) for part in rule[joined]]}
        if "not" in rule:
            return {"not": self._settled(rule["not"])}
        literal, kind = rule["value"], self._types.get(rule["item"], "")
        if not isinstance(literal, Literal):
            return rule
        if kind == "select_multiple" and rule["op"] != "contains":
            raise RelevanceError(
                f"{rule['item']} takes several answers; use selected(${{{rule['item']}}}, 'code')"
            )
        value: object = literal.text
        if not literal.quoted and kind in _NUMERIC:
            value = float(literal.text) if "." in literal.text else int(literal.text)
        return rule | {"value": value}

    def _languages(self) -> Iterator[str]:
        """The languages in which every question has its words, that of plain columns first."""
        worded = [set(item["text"]) for section in self._sections for item in section["items"]]
        shared = set.intersection(*worded) if worded else set()
        yield self._language
        yield from sorted(shared - {self._language})
