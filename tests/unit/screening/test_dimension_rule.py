"""The ILO/EC rule of 2009: two strong, or one strong and one other, or three medium, or two
medium and one weak."""

import json
from itertools import product
from pathlib import Path

import pytest

from screening.domain.rules import DimensionRule
from tests.unit.screening.examples import shipped

COMBINATIONS = list(product(range(7), range(7), range(6)))
VECTORS = json.loads(
    Path(__file__).with_name("ilo_dimension_rule_vectors.json").read_text(encoding="utf-8")
)["vectors"]
NAIVE_CUT_OFF = 4
"""Weights of 3, 2 and 1 as a strong and a weak sign first reach it together."""
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


def test_the_rule_gives_every_vector_of_the_source_material() -> None:
    assert len(VECTORS) == 30
    assert {one["positive"] for one in VECTORS} == {True, False}
    for one in VECTORS:
        assert _positive(one["strong"], one["medium"], one["weak"]) is one["positive"], one


def test_the_rule_equals_weights_of_ten_five_and_one_from_eleven_on() -> None:
    for strong, medium, weak in COMBINATIONS:
        assert _positive(strong, medium, weak) is (10 * strong + 5 * medium + weak >= 11)


def test_beyond_five_weak_signs_the_weights_fail_and_only_the_rule_itself_holds() -> None:
    for weak in range(6, 30):
        assert 5 * 1 + weak >= 11
        assert not _positive(0, 1, weak)
        assert not _positive(0, 0, weak)


def test_weights_of_three_two_and_one_fail_on_the_vectors() -> None:
    wrong = [
        one
        for one in VECTORS
        if (3 * one["strong"] + 2 * one["medium"] + one["weak"] >= NAIVE_CUT_OFF)
        is not one["positive"]
    ]
    assert wrong
    assert _positive(1, 0, 1)
    assert not _positive(0, 2, 0)
    assert 3 * 1 + 1 == 2 * 2 == NAIVE_CUT_OFF


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
