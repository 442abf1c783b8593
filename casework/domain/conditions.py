"""Conditions over facts, in three-valued logic: what holds, because of what, what is missing.

A condition is written as data, in one of these shapes:

    all: [..]    any: [..]    not: {..}    at_least: {count: 2, of: [..]}
    fact: code, with one of    is: value    one_of: [..]    at_least: n    at_most: n
                               before: date    on_or_after: date
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Self, TypeAlias

from pydantic import (
    BaseModel,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
    model_validator,
)

from casework.domain.rule_versions import Definition
from casework.domain.ternary import Ternary, at_least

FactValue: TypeAlias = bool | int | str | date | tuple[str, ...]
Facts: TypeAlias = Mapping[str, FactValue]
"""What is known. A code that is absent is unknown, which is never the same as no."""


class FactTest(Definition):
    """A question put to one fact.

    A known value of another type than the question expects does not answer it: the test stays
    unknown and the fact is asked anew (so true is not 1, and a text is no date). A fact with
    several values meets `is` and `one_of` when one of its values does.
    """

    fact: str = Field(pattern=r"^[a-z][a-z0-9_]*$")

    def answer(self, value: FactValue) -> Ternary:
        """What the known value says."""
        single = value if isinstance(value, tuple) else (value,)
        if not all(type(one) in {type(mine) for mine in self.mentioned()} for one in single):
            return Ternary.UNKNOWN
        return Ternary.of(any(self._met_by(one) for one in single))

    def mentioned(self) -> tuple[bool | int | str | date, ...]:
        """The values against which the fact is held."""
        raise NotImplementedError

    def _met_by(self, value: FactValue) -> bool:
        raise NotImplementedError


class FactIs(FactTest):
    """The fact has exactly this value. For dates use `before` and `on_or_after`."""

    expected: StrictBool | StrictInt | StrictStr = Field(alias="is")

    def mentioned(self) -> tuple[bool | int | str | date, ...]:
        return (self.expected,)

    def _met_by(self, value: FactValue) -> bool:
        return value == self.expected


class FactOneOf(FactTest):
    """The fact has one of these values."""

    options: tuple[StrictInt | StrictStr, ...] = Field(alias="one_of", min_length=1)

    def mentioned(self) -> tuple[bool | int | str | date, ...]:
        return self.options

    def _met_by(self, value: FactValue) -> bool:
        return value in self.options


class FactAtLeast(FactTest):
    """The number is this or more."""

    least: StrictInt = Field(alias="at_least")

    def mentioned(self) -> tuple[bool | int | str | date, ...]:
        return (self.least,)

    def _met_by(self, value: FactValue) -> bool:
        return isinstance(value, int) and value >= self.least


class FactAtMost(FactTest):
    """The number is this or less."""

    most: StrictInt = Field(alias="at_most")

    def mentioned(self) -> tuple[bool | int | str | date, ...]:
        return (self.most,)

    def _met_by(self, value: FactValue) -> bool:
        return isinstance(value, int) and value <= self.most


class FactBefore(FactTest):
    """The day lies before this one."""

    day: date = Field(alias="before")

    def mentioned(self) -> tuple[bool | int | str | date, ...]:
        return (self.day,)

    def _met_by(self, value: FactValue) -> bool:
        return isinstance(value, date) and value < self.day


class FactOnOrAfter(FactTest):
    """The day is this one or a later one."""

    day: date = Field(alias="on_or_after")

    def mentioned(self) -> tuple[bool | int | str | date, ...]:
        return (self.day,)

    def _met_by(self, value: FactValue) -> bool:
        return isinstance(value, date) and value >= self.day


class AllOf(Definition):
    """Every part holds."""

    parts: tuple["Condition", ...] = Field(alias="all", min_length=1)


class AnyOf(Definition):
    """At least one part holds."""

    parts: tuple["Condition", ...] = Field(alias="any", min_length=1)


class Not(Definition):
    """The part does not hold; of an unknown part this is unknown too."""

    part: "Condition" = Field(alias="not")


class Threshold(Definition):
    """How many of which parts."""

    count: StrictInt = Field(ge=1)
    of: tuple["Condition", ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.count > len(self.of):
            raise ValueError(f"{self.count} of {len(self.of)} parts can never hold")
        return self


class AtLeastOf(Definition):
    """A number of the parts holds."""

    threshold: Threshold = Field(alias="at_least")


_SHAPES = {
    frozenset({"all"}): "AllOf",
    frozenset({"any"}): "AnyOf",
    frozenset({"not"}): "Not",
    frozenset({"at_least"}): "AtLeastOf",
    frozenset({"fact", "is"}): "FactIs",
    frozenset({"fact", "one_of"}): "FactOneOf",
    frozenset({"fact", "at_least"}): "FactAtLeast",
    frozenset({"fact", "at_most"}): "FactAtMost",
    frozenset({"fact", "before"}): "FactBefore",
    frozenset({"fact", "on_or_after"}): "FactOnOrAfter",
}


def _shape_of(written: object) -> str | None:
    """The name of the class that a written condition, or one already parsed, belongs to."""
    if isinstance(written, BaseModel):
        return type(written).__name__
    return _SHAPES.get(frozenset(written)) if isinstance(written, Mapping) else None


Condition: TypeAlias = Annotated[
    Annotated[AllOf, Tag("AllOf")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[Not, Tag("Not")]
    | Annotated[AtLeastOf, Tag("AtLeastOf")]
    | Annotated[FactIs, Tag("FactIs")]
    | Annotated[FactOneOf, Tag("FactOneOf")]
    | Annotated[FactAtLeast, Tag("FactAtLeast")]
    | Annotated[FactAtMost, Tag("FactAtMost")]
    | Annotated[FactBefore, Tag("FactBefore")]
    | Annotated[FactOnOrAfter, Tag("FactOnOrAfter")],
    Discriminator(
        _shape_of,
        custom_error_type="condition_shape",
        custom_error_message="a condition is {all}, {any}, {not}, {at_least: {count, of}}, or "
        "{fact} with one of is, one_of, at_least, at_most, before, on_or_after",
    ),
]

for _model in (AllOf, AnyOf, Not, Threshold, AtLeastOf):
    _model.model_rebuild()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a condition comes to on the facts known."""

    value: Ternary
    because: frozenset[str] = field(default_factory=frozenset)
    """The known facts a yes or a no rests on: every part that made it so, and no other part.

    Empty for unknown, which rests on what is missing.
    """
    unknown: frozenset[str] = field(default_factory=frozenset)
    """The unknown facts in the parts that are still open; empty once the value is settled."""


def evaluate(condition: Condition, facts: Facts) -> Evaluation:
    """The condition on the facts known, in Kleene's logic: more facts never change a yes or no."""
    if isinstance(condition, FactTest):
        return _tested(condition, facts)
    if isinstance(condition, Not):
        inner = evaluate(condition.part, facts)
        return Evaluation(value=~inner.value, because=inner.because, unknown=inner.unknown)
    count, parts = as_threshold(condition)
    return _counted(count, [evaluate(part, facts) for part in parts])


def fact_codes(condition: Condition) -> frozenset[str]:
    """Every fact that the condition asks about."""
    return frozenset(test.fact for test in fact_tests(condition))


def fact_tests(condition: Condition) -> Iterable[FactTest]:
    """Every test of one fact in the condition, in the order written."""
    if isinstance(condition, FactTest):
        yield condition
    elif isinstance(condition, Not):
        yield from fact_tests(condition.part)
    else:
        for part in as_threshold(condition)[1]:
            yield from fact_tests(part)


def as_threshold(group: AllOf | AnyOf | AtLeastOf) -> tuple[int, tuple[Condition, ...]]:
    """All, any and at least N are one thing: how many of the parts must hold, and the parts."""
    if isinstance(group, AllOf):
        return len(group.parts), group.parts
    if isinstance(group, AnyOf):
        return 1, group.parts
    return group.threshold.count, group.threshold.of


def _tested(test: FactTest, facts: Facts) -> Evaluation:
    value = test.answer(facts[test.fact]) if test.fact in facts else Ternary.UNKNOWN
    here = frozenset({test.fact})
    if value is Ternary.UNKNOWN:
        return Evaluation(value=value, unknown=here)
    return Evaluation(value=value, because=here)


def _counted(count: int, parts: Sequence[Evaluation]) -> Evaluation:
    value = at_least(count, (part.value for part in parts))
    alike = [part for part in parts if part.value is value]
    because = frozenset[str]().union(*(part.because for part in alike))
    unknown = frozenset[str]().union(*(part.unknown for part in alike))
    return Evaluation(value=value, because=because, unknown=unknown)
