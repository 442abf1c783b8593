"""Kleene's three values."""

from itertools import product

import pytest

from casework.domain.ternary import Ternary, all_of, any_of, at_least

YES, NO, UNKNOWN = Ternary.YES, Ternary.NO, Ternary.UNKNOWN
PAIRS = list(product(Ternary, repeat=2))


@pytest.mark.parametrize(("value", "expected"), [(True, YES), (False, NO), (None, UNKNOWN)])
def test_nothing_known_is_unknown_and_not_no(value: bool | None, expected: Ternary) -> None:
    assert Ternary.of(value) is expected


@pytest.mark.parametrize(("value", "expected"), [(YES, NO), (NO, YES), (UNKNOWN, UNKNOWN)])
def test_the_opposite_of_unknown_is_unknown(value: Ternary, expected: Ternary) -> None:
    assert ~value is expected


@pytest.mark.parametrize("pair", PAIRS)
def test_all_and_any_are_the_ends_of_at_least(pair: tuple[Ternary, Ternary]) -> None:
    assert all_of(pair) is at_least(2, pair)
    assert any_of(pair) is at_least(1, pair)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((YES, YES, NO), YES),
        ((YES, UNKNOWN, NO), UNKNOWN),
        ((YES, NO, NO), NO),
        ((UNKNOWN, UNKNOWN, NO), UNKNOWN),
        ((UNKNOWN, NO, NO), NO),
    ],
)
def test_at_least_two_of_three(values: tuple[Ternary, ...], expected: Ternary) -> None:
    assert at_least(2, values) is expected
