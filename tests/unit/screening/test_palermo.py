"""Article 3 of the UN Protocol: act, means and purpose; for a child no means."""

import pytest

from casework.domain.facts import Standing
from casework.domain.ternary import Ternary
from screening.domain.answers import Answer
from screening.domain.scoring import score
from tests.unit.screening.examples import all_said, shipped

PALERMO = shipped("palermo-matrix")
SECTIONS = {s.id: [item.id for item in s.items] for s in PALERMO.sections}


def _answers(means: Standing | str, **others: Standing | str) -> dict[str, Answer]:
    parts = dict.fromkeys(SECTIONS["means"], means) | {"a_receipt": "yes", "p_labour": "yes"}
    return all_said(PALERMO, "no", **(parts | others))


@pytest.mark.parametrize(
    ("age", "means", "outcome"),
    [
        (Ternary.NO, "yes", "elements_present_adult"),
        (Ternary.UNKNOWN, "yes", "elements_present_adult"),
        (Ternary.YES, "no", "elements_present_child"),
        (Ternary.YES, Standing.DECLINED, "elements_present_child"),
        (Ternary.NO, "no", "not_established"),
        (Ternary.NO, Standing.NOT_ASKED, "undetermined"),
        (Ternary.UNKNOWN, "no", "undetermined"),
        (Ternary.UNKNOWN, Standing.DOES_NOT_KNOW, "undetermined"),
    ],
)
def test_means_and_age(age: Ternary, means: Standing | str, outcome: str) -> None:
    assert score(PALERMO, _answers(means), age).outcome == outcome


@pytest.mark.parametrize("age", list(Ternary))
@pytest.mark.parametrize("without", ["a_receipt", "p_labour"])
def test_without_an_act_or_a_purpose_nothing_is_established(age: Ternary, without: str) -> None:
    assert score(PALERMO, _answers("yes", **{without: "no"}), age).outcome == "not_established"


def test_the_questions_on_forms_do_not_change_the_result() -> None:
    silent = dict.fromkeys(SECTIONS["forms"], Standing.NOT_ASKED)
    result = score(PALERMO, _answers("yes", **silent), Ternary.NO)
    assert result.outcome == "elements_present_adult"
    assert result.unassessed == ()
    assert set(result.per_section) == {"act", "means", "purpose"}
