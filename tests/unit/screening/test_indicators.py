"""What answers say about one sign: asked about itself, or ruled out by a wider question."""

from typing import Any

import pytest
from pydantic import ValidationError

from casework.domain.facts import Standing
from casework.domain.ternary import Ternary
from screening.domain.indicators import indicator_evidence, indicator_values
from screening.domain.instrument import Instrument
from screening.domain.outcome import conclude
from screening.domain.visibility import AnswerValue
from tests.unit.screening.examples import (
    YES_NO,
    instrument,
    question,
    said,
    section,
    shown_by,
    yardstick,
)

SILENT = [standing for standing in Standing if standing is not Standing.KNOWN]
_NARROW: dict[str, Any] = {"indicators": ["isolated"]}


def _wide(item_id: str, *when: str, **parts: object) -> dict[str, Any]:
    ruled_out = {"when": list(when) or ["no"], "indicators": ["isolated"]}
    return question(item_id, positive_when=[], rules_out=ruled_out) | parts


GATED = instrument(
    section("a", _wide("gate"), question("narrow", show_when=shown_by("gate"), **_NARROW))
)
TWO_WIDE = instrument(section("a", _wide("one"), _wide("two")))


def _isolated(asked: Instrument, **answers: Standing | AnswerValue) -> Ternary:
    return indicator_values(asked, said(**answers))["isolated"]


def test_a_plain_no_to_a_wide_question_rules_out_what_it_covers() -> None:
    assert _isolated(GATED, gate="no") is Ternary.NO
    (found,) = indicator_evidence(GATED, said(gate="no")).values()
    assert found.items == ("gate",)
    assert found.open_items == ()


@pytest.mark.parametrize("silence", SILENT)
def test_having_no_answer_to_the_wide_question_rules_nothing_out(silence: Standing) -> None:
    assert _isolated(GATED, gate=silence) is Ternary.UNKNOWN
    assert _isolated(GATED) is Ternary.UNKNOWN
    (found,) = indicator_evidence(GATED, said(gate=silence)).values()
    assert found.open_items == ("gate",)
    assert found.items == ()


def test_a_yes_to_the_wide_question_leaves_the_sign_to_its_own_question() -> None:
    assert _isolated(GATED, gate="yes") is Ternary.UNKNOWN
    assert _isolated(GATED, gate="yes", narrow="yes") is Ternary.YES
    assert _isolated(GATED, gate="yes", narrow="no") is Ternary.NO


def test_a_hidden_answer_to_the_narrow_question_counts_neither_way() -> None:
    assert _isolated(GATED, gate="no", narrow="yes") is Ternary.NO
    assert _isolated(GATED, gate=Standing.DECLINED, narrow="no") is Ternary.UNKNOWN


def test_a_hidden_answer_to_the_wide_question_never_rules_out() -> None:
    hidden = instrument(section("a", question("first"), _wide("gate", show_when=shown_by("first"))))
    assert _isolated(hidden, first="no", gate="no") is Ternary.UNKNOWN
    assert _isolated(hidden, first="yes", gate="no") is Ternary.NO


def test_the_narrow_question_goes_before_the_wide_one_where_both_show() -> None:
    both = instrument(section("a", _wide("gate"), question("narrow", **_NARROW)))
    assert _isolated(both, gate="no", narrow="yes") is Ternary.YES
    assert _isolated(both, gate="no") is Ternary.UNKNOWN


def test_of_two_wide_questions_one_plain_no_is_enough() -> None:
    assert _isolated(TWO_WIDE, one="yes", two="no") is Ternary.NO
    assert _isolated(TWO_WIDE, one="yes", two="yes") is Ternary.UNKNOWN


@pytest.mark.parametrize("silence", SILENT)
def test_a_plain_no_is_not_enough_beside_a_wide_question_that_waits(silence: Standing) -> None:
    assert _isolated(TWO_WIDE, one="no", two=silence) is Ternary.UNKNOWN
    assert _isolated(TWO_WIDE, one="no") is Ternary.UNKNOWN


def test_a_boolean_rules_out_by_its_false() -> None:
    asked = instrument(section("a", _wide("gate", "false", type="boolean", options=[])))
    assert _isolated(asked, gate=False) is Ternary.NO
    assert _isolated(asked, gate=True) is Ternary.UNKNOWN


def test_of_several_choices_all_have_to_rule_out() -> None:
    options = [*YES_NO, {"code": "never", "label": {"en": "Never"}}]
    asked = instrument(
        section("a", _wide("gate", "no", "never", type="multi-choice", options=options))
    )
    assert _isolated(asked, gate=("no", "never")) is Ternary.NO
    assert _isolated(asked, gate=("no", "yes")) is Ternary.UNKNOWN
    assert _isolated(asked, gate=()) is Ternary.UNKNOWN


def test_what_was_ruled_out_becomes_a_fact_and_what_was_left_open_does_not() -> None:
    for answer, facts in (("no", {"isolated": False}), ("yes", {}), (Standing.DECLINED, {})):
        found = conclude(GATED, "digest", said(gate=answer), yardstick(), Ternary.NO)
        handed = {f.code: f.value for f in found.facts if f.code == "isolated"}
        assert handed == facts


@pytest.mark.parametrize(
    "parts",
    [
        {"rules_out": {"when": ["yes"], "indicators": ["isolated"]}},
        {"rules_out": {"when": ["maybe"], "indicators": ["isolated"]}},
        {"rules_out": {"when": [], "indicators": ["isolated"]}},
        {"rules_out": {"when": ["no"], "indicators": []}},
        {
            "type": "text",
            "rules_out": {"when": ["no"], "indicators": ["isolated"]},
        },
    ],
)
def test_only_a_known_answer_that_is_no_sign_may_rule_out(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        instrument(section("a", question("q", **parts)))
