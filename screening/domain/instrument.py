"""A screening instrument as data: parsed and checked once, then never changed."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, LiteralString, TypeAlias

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from casework.domain.errors import FieldProblem, SeedError
from casework.domain.findings import Element
from casework.domain.rule_versions import Certainty, Definition
from screening.domain.accuracy import Accuracy
from screening.domain.definition import Identifier, LanguageTag, NotEmpty, ReportRow, Text, Words
from screening.domain.instrument_checks import idle_parts
from screening.domain.items import NUMBERS, Item, ItemType, Required
from screening.domain.rules import (
    Comparison,
    Condition,
    Operator,
    Scoring,
    comparisons,
    sections_named,
)


class Status(StrEnum):
    """How far a version has come; only an active one has its wording checked."""

    STUB = "stub"
    """Its wording needs the authors' permission and is not here; it can never be begun."""
    DRAFT_TRANSCRIPTION = "draft-transcription"
    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


_ORDERED = frozenset((Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST))
_ORDERED_TYPES = NUMBERS | {ItemType.DATE}

Contradiction: TypeAlias = tuple[LiteralString, str, str]
"""What is wrong: a code, a JSON pointer inside the instrument, and a sentence."""


class Section(Definition):
    """Questions that belong together, shown together."""

    id: Identifier
    title: Text
    guidance: Text | None = None
    palermo: Element | None = None
    phase: str = ""
    show_when: Condition | None = None
    items: tuple[Item, ...]


class PermissionGranted(Definition):
    """That the holder of the rights allowed the use: who, on which day, and where it is kept."""

    by: Words
    on: date
    reference: Words


class Source(Definition):
    """Where the instrument comes from and on what terms it may be used."""

    citation: Words
    licence: Words
    permission: Words
    permission_granted: PermissionGranted | None = None
    """Without it the wording of a stub cannot be filled in."""
    transcription: str = ""
    validation: str = ""
    accuracy: tuple[Accuracy, ...] = ()
    """What studies found; the words on it are in `validation`."""

    @property
    def figures(self) -> tuple[str, ...]:
        """What every study found, in whole sentences for a page."""
        return tuple(line for study in self.accuracy for line in study.shown())


class AskedOf(Definition):
    """Whom the instrument was made for; ages in whole years, both ends included."""

    min_age: int | None = None
    max_age: int | None = None
    setting: tuple[str, ...] = ()


class Instrument(Definition):
    """One version of one instrument. A screening stays with the version it was begun with."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)
    version: Words
    status: Status
    title: Text
    source: Source
    population: AskedOf = AskedOf()
    administration: str
    languages: Annotated[tuple[LanguageTag, ...], NotEmpty]
    before_first_question: Text
    sections: Annotated[tuple[Section, ...], NotEmpty]
    scoring: Scoring
    disclaimer: Text
    law_sources: tuple[str, ...] = ()
    """Ids of the documents that the row rests on."""
    report_rows: tuple[ReportRow, ...] = ()
    certainty: Certainty
    reviewed: bool = False
    translations_reviewed: tuple[LanguageTag, ...] = ()
    """The languages whose words a person who speaks them has read and confirmed."""
    in_force_from: date | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> "Instrument":
        for code, where, said in self._contradictions():
            raise PydanticCustomError(code, "{where}: {said}", {"where": where, "said": said})
        return self

    @cached_property
    def items_by_id(self) -> Mapping[str, Item]:
        """Every question by its id, in the order of asking."""
        return {item.id: item for section in self.sections for item in section.items}

    @cached_property
    def conditions(self) -> Mapping[str, tuple[Condition, ...]]:
        """For every question the conditions, its section's included, that must all hold."""
        return {
            item.id: tuple(c for c in (section.show_when, item.show_when) if c is not None)
            for section in self.sections
            for item in section.items
        }

    @cached_property
    def gates(self) -> frozenset[str]:
        """The questions on whose answers it depends whether another one shows."""
        return frozenset(
            comparison.item
            for conditions in self.conditions.values()
            for condition in conditions
            for comparison in comparisons(condition)
        )

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every question after those that decide whether it shows."""
        return tuple(TopologicalSorter(self._graph()).static_order())

    def with_figures_of(self, stub: "Instrument") -> "Instrument":
        """The same with what studies found of the stub, whose wording it brings.

        Nobody who adds the wording can leave out how often a positive result is wrong.
        """
        own, shared = self.source, stub.source
        figures = {
            "accuracy": tuple(dict.fromkeys((*shared.accuracy, *own.accuracy))),
            "validation": own.validation or shared.validation,
        }
        return self.model_copy(update={"source": own.model_copy(update=figures)})

    def section_of(self, item_id: str) -> Section:
        """The section a question stands in. Raises KeyError for an unknown id."""
        return self._sections_by_item[item_id]

    def counts(self, item: Item) -> bool:
        """Whether the result is incomplete while this question shows and has no answer."""
        matters = item.can_be_positive or item.required is not Required.NEVER
        return item.scored and (matters or item.id in self.gates)

    def check_against(self, indicator_codes: Collection[str]) -> None:
        """Refuse indicators that the shared vocabulary does not hold.

        Raises SeedError with one problem for each unknown code.
        """
        problems = tuple(
            FieldProblem(
                pointer=f"{where}/indicators",
                code="unknown_indicator",
                detail=f"question {item.id} names the unknown indicator {code}",
            )
            for where, item in self._items_with_pointers()
            for code in item.signs_named
            if code not in indicator_codes
        )
        if problems:
            raise SeedError(problems[0].detail, problems=problems)

    @cached_property
    def _sections_by_item(self) -> Mapping[str, Section]:
        return {item.id: section for section in self.sections for item in section.items}

    def _graph(self) -> dict[str, set[str]]:
        return {
            item_id: {c.item for condition in conditions for c in comparisons(condition)}
            for item_id, conditions in self.conditions.items()
        }

    def _items_with_pointers(self) -> Iterator[tuple[str, Item]]:
        for at, section in enumerate(self.sections):
            for within, item in enumerate(section.items):
                yield f"/sections/{at}/items/{within}", item

    def _conditions_with_pointers(self) -> Iterator[tuple[str, Condition]]:
        for at, section in enumerate(self.sections):
            if section.show_when is not None:
                yield f"/sections/{at}/show_when", section.show_when
        for where, item in self._items_with_pointers():
            if item.show_when is not None:
                yield f"{where}/show_when", item.show_when

    def _contradictions(self) -> Iterator[Contradiction]:
        """What does not hang together, first things first; later checks rely on earlier ones."""
        yield from self._repeated_ids()
        yield from self._impossible_conditions()
        yield from self._cycles()
        yield from self._unknown_sections()
        yield from self._idle_parts()

    def _repeated_ids(self) -> Iterator[Contradiction]:
        seen: set[str] = set()
        for at, section in enumerate(self.sections):
            if section.id in seen:
                yield "duplicate_section", f"/sections/{at}/id", f"{section.id} is used twice"
            seen.add(section.id)
        seen.clear()
        for where, item in self._items_with_pointers():
            if item.id in seen:
                yield "duplicate_item", f"{where}/id", f"{item.id} is used twice"
            seen.add(item.id)

    def _impossible_conditions(self) -> Iterator[Contradiction]:
        for where, condition in self._conditions_with_pointers():
            for comparison in comparisons(condition):
                item = self.items_by_id.get(comparison.item)
                if item is None:
                    yield "unknown_item", where, f"there is no question {comparison.item}"
                elif not _can_be_met(comparison, item):
                    yield "impossible_condition", where, f"no answer to {item.id} can ever meet it"

    def _cycles(self) -> Iterator[Contradiction]:
        try:
            _ = self.order
        except CycleError as error:
            circle = " → ".join(error.args[1])
            yield (
                "visibility_cycle",
                "/sections",
                f"questions show each other in a circle: {circle}",
            )

    def _unknown_sections(self) -> Iterator[Contradiction]:
        known = {section.id for section in self.sections}
        for at, rule in enumerate(self.scoring.outcome_rules):
            for name in sections_named(rule.when):
                if name not in known:
                    where = f"/scoring/outcome_rules/{at}/when"
                    yield "unknown_section", where, f"there is no section {name}"

    def _idle_parts(self) -> Iterator[Contradiction]:
        places = {item.id: where for where, item in self._items_with_pointers()}
        found = idle_parts(self.items_by_id, self.conditions, self.order, self.gates)
        for item_id, (code, field, said) in found:
            yield code, f"{places[item_id]}/{field}", said


def _can_be_met(comparison: Comparison, item: Item) -> bool:
    """Whether the values compared with are of the kind that answers to the question have."""
    values = comparison.values
    if comparison.op is Operator.ANSWERED:
        return item.type is not ItemType.INFO and all(isinstance(v, bool) for v in values)
    if comparison.op in _ORDERED:
        return len(values) == 1 and item.type in _ORDERED_TYPES and _fits(values[0], item)
    return bool(values) and all(_fits(value, item) for value in values)


def _fits(value: object, item: Item) -> bool:
    if item.type is ItemType.BOOLEAN:
        return isinstance(value, bool)
    if item.type in NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if item.options:
        return value in item.answer_codes
    return isinstance(value, str) and item.type is not ItemType.INFO
