"""Conditions over facts, in three-valued logic: what holds, because of what, what is missing.

A condition is written as data, in one of these shapes:

    all: [..]    any: [..]    not: {..}    at_least: {count: 2, of: [..]}
    fact: code, with one of    is: value    one_of: [..]    at_least: n    at_most: n
                               before: date    on_or_after: date
    unsettled: why the sources do not settle it (always unknown)
    impossible: why it can never hold (always no)
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Self, TypeAlias

from pydantic import BaseModel, Discriminator, Field, StrictInt, Tag, model_validator

from casework.domain.fact_tests import (
    Evaluation,
    Evaluator,
    FactAtLeast,
    FactAtMost,
    FactBefore,
    FactIs,
    FactOneOf,
    FactOnOrAfter,
    Facts,
    FactTest,
    FactValue,
)
from casework.domain.rule_versions import Definition
from casework.domain.ternary import Ternary

__all__ = [
    "AllOf",
    "AnyOf",
    "AtLeastOf",
    "Condition",
    "Evaluation",
    "FactIs",
    "FactTest",
    "FactValue",
    "Facts",
    "Impossible",
    "Not",
    "Stated",
    "Threshold",
    "Unsettled",
    "as_threshold",
    "evaluate",
    "fact_codes",
    "fact_tests",
]


class Stated(Definition):
    """A part whose value the definition itself states, whatever is known of the case."""

    @property
    def value(self) -> Ternary:
        """Unknown, or no."""
        raise NotImplementedError

    @property
    def said(self) -> str:
        """Why, in words for the reader."""
        raise NotImplementedError

    @cached_property
    def evaluator(self) -> Evaluator:
        """Always the same result."""
        result = Evaluation(value=self.value, stated=frozenset({self.said}))
        return lambda _facts: result


class Unsettled(Stated):
    """Our sources leave the law open here: no answer of the person can settle it."""

    unsettled: str = Field(min_length=1)

    @property
    def value(self) -> Ternary:
        return Ternary.UNKNOWN

    @property
    def said(self) -> str:
        return self.unsettled


class Impossible(Stated):
    """The law is known not to give this, whatever the facts."""

    impossible: str = Field(min_length=1)

    @property
    def value(self) -> Ternary:
        return Ternary.NO

    @property
    def said(self) -> str:
        return self.impossible


class _Group(Definition):
    """Several parts of which a number has to hold."""

    @property
    def counted(self) -> "tuple[int, tuple[Condition, ...]]":
        """How many must hold, and the parts."""
        raise NotImplementedError

    @cached_property
    def evaluator(self) -> Evaluator:
        """All parts are always looked at, because every part may be a reason."""
        count, parts = self.counted
        ready = tuple(part.evaluator for part in parts)
        most_no = len(ready) - count

        def group(facts: Facts) -> Evaluation:
            found = [test(facts) for test in ready]
            values = [one.value for one in found]
            if values.count(Ternary.YES) >= count:
                return _merged(Ternary.YES, found)
            if values.count(Ternary.NO) > most_no:
                return _merged(Ternary.NO, found)
            return _merged(Ternary.UNKNOWN, found)

        return group


class AllOf(_Group):
    """Every part holds."""

    parts: tuple["Condition", ...] = Field(alias="all", min_length=1)

    @property
    def counted(self) -> "tuple[int, tuple[Condition, ...]]":
        return len(self.parts), self.parts


class AnyOf(_Group):
    """At least one part holds."""

    parts: tuple["Condition", ...] = Field(alias="any", min_length=1)

    @property
    def counted(self) -> "tuple[int, tuple[Condition, ...]]":
        return 1, self.parts


class Not(Definition):
    """The part does not hold; of an unknown part this is unknown too."""

    part: "Condition" = Field(alias="not")

    @cached_property
    def evaluator(self) -> Evaluator:
        """The part, turned round; the reasons stay."""
        inner = self.part.evaluator

        def turned(facts: Facts) -> Evaluation:
            found = inner(facts)
            return Evaluation(
                value=~found.value,
                because=found.because,
                unknown=found.unknown,
                stated=found.stated,
            )

        return turned


class Threshold(Definition):
    """How many of which parts."""

    count: StrictInt = Field(ge=1)
    of: tuple["Condition", ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.count > len(self.of):
            raise ValueError(f"{self.count} of {len(self.of)} parts can never hold")
        return self


class AtLeastOf(_Group):
    """A number of the parts holds."""

    threshold: Threshold = Field(alias="at_least")

    @property
    def counted(self) -> "tuple[int, tuple[Condition, ...]]":
        return self.threshold.count, self.threshold.of


_SHAPES = {
    frozenset({"all"}): "AllOf",
    frozenset({"any"}): "AnyOf",
    frozenset({"not"}): "Not",
    frozenset({"at_least"}): "AtLeastOf",
    frozenset({"unsettled"}): "Unsettled",
    frozenset({"impossible"}): "Impossible",
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
    | Annotated[Unsettled, Tag("Unsettled")]
    | Annotated[Impossible, Tag("Impossible")]
    | Annotated[FactIs, Tag("FactIs")]
    | Annotated[FactOneOf, Tag("FactOneOf")]
    | Annotated[FactAtLeast, Tag("FactAtLeast")]
    | Annotated[FactAtMost, Tag("FactAtMost")]
    | Annotated[FactBefore, Tag("FactBefore")]
    | Annotated[FactOnOrAfter, Tag("FactOnOrAfter")],
    Discriminator(
        _shape_of,
        custom_error_type="condition_shape",
        custom_error_message="a condition is {all}, {any}, {not}, {at_least: {count, of}}, "
        "{unsettled}, {impossible}, or {fact} with one of is, one_of, at_least, at_most, before, "
        "on_or_after",
    ),
]

for _model in (AllOf, AnyOf, Not, Threshold, AtLeastOf):
    _model.model_rebuild()


def evaluate(condition: Condition, facts: Facts) -> Evaluation:
    """The condition on the facts known, in Kleene's logic: more facts never change a yes or no."""
    return condition.evaluator(facts)


def fact_codes(condition: Condition) -> frozenset[str]:
    """Every fact that the condition asks about."""
    return frozenset(test.fact for test in fact_tests(condition))


def fact_tests(condition: Condition) -> Iterable[FactTest]:
    """Every test of one fact in the condition, in the order written."""
    if isinstance(condition, FactTest):
        yield condition
    elif isinstance(condition, Not):
        yield from fact_tests(condition.part)
    elif isinstance(condition, _Group):
        for part in condition.counted[1]:
            yield from fact_tests(part)


def as_threshold(group: AllOf | AnyOf | AtLeastOf) -> tuple[int, tuple[Condition, ...]]:
    """All, any and at least N are one thing: how many of the parts must hold, and the parts."""
    return group.counted


def _merged(value: Ternary, found: Sequence[Evaluation]) -> Evaluation:
    """The parts that came to the value: every one of them is a reason, and no other part."""
    alike = [one for one in found if one.value is value]
    if len(alike) == 1:
        return alike[0]
    none = frozenset[str]()
    return Evaluation(
        value=value,
        because=none.union(*[one.because for one in alike]),
        unknown=none.union(*[one.unknown for one in alike]),
        stated=none.union(*[one.stated for one in alike]),
    )
