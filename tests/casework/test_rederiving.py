"""Clocks that move although nothing happened in their case: a holiday, a changed rule, time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from casework.access import agency_context
from casework.domain.errors import InvalidInputError
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline, Definition, Reminder
from casework.services import rederiving
from casework.services.knowledge import clock_book
from casework.services.rederiving import (
    Rederived,
    add_holiday,
    look_again,
    rederive,
    remove_holiday,
)
from tests import builders
from tests.casework.clock_desk import DAY, HOUR, break_events, clock, journaled, rungs
from tests.cast import without_context

RFE = "RFE-84"
LAST = date(2026, 8, 24)
"""84 days after 1 June 2026, a Monday."""


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency) -> Iterator[None]:
    with agency_context(harbor.pk):
        yield


@pytest.fixture
def letter(case: Case, alice: Principal, at: datetime) -> Deadline:
    """A request for evidence, served on 1 June."""
    return served(case, alice, at)


def served(case: Case, by: Principal, at: datetime) -> Deadline:
    builders.record_event(case=case, by=by, at=at, kind="rfe_served")
    with agency_context(by.agency_id):
        return clock(case, RFE)


def closed(day: date, at: datetime) -> Rederived:
    with without_context():
        return add_holiday("federal", day, title="Closed by order", citation="An order", at=at)


def opened(day: date, at: datetime, calendar: str = "federal") -> Rederived:
    with without_context():
        return remove_holiday(calendar, day, at=at)


def now(row: Deadline) -> Deadline:
    with agency_context(row.agency_id):
        return Deadline.objects.get(pk=row.pk)


def test_a_holiday_moves_the_clock_that_ends_on_it_and_its_reminders(
    letter: Deadline, at: datetime
) -> None:
    done = closed(LAST, at)
    after = now(letter)
    assert (letter.due_on, after.due_on) == (LAST, LAST + DAY)
    assert after.version == letter.version + 1
    assert (done.cases, done.moved) == (1, 1)
    due = Reminder.objects.get(deadline=after, deadline_version=after.version, rung="due")
    assert due.fire_at.isoformat() == "2026-08-25T13:00:00+00:00"
    assert not Reminder.objects.filter(
        deadline=after, deadline_version=letter.version, status="scheduled"
    ).exists()
    assert journaled(letter.case)[-1] == "deadline.moved"


def test_a_holiday_leaves_every_other_clock_at_its_version(
    letter: Deadline, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=letter.case, by=alice, at=at, kind="uac_determined")
    other = builders.open_case(by=alice, at=at)
    later = served(other, alice, at + DAY)
    before = dict(Deadline.objects.exclude(pk=letter.pk).values_list("pk", "version"))
    assert closed(LAST, at + DAY).moved == 1
    assert dict(Deadline.objects.exclude(pk=letter.pk).values_list("pk", "version")) == before
    assert now(later).due_on == LAST + DAY


def test_a_holiday_moves_the_clocks_of_every_agency(
    letter: Deadline, charlie: Principal, at: datetime
) -> None:
    elsewhere = served(builders.open_case(by=charlie, at=at), charlie, at)
    assert closed(LAST, at).moved == 2
    assert now(letter).due_on == now(elsewhere).due_on == LAST + DAY


def test_a_holiday_taken_back_moves_it_back(letter: Deadline, at: datetime) -> None:
    closed(LAST, at)
    assert opened(LAST, at + HOUR).moved == 1
    after = now(letter)
    assert (after.due_on, after.version) == (LAST, letter.version + 2)
    assert clock_book().calendars["federal"].holiday(LAST) == ""


def test_a_holiday_taken_back_can_be_added_again(letter: Deadline, at: datetime) -> None:
    for _ in range(2):
        closed(LAST, at)
        opened(LAST, at)
    assert closed(LAST, at).moved == 1
    assert now(letter).due_on == LAST + DAY


@pytest.mark.parametrize(
    ("calendar", "day", "text", "refusal"),
    [
        ("lunar", LAST, "x", ("/calendar", "not_an_option")),
        ("federal", date(2026, 12, 25), "x", ("/day", "known_already")),
        ("federal", date(2026, 7, 3), "x", ("/day", "known_already")),
        ("federal", LAST, " ", ("/title", "required")),
    ],
)
def test_a_holiday_that_cannot_be_added_changes_nothing(
    letter: Deadline, at: datetime, calendar: str, day: date, text: str, refusal: tuple[str, str]
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        add_holiday(calendar, day, title=text, citation="x", at=at)
    (problem,) = refused.value.problems
    assert (problem.pointer, problem.code) == refusal
    assert not Definition.objects.of_kind("holiday").current().exists()
    assert now(letter).version == letter.version


def test_a_holiday_needs_its_source(at: datetime) -> None:
    with pytest.raises(InvalidInputError) as refused:
        add_holiday("federal", LAST, title="Closed by order", citation="", at=at)
    assert refused.value.problems[0].pointer == "/citation"


def test_a_holiday_is_added_once(letter: Deadline, at: datetime) -> None:
    closed(LAST, at)
    with pytest.raises(InvalidInputError, match="holiday already: Closed by order"):
        closed(LAST, at)
    assert now(letter).version == letter.version + 1


@pytest.mark.parametrize("day", [LAST, date(2026, 12, 25)])
def test_only_a_day_that_was_added_is_taken_back(at: datetime, day: date) -> None:
    with pytest.raises(InvalidInputError) as refused:
        opened(day, at)
    assert refused.value.problems[0].code == "not_known"


def test_a_case_that_cannot_be_derived_holds_up_no_other(
    letter: Deadline, alice: Principal, at: datetime
) -> None:
    other = served(builders.open_case(by=alice, at=at), alice, at)
    break_events(letter.case, zone="Mars/Olympus")
    assert closed(LAST, at).moved == 1
    assert now(letter).version == letter.version
    assert now(other).due_on == LAST + DAY


@pytest.mark.parametrize("broken", [{"zone": "Mars/Olympus"}, {"kind": "no_such_kind"}])
def test_cases_that_cannot_be_derived_hold_up_no_passing_of_time(
    case: Case, alice: Principal, at: datetime, broken: dict[str, str]
) -> None:
    other = builders.open_case(by=alice, at=at)
    for one in (case, other):
        builders.record_event(case=one, by=alice, at=at, kind="asylum_filed")
    break_events(case, **broken)
    assert look_again(case.agency, at=at + 151 * DAY) == 1
    assert clock(case, "ASYLUM-EAD-150").status == "running"
    assert clock(other, "ASYLUM-EAD-150").status == "open"


def test_more_broken_cases_than_a_round_takes_hold_up_no_other(
    case: Case, alice: Principal, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rederiving, "_BATCH", 1)
    others = [builders.open_case(by=alice, at=at) for _ in range(2)]
    for one in (case, *others):
        builders.record_event(case=one, by=alice, at=at, kind="asylum_filed")
    break_events(case, zone="Mars/Olympus")
    break_events(others[0], zone="Mars/Olympus")
    assert look_again(case.agency, at=at + 151 * DAY) == 1
    assert clock(others[1], "ASYLUM-EAD-150").status == "open"


def test_what_time_alone_changes_is_changed_when_its_time_has_come(
    case: Case, alice: Principal, harbor: Agency, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="asylum_filed")
    row = clock(case, "ASYLUM-EAD-150")
    assert row.due_at is not None
    assert look_again(harbor, at=row.due_at - timedelta(microseconds=1)) == 0
    assert now(row).status == "running"
    assert look_again(harbor, at=row.due_at) == 1
    assert now(row).status == "open"
    assert look_again(harbor, at=row.due_at) == 0


def test_the_day_from_which_something_may_be_done_is_still_told_once_it_has_come(
    case: Case, alice: Principal, harbor: Agency, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="asylum_filed")
    row = clock(case, "ASYLUM-EAD-150")
    assert row.due_at is not None
    look_again(harbor, at=row.due_at)
    assert rungs(now(row)) == ["left_7d", "due"]


def test_what_may_be_done_already_when_it_is_recorded_is_told_once(
    case: Case, alice: Principal, harbor: Agency, at: datetime
) -> None:
    filed = at - 200 * DAY
    builders.record_event(case=case, by=alice, at=at, kind="asylum_filed", happened=filed)
    row = clock(case, "ASYLUM-EAD-150")
    assert (row.status, rungs(row)) == ("open", ["due"])
    assert rungs(row, "superseded") == ["left_7d"]
    assert look_again(harbor, at=at + DAY) == 0


def test_a_further_year_begins_by_itself(
    case: Case, alice: Principal, harbor: Agency, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="ovc_trafficking_award_started")
    rule = Deadline.objects.exclude(look_again_at=None).order_by("look_again_at")[0]
    assert rule.look_again_at is not None
    periods = Deadline.objects.filter(rule=rule.rule).count()
    look_again(harbor, at=rule.look_again_at)
    assert Deadline.objects.filter(rule=rule.rule).count() == periods + 1
    assert journaled(case)[-1] == "deadline.started"


def test_rederiving_without_a_change_moves_nothing(letter: Deadline, at: datetime) -> None:
    done = rederive([RFE], at=at)
    assert (done.cases, done.moved) == (1, 0)
    assert now(letter).version == letter.version
