"""Kleene's three truth values: yes, no, and the honest third one, unknown."""

from collections.abc import Iterable
from enum import StrEnum


class Ternary(StrEnum):
    """A truth value in which unknown is a value of its own and never stands for no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __invert__(self) -> "Ternary":
        """Kleene negation: unknown stays unknown."""
        return _NEGATION[self]

    @classmethod
    def of(cls, value: bool | None) -> "Ternary":  # noqa: FBT001 - the truth value itself
        """True, False or None (nothing known) as a ternary value."""
        if value is None:
            return cls.UNKNOWN
        return cls.YES if value else cls.NO


_NEGATION = {
    Ternary.YES: Ternary.NO,
    Ternary.NO: Ternary.YES,
    Ternary.UNKNOWN: Ternary.UNKNOWN,
}


def all_of(values: Iterable[Ternary]) -> Ternary:
    """Kleene conjunction: one no decides; otherwise one unknown leaves it open."""
    seen = set(values)
    if Ternary.NO in seen:
        return Ternary.NO
    return Ternary.UNKNOWN if Ternary.UNKNOWN in seen else Ternary.YES


def any_of(values: Iterable[Ternary]) -> Ternary:
    """Kleene disjunction: one yes decides; otherwise one unknown leaves it open."""
    return ~all_of(~value for value in values)


def at_least(count: int, values: Iterable[Ternary]) -> Ternary:
    """Whether at least `count` of the values are yes, as far as is known."""
    seen = list(values)
    certain = seen.count(Ternary.YES)
    if certain >= count:
        return Ternary.YES
    return Ternary.UNKNOWN if certain + seen.count(Ternary.UNKNOWN) >= count else Ternary.NO
