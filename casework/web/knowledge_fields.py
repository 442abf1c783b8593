"""A stored definition as labelled fields: text, lists, tables, conditions, words by language.

Every part of the content becomes a field, whatever its kind, so that nothing that is stored goes
unseen. What other apps store in shapes of their own they put into words themselves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from casework.domain.condition_words import Shape as Part
from casework.domain.condition_words import Told, condition_in, told
from casework.domain.jurisdictions import STATES
from casework.services.definitions import Name, Ref
from casework.web.knowledge_labels import label_of, place_of
from casework.web.knowledge_tellers import told_by_others
from casework.web.knowledge_values import Saying, in_words, moment_words, sayings
from casework.web.written_in import marked, page_language

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_LINKS: Mapping[str, str] = {
    "law_sources": "source",
    "indicators": "indicator",
    "rungs": "ladder",
    "calendar": "calendar",
    "with": "pathway",
    "fact": "fact",
    "report_rows": "mission",
}
"""Names of fields that hold codes of other definitions → their kind."""
_TABLES = frozenset(
    (
        *("evidence", "family", "points", "rungs", "options", "enjoined", "bands", "any_of"),
        *("codes", "holidays"),
    )
)
_PLAIN_OPTIONS = ["yes", "no"]
_HEADINGS = ("text", "title", "label", "study", "who", "by", "id")
_SAID_ALSO_WHEN_NOT = frozenset(("needed", "needs_reason", "un_protocol", "scored"))
_USUAL: Mapping[str, object] = {
    **dict.fromkeys(("score", "strong", "medium", "weak", "medium_or_weak"), 0),
    "weight": 1,
    "required": "never",
    "scored": True,
}
"""What a field says where nobody wrote it down."""
_MOMENTS = frozenset(("offset_minutes", "every_minutes"))


class Shape(StrEnum):
    """How a field is drawn."""

    TEXT = "text"
    TEXTS = "texts"
    LINKS = "links"
    CONDITION = "condition"
    LANGUAGES = "languages"
    GROUP = "group"
    ROWS = "rows"
    TABLE = "table"
    CHANGES = "changes"
    """A text, and which of its words another version lacks."""
    CHANGED_TEXTS = "changed_texts"
    """A list of texts, and which of them another version lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One labelled part of a definition."""

    name: str
    label: "StrOrPromise"
    shape: Shape
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Another definition."""

    kind: str
    code: str
    title: "StrOrPromise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of several things of the same sort, with a heading of its own."""

    heading: "StrOrPromise"
    level: int
    opens: bool
    """Whether meeting it opens the way."""
    fields: list[Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows with the same few columns."""

    heads: list["StrOrPromise"]
    rows: list[list[Field | None]]


def refs_in(document: object) -> Iterator[Ref]:
    """Every other definition that the content names."""
    if isinstance(document, list):
        for one in document:
            yield from refs_in(one)
    if not isinstance(document, dict):
        return
    for name, value in document.items():
        codes = value if isinstance(value, list) else [value]
        if name in _LINKS and all(isinstance(code, str) for code in codes):
            yield from ((_LINKS[name], code) for code in codes if code)
        else:
            yield from refs_in(value)


def title_words(name: Name | None, code: str) -> "StrOrPromise":
    """What a definition is called on this page; a title in another language is marked."""
    if name is None:
        return code
    return name.own_title or marked(name.title, "en")


class Fields:
    """Turns parts of content into fields, knowing what the definitions named there are called."""

    def __init__(self, names: Mapping[Ref, Name], reviewed: frozenset[str] = frozenset()) -> None:
        self._names = names
        self._reviewed = reviewed
        self._labels = {
            code: str(title_words(name, code))
            for (kind, code), name in names.items()
            if kind == "fact"
        }

    def field(self, name: str, value: Any, level: int = 3) -> Field | None:  # noqa: ANN401
        """The part with its label; None where it says nothing."""
        if _says_nothing(name, value):
            return None
        called = "kind" if name == "scope" and isinstance(value, str) else name
        shape, shown = self._shown(name, value, level)
        return Field(name=name, label=label_of(called), shape=shape, value=shown)

    def fields(self, content: Mapping[str, Any], level: int = 3) -> list[Field]:
        """Every part that says something, in an order of our own: the store keeps none."""
        names = sorted(content, key=place_of)
        found = (self.field(name, content[name], level) for name in names)
        return [field for field in found if field is not None]

    def link(self, kind: str, code: str) -> Link:
        """To another definition."""
        return Link(kind=kind, code=code, title=title_words(self._names.get((kind, code)), code))

    def _shown(self, name: str, value: Any, level: int) -> tuple[Shape, Any]:  # noqa: ANN401
        codes = value if isinstance(value, list) else [value]
        if name in _LINKS and all(isinstance(code, str) for code in codes):
            return Shape.LINKS, [self.link(_LINKS[name], code) for code in codes if code]
        if isinstance(value, dict):
            return self._of_mapping(name, value, level)
        if isinstance(value, list) and isinstance(value[0], dict):
            return self._of_rows(name, value, level)
        if isinstance(value, list):
            return Shape.TEXTS, [in_words(name, one) for one in value]
        moment = name in _MOMENTS
        return Shape.TEXT, moment_words(name, value) if moment else in_words(name, value)

    def _of_mapping(self, name: str, value: dict[str, Any], level: int) -> tuple[Shape, Any]:
        said = sayings(value, self._reviewed)
        if said is not None:
            return Shape.LANGUAGES, said
        tree = self._told(name, value)
        if tree is not None:
            return Shape.CONDITION, tree
        return Shape.GROUP, self.fields(value, level)

    def _of_rows(self, name: str, rows: list[dict[str, Any]], level: int) -> tuple[Shape, Any]:
        if name == "options" and [row.get("code") for row in rows] == _PLAIN_OPTIONS:
            return Shape.TEXTS, [in_words(name, code) for code in _PLAIN_OPTIONS]
        if name in _TABLES:
            return Shape.TABLE, self._table(rows)
        return Shape.ROWS, [self._row(row, level) for row in rows]

    def _told(self, name: str, value: dict[str, Any]) -> Told | None:
        condition = condition_in(value)
        if condition is not None:
            return _worded(told(condition, self._labels))
        return told_by_others(name, value)

    def _row(self, row: dict[str, Any], level: int) -> Row:
        name = next((name for name in _HEADINGS if row.get(name)), "")
        heading = self._heading(name, row.get(name, ""))
        in_many = isinstance(row.get(name), dict) and len(row[name]) > 1
        shown = {key: row[key] for key in row if key not in ("id", "gateway")}
        if not in_many:
            shown.pop(name, None)
        return Row(
            heading=heading,
            level=min(level, 6),
            opens=bool(row.get("gateway")),
            fields=self.fields(shown, level + 1),
        )

    def _heading(self, name: str, value: Any) -> "StrOrPromise":  # noqa: ANN401
        said = sayings(value, self._reviewed) if isinstance(value, dict) else None
        if said is None:
            return in_words(name, value)
        return _best(said)

    def _table(self, rows: list[dict[str, Any]]) -> Table:
        names = [
            name
            for name in sorted({name for row in rows for name in row}, key=place_of)
            if name != "id" and not all(_says_nothing(name, row.get(name)) for row in rows)
        ]
        return Table(
            heads=[label_of(name) for name in names],
            rows=[[self.field(name, row.get(name), 6) for name in names] for row in rows],
        )


def _best(said: list[Saying]) -> "StrOrPromise":
    """The words in the language of the page, or else in English, marked as what they are."""
    own = next((one for one in said if one.language == page_language()), None)
    shown = own or next((one for one in said if one.language == "en"), said[0])
    return marked(shown.text, shown.language)


def _says_nothing(name: str, value: object) -> bool:
    if value is False:
        return name not in _SAID_ALSO_WHEN_NOT
    if isinstance(value, dict) and value:
        return sayings(value) is None and all(_says_nothing(k, v) for k, v in value.items())
    return value is None or value in ("", [], {}) or _USUAL.get(name) == value


def _worded(tree: Told) -> Told:
    """The same tree with codes of values put into words."""
    parts = tuple(_worded(part) for part in tree.parts)
    if tree.shape is not Part.TEST:
        said = tuple(str(marked(text, "en")) for text in tree.values)
        return replace(tree, parts=parts, values=said)
    values = tree.values
    if tree.fact.endswith("jurisdiction"):
        values = tuple(f"{STATES[code]} ({code})" if code in STATES else code for code in values)
    return replace(tree, values=tuple(str(in_words("is", value)) for value in values))
