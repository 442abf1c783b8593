"""What was sent is an answer, a way of having none, or refused with a reason."""

import pytest

from casework.domain.errors import InvalidInputError
from casework.domain.facts import Standing
from screening.domain.answers import (
    Answer,
    check_answer,
    is_open,
    is_positive,
    option_for,
    standing_of,
)
from screening.domain.visibility import AnswerValue
from tests.unit.screening.examples import instrument, question, said, section, shipped, shown_by

PARTS = [{"code": c, "label": {"en": c}} for c in "ab"]
ASKING = instrument(
    section(
        "s",
        question("choice"),
        question(
            "many",
            type="multi-choice",
            options=[
                *PARTS,
                {"code": "none", "label": {"en": "None"}, "exclusive": True},
                {"code": "9", "label": {"en": "Declined"}, "missing": "declined"},
            ],
            positive_when=["a"],
        ),
        question("flag", type="boolean", positive_when=["true"]),
        question("whole", type="integer", positive_above=2),
        question("number", type="decimal"),
        question("day", type="date"),
        question("words", type="text"),
        question("notice", type="info"),
        question("behind", show_when=shown_by("choice")),
    )
)
HUGE = 10**400


def _checked(item: str, value: object, standing: Standing = Standing.KNOWN) -> Answer:
    return check_answer(ASKING, item, standing, value, "/answers/0/value", {})


def _code(item: str, value: object, standing: Standing = Standing.KNOWN) -> str:
    with pytest.raises(InvalidInputError) as caught:
        _checked(item, value, standing)
    (problem,) = caught.value.problems
    assert problem.pointer == "/answers/0/value"
    return problem.code


@pytest.mark.parametrize(
    ("item", "value", "kept"),
    [
        ("choice", "yes", "yes"),
        ("many", ["b", "a", "b"], ("b", "a")),
        ("many", ["none"], ("none",)),
        ("flag", False, False),
        ("whole", 3, 3),
        ("number", 2.5, 2.5),
        ("number", 2, 2),
        ("day", "2026-01-31", "2026-01-31"),
        ("words", " as told ", " as told "),
    ],
)
def test_an_answer_that_suits_its_question_is_kept(
    item: str, value: object, kept: AnswerValue
) -> None:
    answer = _checked(item, value)
    assert answer == Answer(item=item, standing=Standing.KNOWN, value=kept)


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        ("ghost", "yes", "unknown_item"),
        ("behind", "yes", "hidden_item"),
        ("choice", "maybe", "not_an_option"),
        ("choice", "\ud800", "not_an_option"),
        ("choice", True, "wrong_type"),
        ("choice", None, "wrong_type"),
        ("many", "a", "wrong_type"),
        ("many", [], "wrong_type"),
        ("many", ["a", "z"], "not_an_option"),
        ("many", [["a"]], "not_an_option"),
        ("many", ["a", "none"], "exclusive_with"),
        ("many", ["9", "a"], "exclusive_with"),
        ("flag", "true", "wrong_type"),
        ("whole", True, "wrong_type"),
        ("whole", 2.5, "wrong_type"),
        ("whole", HUGE, "out_of_range"),
        ("number", "2", "wrong_type"),
        ("number", float("inf"), "out_of_range"),
        ("number", float("nan"), "out_of_range"),
        ("day", "2026-02-30", "wrong_type"),
        ("day", "20260131", "wrong_type"),
        ("day", 20260131, "wrong_type"),
        ("words", 3, "wrong_type"),
        ("words", "  ", "wrong_type"),
        ("words", "a\0b", "wrong_type"),
        ("words", "a\ud800b", "wrong_type"),
        ("words", "a" * 4001, "too_long"),
        ("notice", "yes", "wrong_type"),
    ],
)
def test_an_answer_that_does_not_suit_is_refused_with_its_code(
    item: str, value: object, code: str
) -> None:
    assert _code(item, value) == code


def test_a_refusal_names_the_codes_that_may_be_chosen() -> None:
    with pytest.raises(InvalidInputError, match="choose one of yes, no"):
        _checked("choice", "maybe")


def test_a_question_shows_once_the_answers_sent_along_show_it() -> None:
    answer = check_answer(ASKING, "behind", Standing.KNOWN, "no", "/0", said(choice="yes"))
    assert answer.value == "no"


@pytest.mark.parametrize("standing", [s for s in Standing if s is not Standing.KNOWN])
def test_every_question_can_go_without_an_answer_in_four_ways(standing: Standing) -> None:
    assert _checked("choice", None, standing) == Answer(item="choice", standing=standing)
    assert _code("choice", "no", standing) == "value_with_standing"
    assert _code("notice", None, standing) == "wrong_type"


@pytest.mark.parametrize(
    ("code", "standing"),
    [
        ("8", Standing.DOES_NOT_KNOW),
        ("9", Standing.DECLINED),
        ("99", Standing.NOT_ASKED),
    ],
)
def test_the_published_codes_for_no_answer_and_the_standings_map_both_ways(
    code: str, standing: Standing
) -> None:
    hmis = shipped("hud-hmis-r15-r16")
    answer = check_answer(hmis, "R15_1", Standing.KNOWN, code, "/0", {})
    assert answer == Answer(item="R15_1", standing=standing)
    assert option_for(hmis.items_by_id["R15_1"], standing) == code


def test_what_was_lost_in_interpretation_is_exported_as_not_collected() -> None:
    item = shipped("hud-hmis-r15-r16").items_by_id["R15_1"]
    assert option_for(item, Standing.INTERPRETER_UNSURE) == "99"
    assert option_for(item, Standing.KNOWN) is None
    assert option_for(ASKING.items_by_id["choice"], Standing.DECLINED) is None
    assert standing_of(item, "1") is Standing.KNOWN


def test_choosing_only_the_code_for_declining_in_a_list_is_declining() -> None:
    assert _checked("many", ["9"]) == Answer(item="many", standing=Standing.DECLINED)


def test_declined_is_not_no() -> None:
    item = ASKING.items_by_id["choice"]
    declined, no = said(choice=Standing.DECLINED)["choice"], said(choice="no")["choice"]
    assert is_open(item, declined)
    assert not is_open(item, no)
    assert not is_positive(item, declined)
    assert not is_positive(item, no)


def test_a_value_left_over_beside_a_declined_answer_says_nothing() -> None:
    item = ASKING.items_by_id["choice"]
    leftover = Answer(item="choice", standing=Standing.DECLINED, value="yes")
    assert is_open(item, leftover)
    assert not is_positive(item, leftover)


@pytest.mark.parametrize(
    ("item", "value", "positive"),
    [
        ("choice", "yes", True),
        ("many", ("b", "a"), True),
        ("many", ("b",), False),
        ("flag", True, True),
        ("flag", False, False),
        ("whole", 3, True),
        ("whole", 2, False),
        ("number", 99, False),
    ],
)
def test_which_answers_are_signs(item: str, value: AnswerValue, positive: bool) -> None:
    assert is_positive(ASKING.items_by_id[item], said(**{item: value})[item]) is positive


def test_an_empty_text_is_no_answer_and_a_notice_waits_for_none() -> None:
    assert is_open(ASKING.items_by_id["words"], said(words="  ")["words"])
    assert not is_open(ASKING.items_by_id["words"], said(words="told")["words"])
    assert not is_open(ASKING.items_by_id["notice"], None)
