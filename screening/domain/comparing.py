"""Whether one known answer meets one comparison."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from casework.domain.ternary import Ternary
from screening.domain.rules import Comparison, Operator, Scalar

AnswerValue: TypeAlias = bool | int | float | str | tuple[str, ...] | None


def compared(comparison: Comparison, value: AnswerValue) -> Ternary:
    """The comparison for a question that shows; `value` is None while no answer is known."""
    if comparison.op is Operator.ANSWERED:
        return Ternary.of((value is not None) in comparison.values)
    if value is None:
        return Ternary.UNKNOWN
    given = value if isinstance(value, tuple) else (value,)
    return Ternary.of(_TESTS[comparison.op](given, comparison.values))


def _one_of(given: tuple[Scalar, ...], wanted: tuple[Scalar, ...]) -> bool:
    return any(value in wanted for value in given)


def _none_of(given: tuple[Scalar, ...], wanted: tuple[Scalar, ...]) -> bool:
    return not _one_of(given, wanted)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[..., bool]:
    """Numbers, and dates written year first, in their natural order."""

    def test(given: tuple[Scalar, ...], wanted: tuple[Scalar, ...]) -> bool:
        return compare(given[0], wanted[0])

    return test


_TESTS: Mapping[Operator, Callable[[tuple[Scalar, ...], tuple[Scalar, ...]], bool]] = {
    Operator.EQUALS: _one_of,
    Operator.DIFFERS: _none_of,
    Operator.IN: _one_of,
    Operator.CONTAINS: _one_of,
    Operator.ABOVE: _ordered(operator.gt),
    Operator.AT_LEAST: _ordered(operator.ge),
    Operator.BELOW: _ordered(operator.lt),
    Operator.AT_MOST: _ordered(operator.le),
}
