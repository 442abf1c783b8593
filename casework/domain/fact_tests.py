"""The questions that a condition puts to one fact, and the values that facts have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeAlias

from pydantic import Field, StrictBool, StrictInt, StrictStr

from casework.domain.rule_versions import Definition
from casework.domain.ternary import Ternary

FactValue: TypeAlias = bool | int | str | date | tuple[str, ...]
Facts: TypeAlias = Mapping[str, FactValue]
"""What is known. A code that is absent is unknown, which is never the same as no."""


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
    stated: frozenset[str] = field(default_factory=frozenset)
    """What the definition itself says of the parts behind the value: why the law leaves them
    open, or can never be met."""


Evaluator: TypeAlias = Callable[[Facts], Evaluation]
"""A condition made ready to be held against known facts."""


class FactTest(Definition):
    """A question put to one fact.

    A known value of another type than the question expects does not answer it: the test stays
    unknown and the fact is asked anew (so true is not 1, and a text is no date). A fact with
    several values meets `is` and `one_of` when one of its values does.
    """

    fact: str = Field(pattern=r"^[a-z][a-z0-9_]*$")

    def answer(self, value: FactValue) -> Ternary:
        """What the known value says."""
        if type(value) in self._types:
            return Ternary.YES if self._met_by(value) else Ternary.NO
        if not isinstance(value, tuple) or not all(type(one) in self._types for one in value):
            return Ternary.UNKNOWN
        return Ternary.of(any(self._met_by(one) for one in value))

    @cached_property
    def evaluator(self) -> Evaluator:
        """The test on known facts; its three possible results are made once."""
        here, code, answer = frozenset({self.fact}), self.fact, self.answer
        results = {
            Ternary.YES: Evaluation(value=Ternary.YES, because=here),
            Ternary.NO: Evaluation(value=Ternary.NO, because=here),
            Ternary.UNKNOWN: Evaluation(value=Ternary.UNKNOWN, unknown=here),
        }
        unknown = results[Ternary.UNKNOWN]

        def test(facts: Facts) -> Evaluation:
            value = facts.get(code)
            return unknown if value is None else results[answer(value)]

        return test

    def mentioned(self) -> tuple[bool | int | str | date, ...]:
        """The values against which the fact is held."""
        raise NotImplementedError

    @cached_property
    def _types(self) -> frozenset[type]:
        return frozenset(type(one) for one in self.mentioned())

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
