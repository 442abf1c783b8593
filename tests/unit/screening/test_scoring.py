"""Each method of scoring, and what none of them ever does: take silence for a no."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.facts import Standing
from casework.domain.ternary import Ternary
from screening.domain.instrument import Instrument
from screening.domain.scoring import score
from screening.domain.visibility import AnswerValue
from tests.unit.screening.examples import (
    COUNTING,
    YES_NO,
    all_said,
    instrument,
    question,
    said,
    section,
    shipped,
    shipped_instruments,
    shown_by,
)

SILENT = [s for s in Standing if s is not Standing.KNOWN]
ALWAYS_NO = {"outcome": "nothing", "label": {"en": "Nothing."}, "when": {"always": True}}


def _scoring(method: str, **parts: object) -> dict[str, Any]:
    return COUNTING | {"method": method} | parts


def _outcome(
    asking: Instrument, age: Ternary = Ternary.NO, /, **answers: Standing | AnswerValue
) -> str:
    return score(asking, said(**answers), age).outcome


PAIR = section("a", question("p"), question("q"))


@pytest.mark.parametrize("method", ["any_positive", "count_positive", "weighted_sum"])
@pytest.mark.parametrize("silence", SILENT)
def test_what_is_open_is_never_negative_and_never_hides_a_sign(
    method: str, silence: Standing
) -> None:
    asking = instrument(PAIR, scoring=_scoring(method))
    assert _outcome(asking, p="no", q="no") == "none"
    assert _outcome(asking, p="no", q=silence) == "incomplete"
    assert _outcome(asking, p="no") == "incomplete"
    assert _outcome(asking, p="yes", q=silence) == "present"


def test_a_sum_adds_the_weights_of_signs_and_the_scores_of_what_was_chosen() -> None:
    scored = [YES_NO[0] | {"score": 2}, YES_NO[1] | {"score": 0.5}]
    many = question("m", type="multi-choice", options=scored, positive_when=[])
    asking = instrument(
        section("a", question("p", weight=3), question("q", options=scored), question("r")),
        scoring=_scoring("weighted_sum"),
    )
    result = score(asking, said(p="yes", q="no", r=Standing.DECLINED), Ternary.NO)
    assert result.numbers["sum"] == 3.5
    gated = question("x", show_when=shown_by("m", op="contains"))
    counted = instrument(section("a", many, gated), scoring=_scoring("weighted_sum"))
    assert score(counted, said(m=("yes", "no"), x="no"), Ternary.NO).numbers["sum"] == 2.5


def test_without_a_score_the_answers_are_recorded_or_incomplete() -> None:
    asking = instrument(PAIR, scoring=_scoring("none"))
    assert _outcome(asking, p="no", q="no") == "recorded"
    assert _outcome(asking, p="yes") == "recorded"
    assert _outcome(asking, p="no") == "incomplete"


def test_a_label_names_the_answers_that_decided_and_what_is_open() -> None:
    asking = instrument(
        section("a", question("p"), question("q"), question("b", type="boolean")),
        section("b", question("t", type="text", required="if-shown")),
    )
    label = score(asking, said(p="yes"), Ternary.NO).label
    assert label == ("Some. Because of: Question p? [Yes]. Not settled: Question q?; Question t?.")


def test_a_long_label_gives_only_the_number_of_the_rest() -> None:
    asking = instrument(section("a", *(question(f"q{n}") for n in range(11))))
    assert score(asking, {}, Ternary.NO).label.endswith("Question q7?; and 3 more.")


def test_a_question_beside_the_list_moves_nothing() -> None:
    asking = instrument(section("a", question("p"), question("extra", scored=False)))
    assert _outcome(asking, p="no", extra="yes") == "none"
    assert score(asking, said(p="no"), Ternary.NO).unassessed == ()


def test_an_unanswered_gate_leaves_the_result_incomplete_and_a_closed_one_does_not() -> None:
    gate = question("gate", positive_when=[])
    asking = instrument(
        section("a", gate, question("p")),
        section("b", question("q"), show_when=shown_by("gate")),
    )
    assert _outcome(asking, p="no") == "incomplete"
    assert _outcome(asking, gate="yes", p="no") == "incomplete"
    closed = score(asking, said(gate="no", p="no", q="yes"), Ternary.NO)
    assert closed.outcome == "none"
    assert "b" not in closed.per_section


def _by_rules(*rules: dict[str, Any]) -> Instrument:
    return instrument(
        section("a", question("p")),
        section("b", question("q"), show_when=shown_by("p")),
        scoring=_scoring("matrix", outcome_rules=[*rules, ALWAYS_NO]),
    )


@pytest.mark.parametrize(
    ("when", "age", "answers", "outcome"),
    [
        ({"positive": "a"}, Ternary.NO, {"p": "yes"}, "found"),
        ({"positive": "a"}, Ternary.NO, {"p": "no"}, "nothing"),
        ({"positive": "a"}, Ternary.NO, {}, "incomplete"),
        ({"positive": "b"}, Ternary.NO, {"p": "no"}, "nothing"),
        ({"any_positive": ["a", "b"]}, Ternary.NO, {"p": "yes"}, "found"),
        ({"all": [{"positive": "a"}, {"positive": "b"}]}, Ternary.NO, {"p": "yes"}, "incomplete"),
        ({"any": [{"positive": "a"}, {"positive": "b"}]}, Ternary.NO, {"p": "yes"}, "found"),
        ({"population": "child"}, Ternary.YES, {"p": "no"}, "found"),
        ({"population": "adult"}, Ternary.YES, {"p": "no"}, "nothing"),
        ({"population": "adult"}, Ternary.UNKNOWN, {"p": "no"}, "incomplete"),
        ({"any": [{"always": True}]}, Ternary.UNKNOWN, {}, "found"),
    ],
)
def test_each_kind_of_outcome_rule(
    when: dict[str, Any], age: Ternary, answers: dict[str, str], outcome: str
) -> None:
    found = {"outcome": "found", "label": {"en": "Found."}, "when": when}
    assert _outcome(_by_rules(found), age, **answers) == outcome


def test_the_first_rule_met_wins() -> None:
    rules = [{"outcome": code, "label": {"en": code}, "when": {"positive": "a"}} for code in "xy"]
    assert _outcome(_by_rules(*rules), p="yes") == "x"


ADULT_LIST, CHILD_LIST = (
    "ilo-ec-delphi-2009-labour-adult",
    "ilo-ec-delphi-2009-labour-child",
)


@pytest.mark.parametrize(
    ("signs", "outcome"),
    [
        (("d1_job", "d1_education", "d4_hours", "d4_law", "d5_docs", "d5_debt"), "indicators_of_"),
        (("d1_job", "d1_education", "d4_hours", "d4_law"), "deception_with_exploitation"),
        (("d4_hours", "d4_education"), "exploitation_labour_rights"),
        (("d4_hours", "d5_docs"), "no_indication"),
        ((), "no_indication"),
    ],
)
def test_the_adult_list_combines_its_dimensions(signs: tuple[str, ...], outcome: str) -> None:
    asking = shipped(ADULT_LIST)
    answers = all_said(asking, "no", **dict.fromkeys(signs, "yes"))
    assert score(asking, answers, Ternary.NO).outcome.startswith(outcome)


def test_the_child_list_needs_no_means() -> None:
    asking = shipped(CHILD_LIST)
    worked = all_said(asking, "no", d4_hours="yes", d4_education="yes")
    lured = all_said(asking, "no", d1_job="yes", d1_education="yes")
    assert score(asking, worked, Ternary.YES).outcome == "indicators_of_child_trafficking"
    assert score(asking, lured, Ternary.YES).outcome == "at_risk_review"


@pytest.mark.parametrize("one", shipped_instruments(), ids=lambda one: one.id)
@pytest.mark.parametrize("silence", SILENT)
def test_no_shipped_instrument_says_anything_negative_when_all_were_silent(
    one: Instrument, silence: Standing
) -> None:
    fallback = {one.scoring.incomplete.code}
    assert {score(one, all_said(one, silence), Ternary.NO).outcome} == fallback
    assert {score(one, {}, Ternary.UNKNOWN).outcome} == fallback


ELEVEN = shipped("ilo-11-forced-labour")
HMIS = shipped("hud-hmis-r15-r16")
ONE_ANSWER = st.sampled_from(["yes", "no", *SILENT])


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(ELEVEN.items_by_id)), ONE_ANSWER), st.randoms())
def test_the_order_of_answers_never_matters(
    given_answers: dict[str, Standing | str], random: Random
) -> None:
    shuffled = list(given_answers.items())
    random.shuffle(shuffled)
    one, other = said(**given_answers), said(**dict(shuffled))
    assert score(ELEVEN, one, Ternary.NO) == score(ELEVEN, other, Ternary.NO)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(ELEVEN.items_by_id)), ONE_ANSWER))
def test_one_more_sign_never_takes_a_sign_away(given_answers: dict[str, Standing | str]) -> None:
    before = score(ELEVEN, said(**given_answers), Ternary.NO)
    after = score(ELEVEN, said(**(given_answers | {"i07": "yes"})), Ternary.NO)
    assert set(before.because) <= set(after.because)
    assert after.outcome == "present"


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["R15_A", "R15_B", "R15_C", "R15_D"]), ONE_ANSWER))
def test_hidden_answers_never_count(hidden: dict[str, Standing | str]) -> None:
    shown = said(R15_1="0", R16_1="0", R16_2="0")
    assert score(HMIS, shown | said(**hidden), Ternary.NO) == score(HMIS, shown, Ternary.NO)
