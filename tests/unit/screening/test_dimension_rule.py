"""The ILO/EC rule of 2009: two strong, or one strong and one other, or three medium, or two
medium and one weak."""

from itertools import product

import pytest

from screening.domain.rules import DimensionRule
from tests.unit.screening.examples import shipped

COMBINATIONS = list(product(range(7), range(7), range(6)))
LISTS = ["ilo-ec-delphi-2009-labour-adult", "ilo-ec-delphi-2009-labour-child"]


def _rule(instrument_id: str = LISTS[0]) -> DimensionRule:
    rule = shipped(instrument_id).scoring.dimension_rule
    assert rule is not None
    return rule


def _positive(strong: int, medium: int, weak: int) -> bool:
    return _rule().met_by(strong=strong, medium=medium, weak=weak)


@pytest.mark.parametrize(
    ("strong", "medium", "weak", "positive"),
    [
        (0, 0, 0, False),
        (0, 0, 5, False),
        (0, 1, 0, False),
        (0, 1, 5, False),
        (0, 2, 0, False),
        (0, 2, 1, True),
        (0, 3, 0, True),
        (1, 0, 0, False),
        (1, 0, 1, True),
        (1, 1, 0, True),
        (2, 0, 0, True),
        (6, 6, 5, True),
    ],
)
def test_the_rule_at_its_edges(strong: int, medium: int, weak: int, positive: bool) -> None:
    assert _positive(strong, medium, weak) is positive


def test_the_rule_equals_weights_of_ten_five_and_one_from_eleven_on() -> None:
    for strong, medium, weak in COMBINATIONS:
        assert _positive(strong, medium, weak) is (10 * strong + 5 * medium + weak >= 11)


def test_no_cut_off_on_weights_of_three_two_and_one_equals_the_rule() -> None:
    for cut_off in range(1, 40):
        assert any(
            _positive(strong, medium, weak) is not (3 * strong + 2 * medium + weak >= cut_off)
            for strong, medium, weak in COMBINATIONS
        )


def test_one_sign_more_never_makes_a_dimension_negative() -> None:
    for strong, medium, weak in COMBINATIONS:
        if _positive(strong, medium, weak):
            assert _positive(strong + 1, medium, weak)
            assert _positive(strong, medium + 1, weak)
            assert _positive(strong, medium, weak + 1)


def test_both_lists_carry_the_same_rule() -> None:
    assert _rule(LISTS[0]) == _rule(LISTS[1])
