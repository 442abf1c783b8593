"""The whole conclusion: result, forms, facts, and the limits that are always told."""

from typing import Any

import pytest

from casework.domain.facts import Standing
from casework.domain.findings import FactAssertion, Finding, Framework, TraffickingForm
from casework.domain.ternary import Ternary
from screening.domain.answers import Answer
from screening.domain.indicators import indicator_values
from screening.domain.instrument import Instrument
from screening.domain.outcome import A_PERSON_DECIDES, NOT_REVIEWED, NOT_VALIDATED, conclude
from screening.domain.visibility import AnswerValue
from tests.unit.screening.examples import (
    COUNTING,
    all_said,
    finding_of,
    instrument,
    question,
    said,
    section,
    shipped,
    shown_by,
    yardstick,
)

HMIS = shipped("hud-hmis-r15-r16")
ISOLATED = {"indicators": ["isolated"]}


def _conclude(
    asking: Instrument, answers: dict[str, Answer], minor: Ternary = Ternary.NO
) -> Finding:
    return conclude(asking, "digest", answers, yardstick(), minor)


def _fact(finding: Finding, code: str) -> FactAssertion:
    return next(fact for fact in finding.facts if fact.code == code)


TWICE = instrument(section("a", question("p", **ISOLATED), question("q", **ISOLATED)))


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ({"p": "yes", "q": "no"}, Ternary.YES),
        ({"p": "yes", "q": Standing.DECLINED}, Ternary.YES),
        ({"p": "no", "q": "no"}, Ternary.NO),
        ({"p": "no"}, Ternary.UNKNOWN),
        ({"p": "no", "q": Standing.INTERPRETER_UNSURE}, Ternary.UNKNOWN),
        ({}, Ternary.UNKNOWN),
    ],
)
def test_an_indicator_is_no_only_when_every_question_about_it_was_answered(
    answers: dict[str, Standing | AnswerValue], value: Ternary
) -> None:
    assert indicator_values(TWICE, said(**answers)) == {"isolated": value}


def test_an_indicator_whose_questions_are_all_hidden_is_unknown_and_becomes_no_fact() -> None:
    asking = instrument(
        section("a", question("gate"), question("q", show_when=shown_by("gate"), **ISOLATED))
    )
    finding = _conclude(asking, said(gate="no", q="yes"))
    assert finding.indicators == {"isolated": "unknown"}
    assert "isolated" not in {fact.code for fact in finding.facts}


@pytest.mark.parametrize(
    ("answers", "fact"),
    [
        ({"p": "yes", "q": "no"}, FactAssertion(code="isolated", value=True, items=("p",))),
        ({"p": "no", "q": "no"}, FactAssertion(code="isolated", value=False, items=("p", "q"))),
        (
            {"p": "no", "q": Standing.DECLINED},
            FactAssertion(code="isolated", value=None, status="declined", items=("q",)),
        ),
        (
            {"p": Standing.NOT_ASKED, "q": Standing.DOES_NOT_KNOW},
            FactAssertion(code="isolated", value=None, status="does_not_know", items=("p", "q")),
        ),
        (
            {"p": "no"},
            FactAssertion(code="isolated", value=None, status="not_asked", items=("q",)),
        ),
    ],
)
def test_every_indicator_asked_about_becomes_one_fact_with_its_standing(
    answers: dict[str, Standing | AnswerValue], fact: FactAssertion
) -> None:
    assert _fact(_conclude(TWICE, said(**answers)), "isolated") == fact


def test_every_form_becomes_a_fact_with_the_higher_band_and_the_answers_behind_it() -> None:
    asking = shipped("palermo-matrix")
    answers = said(a_receipt="yes", m_force="yes", p_organs="yes")
    finding = _conclude(asking, answers)
    fact = _fact(finding, "screened_form_organ_removal")
    assert fact.value == "strong"
    assert set(fact.items) == {"a_receipt", "m_force", "p_organs"}
    bands = {f.code: f.value for f in finding.facts if f.code.startswith("screened_form_")}
    assert len(bands) == len(TraffickingForm)
    assert bands["screened_form_labor"] == "not_enough_asked"


def test_elements_name_questions_of_the_instrument_and_nothing_else() -> None:
    finding = _conclude(HMIS, said(R15_1="1", R16_1="9"))
    named = {
        item
        for form in finding.forms
        for element in form.elements
        for item in (*element.because, *element.open_items)
    }
    assert named <= set(HMIS.items_by_id)
    sex = finding_of(finding.forms, TraffickingForm.COMMERCIAL_SEX, Framework.FEDERAL)
    assert sex.elements[2].because == ("R15_1",)


def test_hidden_answers_never_count_and_return_when_shown_again() -> None:
    hidden = said(R15_1="0", R15_C="1", R16_1="0", R16_2="0")
    without = {item: answer for item, answer in hidden.items() if item != "R15_C"}
    assert _conclude(HMIS, hidden) == _conclude(HMIS, without)
    shown = _conclude(HMIS, hidden | said(R15_1="1"))
    assert _fact(shown, "induced_to_commercial_sex").value is True


def test_a_conclusion_keeps_what_it_was_concluded_under() -> None:
    finding = _conclude(HMIS, said(R15_1="1"))
    assert (finding.instrument, finding.version, finding.digest) == (
        "hud-hmis-r15-r16",
        "FY2024",
        "digest",
    )
    assert finding.outcome == "recorded"
    assert finding.because == ("R15_1",)
    assert "R15_A" in finding.unassessed
    assert finding.scores == {"R15": "yes", "R16": "unknown", "positive_answers": "1"}


def test_the_limits_are_always_told() -> None:
    caveats = _conclude(TWICE, {}).caveats
    assert caveats[0] == A_PERSON_DECIDES
    assert {NOT_VALIDATED, NOT_REVIEWED, "An example."} <= set(caveats)
    assert caveats[-1] == "Not settled: 2 of the 2 questions that count."


def test_a_reviewed_and_validated_instrument_fully_answered_has_fewer_limits() -> None:
    source = {
        "citation": "Nobody",
        "licence": "none",
        "permission": "free",
        "validation": "Tested with 180 people.",
    }
    asking = instrument(section("a", question("p")), source=source, reviewed=True)
    assert _conclude(asking, said(p="no")).caveats == (
        A_PERSON_DECIDES,
        "An example.",
        "Tested with 180 people.",
    )


def test_a_draft_from_a_secondary_source_says_so() -> None:
    asking = shipped("ilo-ec-delphi-2009-labour-adult")
    caveats = " ".join(_conclude(asking, all_said(asking, "no")).caveats)
    assert "draft-transcription" in caveats
    assert "secondary source" in caveats


@pytest.mark.parametrize(
    ("population", "minor", "told"),
    [
        ({"max_age": 17}, Ternary.YES, False),
        ({"max_age": 17}, Ternary.UNKNOWN, True),
        ({"min_age": 18}, Ternary.NO, False),
        ({"min_age": 18}, Ternary.UNKNOWN, True),
        ({"min_age": 12, "max_age": 24}, Ternary.UNKNOWN, False),
    ],
)
def test_an_instrument_used_on_people_it_was_not_made_for_says_so(
    population: dict[str, Any], minor: Ternary, told: bool
) -> None:
    asking = instrument(section("a", question("p")), population=population, scoring=COUNTING)
    caveats = _conclude(asking, said(p="no"), minor).caveats
    assert any("It was made for" in caveat for caveat in caveats) is told


@pytest.mark.parametrize("minor", list(Ternary))
def test_no_words_of_a_conclusion_say_that_somebody_is_a_victim(minor: Ternary) -> None:
    asking = shipped("palermo-matrix")
    finding = _conclude(asking, all_said(asking, "yes"), minor)
    words = " ".join([finding.outcome_label, *(n for f in finding.forms for n in f.notes)])
    assert "victim" not in words.lower()
