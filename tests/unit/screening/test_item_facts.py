"""Questions that ask for a fact: the answer is that fact, and silence stays what sort it was."""

from typing import Any

import pytest

from casework.domain.definitions import Known
from casework.domain.facts import Standing
from casework.domain.findings import FactAssertion
from casework.domain.ternary import Ternary
from screening.domain.item_facts import UNDER_18, item_facts, misfits
from screening.domain.outcome import conclude
from tests.seeds import rows
from tests.unit.screening.examples import (
    YES_NO,
    instrument,
    question,
    said,
    section,
    shown_by,
    yardstick,
)

AGE = question("age", fact=UNDER_18, positive_when=[])
ASKED = instrument(
    section(
        "a",
        AGE,
        question("gate"),
        question("born", type="date", fact="date_of_birth", show_when=shown_by("gate")),
        question("sure", type="boolean", fact="in_custody", positive_when=[]),
    )
)
KNOWN: Known = {("fact", code): one for code, one in rows.facts().items()}


def facts(**answers: Any) -> dict[str, FactAssertion]:  # noqa: ANN401
    return {fact.code: fact for fact in item_facts(ASKED, said(**answers))}


@pytest.mark.parametrize(("answer", "value"), [("yes", True), ("no", False)])
def test_yes_and_no_become_true_and_false(answer: str, value: bool) -> None:
    assert facts(age=answer) == {
        UNDER_18: FactAssertion(code=UNDER_18, value=value, items=("age",))
    }


def test_other_answers_are_kept_as_given() -> None:
    found = facts(gate="yes", born="2008-06-05", sure=True)
    assert (found["date_of_birth"].value, found["in_custody"].value) == ("2008-06-05", True)


@pytest.mark.parametrize("standing", [s for s in Standing if s is not Standing.KNOWN])
def test_silence_says_which_silence_it_is(standing: Standing) -> None:
    found = facts(age=standing)[UNDER_18]
    assert (found.value, found.status) == (None, standing.value)


def test_a_hidden_question_and_one_without_an_answer_say_nothing() -> None:
    assert facts(gate="no", born="2008-06-05") == {}


def test_an_empty_answer_was_not_asked() -> None:
    (found,) = facts(gate="yes", born="").values()
    assert found.status == "not_asked"


@pytest.mark.parametrize(
    ("minor", "answer", "means_needed"),
    [
        (Ternary.UNKNOWN, "yes", False),
        (Ternary.UNKNOWN, "no", True),
        (Ternary.UNKNOWN, Standing.DECLINED, True),
        (Ternary.YES, "no", False),
    ],
)
def test_the_age_that_was_asked_for_counts_where_nothing_was_stated(
    minor: Ternary, answer: str | Standing, means_needed: bool
) -> None:
    finding = conclude(ASKED, "digest", said(age=answer), yardstick(), minor)
    notes = [e.not_needed_because for e in finding.forms[0].elements if e.element == "means"]
    assert (notes == [""]) is means_needed


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        (question("q", fact="in_custody", positive_when=[]), True),
        (question("q", fact="in_custody", options=YES_NO[:1], positive_when=[]), False),
        (question("q", fact="visa_class", positive_when=[]), False),
        (
            question(
                "q",
                fact="visa_class",
                options=[{"code": "H-2A", "label": {"en": "H-2A"}}],
                positive_when=[],
            ),
            True,
        ),
        (question("q", type="date", fact="date_of_birth"), True),
        (question("q", type="text", fact="date_of_birth"), False),
    ],
)
def test_a_question_whose_answers_the_fact_cannot_take_is_found(
    written: dict[str, Any], fits: bool
) -> None:
    found = list(misfits(instrument(section("a", written)), KNOWN))
    assert (found == []) is fits
    assert fits or found[0][0] == ("sections", 0, "items", 0, "fact")


def test_only_instruments_are_looked_at() -> None:
    assert list(misfits(rows.facts()["in_custody"], KNOWN)) == []
