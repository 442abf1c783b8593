"""A child from Mexico or Canada is cleared only when every criterion is affirmatively met (¶47)."""

from itertools import product

import pytest

from casework.domain.facts import Standing
from casework.domain.ternary import Ternary
from screening.domain.scoring import Score, score
from screening.domain.visibility import AnswerValue
from tests.unit.screening.examples import said, shipped

GATE = shipped("us-tvpra-contiguous-child-screen")
SILENT = [s for s in Standing if s is not Standing.KNOWN]
CLEAR: dict[str, Standing | AnswerValue] = {
    "c1": "no",
    "c2": "no",
    "c3": "no",
    "c4": "yes",
    "c4_age": False,
    "rationale": "Asked alone with an interpreter; each answer is noted.",
    "hours": 20,
}


def _score(**changes: Standing | AnswerValue) -> Score:
    return score(GATE, said(**(CLEAR | changes)), Ternary.YES)


def test_it_clears_when_everything_is_settled_the_right_way() -> None:
    result = _score()
    assert result.outcome == "criteria_met"
    assert result.because == result.unassessed == ()


@pytest.mark.parametrize("silence", SILENT)
@pytest.mark.parametrize("item", sorted(CLEAR))
def test_it_never_clears_over_anything_unknown_and_says_what(item: str, silence: Standing) -> None:
    result = _score(**{item: silence})
    assert result.outcome == "transfer_hhs"
    assert result.unassessed == (item,)
    assert GATE.items_by_id[item].text.get("en") in result.label


@pytest.mark.parametrize("item", sorted(CLEAR))
def test_it_never_clears_over_anything_unanswered(item: str) -> None:
    answers = said(**{key: value for key, value in CLEAR.items() if key != item})
    assert score(GATE, answers, Ternary.YES).outcome == "transfer_hhs"


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("c1", "yes"),
        ("c2", "yes"),
        ("c3", "yes"),
        ("c4", "no"),
        ("c4_age", True),
        ("hours", 48.5),
    ],
)
def test_one_criterion_against_is_enough(item: str, value: AnswerValue) -> None:
    result = _score(**{item: value})
    assert result.outcome == "transfer_hhs"
    assert result.because == (item,)
    assert "Because of: " in result.label


def test_the_label_gives_the_answer_where_it_is_a_no_that_matters() -> None:
    assert "independent decision to withdraw [No]" in _score(c4="no").label
    assert "[Yes]" in _score(c4_age=True).label


def test_a_blank_rationale_is_none() -> None:
    assert _score(rationale=" \n").outcome == "transfer_hhs"


def test_exactly_48_hours_is_still_in_time() -> None:
    assert _score(hours=48).outcome == "criteria_met"


def test_of_all_combinations_only_one_clears() -> None:
    cleared = [
        four
        for four in product(["yes", "no", *SILENT], repeat=4)
        if _score(**dict(zip(("c1", "c2", "c3", "c4"), four, strict=True))).outcome
        == "criteria_met"
    ]
    assert cleared == [("no", "no", "no", "yes")]


@pytest.mark.parametrize("age", list(Ternary))
def test_age_makes_no_difference_to_the_gate(age: Ternary) -> None:
    assert score(GATE, said(**(CLEAR | {"c2": Standing.DECLINED})), age).outcome == "transfer_hhs"
