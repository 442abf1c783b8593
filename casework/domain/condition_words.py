"""A condition in words: the same tree, part by part, for a reader who reads no code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from casework.domain.conditions import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    FactTest,
    Impossible,
    Not,
    Unsettled,
    as_threshold,
)

_CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)


class Shape(StrEnum):
    """What a part of a condition says."""

    ALL = "all"
    ANY = "any"
    AT_LEAST = "at_least"
    NOT = "not"
    TEST = "test"
    UNSETTLED = "unsettled"
    IMPOSSIBLE = "impossible"
    SAID = "said"
    """In words of its own, as other kinds of condition are."""


class Comparison(StrEnum):
    """How a fact is held against values."""

    IS = "is"
    ONE_OF = "one_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BEFORE = "before"
    ON_OR_AFTER = "on_or_after"


_COMPARED = {
    Comparison.IS: "{}",
    Comparison.ONE_OF: "one of {}",
    Comparison.AT_LEAST: "at least {}",
    Comparison.AT_MOST: "at most {}",
    Comparison.BEFORE: "before {}",
    Comparison.ON_OR_AFTER: "on or after {}",
}
_LED_BY = {
    Shape.ALL: "all of these",
    Shape.ANY: "any of these",
    Shape.AT_LEAST: "at least {} of these",
    Shape.NOT: "not",
    Shape.UNSETTLED: "not settled: {}",
    Shape.IMPOSSIBLE: "never: {}",
    Shape.SAID: "{}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One part of a condition, ready to be shown in any language."""

    shape: Shape
    count: int = 0
    """How many of the parts must hold, where it is at least so many."""
    fact: str = ""
    label: str = ""
    """What the fact is called."""
    comparison: Comparison | None = None
    values: tuple[str, ...] = ()
    """With what the fact is compared, or why the part is not settled or can never be met."""
    parts: tuple["Told", ...] = ()

    @property
    def words(self) -> str:
        """The part in English, without the parts below it."""
        listed = ", ".join(self.values)
        if self.comparison is not None:
            return f"{self.label}: {_COMPARED[self.comparison].format(listed)}"
        return _LED_BY[self.shape].format(self.count or listed)


def told(condition: Condition, labels: Mapping[str, str]) -> Told:
    """The condition as a tree of words; a fact without a label is shown by its code.

    A group of one part is that part.
    """
    if isinstance(condition, AllOf | AnyOf | AtLeastOf):
        count, parts = as_threshold(condition)
        if len(parts) == 1:
            return told(parts[0], labels)
        return Told(
            shape=shape_of_group(count, len(parts)),
            count=count if 1 < count < len(parts) else 0,
            parts=tuple(told(part, labels) for part in parts),
        )
    if isinstance(condition, Not):
        return Told(shape=Shape.NOT, parts=(told(condition.part, labels),))
    if isinstance(condition, FactTest):
        comparison, values = compared(condition)
        return Told(
            shape=Shape.TEST,
            fact=condition.fact,
            label=labels.get(condition.fact, condition.fact),
            comparison=comparison,
            values=values,
        )
    return _stated(condition)


def _stated(condition: Unsettled | Impossible) -> Told:
    unsettled = isinstance(condition, Unsettled)
    shape = Shape.UNSETTLED if unsettled else Shape.IMPOSSIBLE
    return Told(shape=shape, values=(condition.said,))


def shape_of_group(count: int, of: int) -> Shape:
    """All, any, or at least so many of the parts."""
    if count == of:
        return Shape.ALL
    return Shape.ANY if count == 1 else Shape.AT_LEAST


def compared(test: FactTest) -> tuple[Comparison, tuple[str, ...]]:
    """How the test holds its fact against which values, those in plain words."""
    (written,) = set(test.model_dump(by_alias=True)) - {"fact"}
    return Comparison(written), tuple(plain(value) for value in test.mentioned())


def plain(value: object) -> str:
    """A value of a fact in plain words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def condition_in(document: Any) -> Condition | None:  # noqa: ANN401
    """The condition that a part of a stored definition is; None where it is something else."""
    if not isinstance(document, dict):
        return None
    try:
        return _CONDITION.validate_python(document)
    except ValidationError:
        return None
