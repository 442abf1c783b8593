"""Screenings: begun, answered part by part, concluded once; what they leave in the case."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import pytest

from casework.access import agency_context
from casework.domain.errors import (
    InvalidInputError,
    NotAllowedNowError,
    NotPermittedError,
    StaleVersionError,
)
from casework.domain.facts import Standing
from casework.domain.permissions import Principal
from casework.domain.ternary import Ternary
from casework.models import Agency, Case, Fact, FindingRecord
from casework.models.journal import JournalEntry
from screening.domain.instrument import Instrument
from screening.domain.items import ItemType
from screening.domain.visibility import visible_items
from screening.models import Screening, ScreeningAnswer
from screening.services.answering import SentAnswer, answers_of, save_answers
from screening.services.conclusion import conclude_screening, finding_now, progress
from screening.services.instruments import (
    current_instrument,
    indicator_vocabulary,
    instruments,
)
from tests import builders
from tests.unit.screening.examples import said

HOUR = timedelta(hours=1)
CHILD = "us-tvpra-contiguous-child-screen"


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency) -> Iterator[None]:
    with agency_context(harbor.pk):
        yield


@pytest.fixture
def screening(case: Case, alice: Principal, at: datetime) -> Screening:
    return builders.started_screening(case=case, by=alice, at=at)


def test_answers_are_saved_part_by_part_and_the_later_one_stands(
    screening: Screening, alice: Principal, at: datetime
) -> None:
    save_answers(screening, builders.answers({"a_receipt": "yes"}), by=alice, at=at)
    sent = builders.answers({"a_receipt": "no", "p_other": "yes"}, note="Looked at the floor.")
    answers = save_answers(screening, sent, by=alice, at=at + HOUR, version=2)
    assert {item: answer.value for item, answer in answers.items()} == {
        "a_receipt": "no",
        "p_other": "yes",
    }
    assert answers_of(screening) == answers
    assert answers["p_other"].note == "Looked at the floor."
    assert ScreeningAnswer.objects.count() == 2


def test_an_answer_lies_sealed(screening: Screening, alice: Principal, at: datetime) -> None:
    save_answers(screening, builders.answers({"a_receipt": "yes"}, note="x"), by=alice, at=at)
    row = ScreeningAnswer.objects.get()
    assert b"yes" not in bytes(row.sealed)
    assert str(row) == "a_receipt"


def test_every_odd_answer_is_named_and_none_is_saved(
    screening: Screening, alice: Principal, at: datetime
) -> None:
    known = Standing.KNOWN
    sent = [
        SentAnswer(item="a_receipt", standing=known, value="yes", pointer="/answers/0/value"),
        SentAnswer(item="p_other", standing=known, value="maybe", pointer="/answers/1/value"),
        SentAnswer(item="no_such_item", standing=known, value="yes", pointer="/answers/2/item"),
        SentAnswer(item="a_receipt", standing=known, value="\x00", pointer="/answers/3/value"),
    ]
    with pytest.raises(InvalidInputError) as refused:
        save_answers(screening, sent, by=alice, at=at)
    pointers = {problem.pointer for problem in refused.value.problems}
    assert {"/answers/1/value", "/answers/2/item", "/answers/3/value"} <= pointers
    assert ScreeningAnswer.objects.count() == 0
    screening.refresh_from_db()
    assert screening.version == 1


def test_an_answer_on_an_old_version_is_refused(
    screening: Screening, alice: Principal, at: datetime
) -> None:
    save_answers(screening, builders.answers({"a_receipt": "yes"}), by=alice, at=at)
    with pytest.raises(StaleVersionError):
        save_answers(screening, builders.answers({"a_receipt": "no"}), by=alice, at=at, version=1)


def test_progress_counts_what_shows(screening: Screening, alice: Principal, at: datetime) -> None:
    before, shown = progress(screening)
    save_answers(
        screening, builders.answers({"a_receipt": "yes"}, {"p_other": "declined"}), by=alice, at=at
    )
    assert before == 0
    assert progress(screening) == (2, shown)
    assert shown > 2


def test_a_screening_is_concluded_once_and_takes_no_more_answers(
    screening: Screening, alice: Principal, at: datetime
) -> None:
    save_answers(screening, builders.answers({"a_receipt": "yes"}), by=alice, at=at)
    done = conclude_screening(screening, by=alice, at=at, version=2)
    assert (done.concluded_at, done.version) == (at, 3)
    with pytest.raises(NotAllowedNowError):
        conclude_screening(screening, by=alice, at=at)
    with pytest.raises(NotAllowedNowError):
        save_answers(screening, builders.answers({"a_receipt": "no"}), by=alice, at=at)


def test_a_concluded_screening_leaves_a_finding_and_facts_in_its_case(
    case: Case, alice: Principal, at: datetime
) -> None:
    screening = builders.concluded_screening(case=case, by=alice, at=at)
    screening.refresh_from_db()
    finding = FindingRecord.objects.get(case=case)
    assert finding.content == screening.finding
    assert finding.digest == screening.definition.digest
    codes = set(Fact.objects.filter(case=case).values_list("code", flat=True))
    assert {code for code in codes if code.startswith("screened_form_")}
    assert str(finding).startswith("palermo-matrix: ")


def next_choices(instrument: Instrument, answered: Mapping[str, str]) -> dict[str, str]:
    """The first option of each question that shows by now and is answered by choosing one."""
    shown = visible_items(instrument, said(**answered)) - answered.keys()
    return {
        item.id: item.options[0].code
        for item in (instrument.items_by_id[item_id] for item_id in shown)
        if item.type is ItemType.CHOICE
    }


def test_a_screening_never_says_that_someone_is_a_victim(
    case: Case, alice: Principal, at: datetime
) -> None:
    for row, instrument in instruments():
        screening = builders.started_screening(case=case, by=alice, at=at, instrument=row.code)
        answered: dict[str, str] = {}
        while chosen := next_choices(instrument, answered):
            answered |= chosen
            save_answers(screening, builders.answers(chosen), by=alice, at=at)
        assert answers_of(screening).keys() == answered.keys() != set()
        conclude_screening(screening, by=alice, at=at, minor=Ternary.YES)
    codes = set(Fact.objects.values_list("code", flat=True))
    assert not codes & {"victim_sex_trafficking", "victim_labor_trafficking"}


def test_an_anonymous_screening_leaves_nothing_in_any_case(
    case: Case, alice: Principal, at: datetime
) -> None:
    screening = builders.concluded_screening(by=alice, at=at)
    assert (screening.case, screening.finding is not None) == (None, True)
    assert FindingRecord.objects.count() == Fact.objects.count() == 0
    assert screening.key_id != case.person.key_id
    assert str(screening) == str(screening.ref)


def test_what_is_open_never_clears_a_childs_return(
    case: Case, alice: Principal, at: datetime
) -> None:
    screening = builders.concluded_screening(
        case=case,
        by=alice,
        at=at,
        instrument=CHILD,
        values={"c1": "no", "c3": "no"},
        standings={"c2": "does_not_know", "c4": "declined"},
        minor=Ternary.YES,
    )
    assert screening.finding is not None
    assert "clear" not in str(screening.finding["outcome"])
    assert (
        finding_now(screening, minor=Ternary.YES, on=at.date()).outcome
        == screening.finding["outcome"]
    )


def test_deeds_are_journaled_without_a_word_that_was_said(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.concluded_screening(case=case, by=alice, at=at, note="She wept.")
    entries = JournalEntry.objects.filter(action__startswith="screening.").order_by("pk")
    assert [entry.action for entry in entries] == [
        "screening.started",
        "screening.answered",
        "screening.concluded",
    ]
    assert entries[1].detail == {"items": ["a_receipt", "p_other"]}
    assert "wept" not in str([entry.detail for entry in entries])
    assert str(entries[0]) == f"screening.started screening:{entries[2].subject[10:]}"


@pytest.mark.parametrize("who", ["ada", "olga"])
def test_who_does_not_do_casework_does_not_screen(
    who: str, at: datetime, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        builders.started_screening(by=request.getfixturevalue(who), at=at)


@pytest.mark.usefixtures("case")
def test_an_unknown_instrument_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(InvalidInputError, match="palermo-matrix") as refused:
        current_instrument("rorschach")
    assert refused.value.problems[0].pointer == "/instrument"
    with pytest.raises(InvalidInputError):
        current_instrument("palermo-matrix", version="1066")


@pytest.mark.usefixtures("case")
def test_instruments_and_indicators_are_there() -> None:
    assert {row.code for row, _ in instruments()} >= {"palermo-matrix", CHILD}
    assert len(indicator_vocabulary()) > 20
