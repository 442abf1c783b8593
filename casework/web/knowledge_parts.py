"""Definitions as lists and heads of pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from casework.models import Definition
from casework.services.definitions import holds, name_of
from casework.web.knowledge_fields import Field, Fields, Link, title_words
from casework.web.knowledge_labels import kind_words, kinds_words
from casework.web.knowledge_layout import Layout
from casework.web.knowledge_values import place_words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One version of one definition in a list, or in the head of its page."""

    row: Definition
    title: "StrOrPromise"
    kind: "StrOrPromise"
    place: "StrOrPromise"
    holds: bool
    """Whether it is in force on the day of the page."""

    @property
    def named(self) -> str:
        """The digest, short enough to be read out."""
        return self.row.digest[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Parts of a definition under one title."""

    title: "StrOrPromise"
    anchor: str
    fields: list[Field]
    alone: bool
    """Whether its title already says what its only part is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfKind:
    """Definitions of one kind."""

    kind: str
    title: "StrOrPromise"
    rows: list[Shown]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One demand of the report, and what carries it."""

    one: Shown
    text: str
    carried: list[OfKind]


def shown(row: Definition) -> Shown:
    """A row as `definitions.described` gives it, for a template."""
    jurisdiction = vars(row).get("jurisdiction")
    return Shown(
        row=row,
        title=title_words(name_of(row), row.code),
        kind=kind_words(row.kind),
        place=place_words(jurisdiction) if jurisdiction else "",
        holds=holds(row),
    )


def sections_of(layout: Layout, content: Mapping[str, Any], fields: Fields) -> list[Section]:
    """The sections that have something to say."""
    found = []
    for number, (title, names) in enumerate(layout, start=1):
        said = [fields.field(name, content[name]) for name in names if name in content]
        parts = [field for field in said if field is not None]
        if parts:
            found.append(
                Section(title=title, anchor=f"part-{number}", fields=parts, alone=len(names) == 1)
            )
    return found


def links_to(name: str, content: Mapping[str, Any], fields: Fields) -> list[Link]:
    """The definitions that the content names under that name."""
    field = fields.field(name, content.get(name))
    return field.value if field else []


def grouped(rows: Iterable[Definition]) -> list[OfKind]:
    """The rows, which come sorted by kind, kind by kind."""
    return [
        OfKind(kind=kind, title=kinds_words(kind), rows=[shown(row) for row in some])
        for kind, some in groupby(rows, key=lambda row: row.kind)
    ]
