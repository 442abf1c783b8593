"""Many cases moved at once: as the long way round would, and none of them in another's way."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from django.db import OperationalError, connection

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline, Event, Reminder
from casework.services import moving_writes
from casework.services.checking import check_agency
from casework.services.deadline_acts import rely_on_exception
from casework.services.deadlines import derive_deadlines
from casework.services.events import NewEvent, amend_event
from casework.services.knowledge import clock_book
from casework.services.rederiving import Rederived, add_holiday, rederive, remove_holiday
from tests import builders
from tests.casework.clock_desk import DAY, because, clock, journaled
from tests.database import Database

pytestmark = pytest.mark.usefixtures("committed_db")
RFE = "RFE-84"
LAST = date(2026, 8, 24)
"""84 days after 1 June 2026, a Monday."""


@contextmanager
def closed(at: datetime) -> Iterator[Rederived]:
    """The offices are closed on that day, for as long as the test looks."""
    try:
        yield add_holiday("federal", LAST, title="Closed by order", citation="An order", at=at)
    finally:
        remove_holiday("federal", LAST, at=at)


_BREAK_OFF = "SELECT pg_terminate_backend(%s)"
_WAITING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""


def in_thread(action: Callable[..., Rederived], *given: object, **named: object) -> Rederived:
    """On a connection of the thread's own, which ends with it."""
    try:
        return action(*given, **named)
    finally:
        connection.close()


def close_the_offices(at: datetime) -> Rederived:
    citation = "An order"
    return in_thread(add_holiday, "federal", LAST, title="Closed", citation=citation, at=at)


def wait_for_a_lock(database: Database) -> int:
    """The server process that waits for a lock of another."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if row := database.execute(_WAITING).fetchone():
            return int(str(row[0]))
        time.sleep(0.02)
    pytest.fail("nobody waits for a lock")


def closed_during(
    deed: Callable[[], object], agency: Agency, at: datetime, database: Database
) -> Rederived:
    """The offices close after the deed was derived without it, and before it is committed."""
    with ThreadPoolExecutor(1) as elsewhere:
        with agency_context(agency.pk):
            deed()
            moving = elsewhere.submit(close_the_offices, at)
            wait_for_a_lock(database)
        return moving.result()


def served(by: Principal, at: datetime) -> Case:
    case = builders.open_case(by=by, at=at)
    builders.record_event(case=case, by=by, at=at, kind="rfe_served")
    return case


def last_day(case: Case) -> date | None:
    with agency_context(case.agency_id):
        return clock(case, RFE).due_on


def test_every_case_moves_with_its_reminders_and_its_journal(
    harbor: Agency, alice: Principal, at: datetime
) -> None:
    cases = [served(alice, at) for _ in range(3)]
    later = served(alice, at + DAY)
    with closed(at + DAY) as done, agency_context(harbor.pk):
        assert (done.cases, done.moved, done.failed) == (4, 3, 0)
        for case in cases:
            row = clock(case, RFE)
            assert (row.due_on, row.version) == (LAST + DAY, 2)
            due = Reminder.objects.get(deadline=row, deadline_version=2, rung="due")
            assert due.fire_at.isoformat() == "2026-08-25T13:00:00+00:00"
            old = Reminder.objects.filter(deadline=row, deadline_version=1)
            assert set(old.values_list("status", flat=True)) == {"superseded"}
            assert journaled(case) == ["deadline.started", "deadline.moved"]
        assert clock(later, RFE).version == 1


def test_nothing_is_left_for_the_long_way_round_or_for_the_nightly_check(
    harbor: Agency, alice: Principal, at: datetime
) -> None:
    case = served(alice, at)
    with agency_context(harbor.pk):
        rely_on_exception(clock(case, RFE), because(), by=alice, at=at)
    with closed(at), agency_context(harbor.pk):
        row = clock(case, RFE)
        assert (row.due_on, row.steps[-1][:26]) == (LAST + DAY, "An exception was recorded ")
        assert derive_deadlines(case, by=alice, at=at) == []
        assert check_agency(harbor, clock_book(), at=at) == []


def test_cases_of_every_agency_move(alice: Principal, charlie: Principal, at: datetime) -> None:
    cases = [served(alice, at), served(charlie, at)]
    with closed(at) as done:
        assert done.moved == 2
        assert [last_day(case) for case in cases] == [LAST + DAY] * 2
    assert [last_day(case) for case in cases] == [LAST] * 2


def test_a_case_that_cannot_be_derived_holds_up_no_other(
    harbor: Agency, alice: Principal, at: datetime
) -> None:
    broken, sound = served(alice, at), served(alice, at)
    with agency_context(harbor.pk):
        Event.objects.filter(case=broken).update(zone="Mars/Olympus")
    with closed(at) as done:
        assert (done.cases, done.moved, done.failed) == (2, 1, 1)
        assert (last_day(broken), last_day(sound)) == (LAST, LAST + DAY)


def test_what_happens_between_reading_and_writing_is_not_overwritten(
    harbor: Agency, alice: Principal, at: datetime, as_superuser: Database
) -> None:
    case, other = served(alice, at), served(alice, at)
    with ThreadPoolExecutor(1) as elsewhere:
        with agency_context(harbor.pk):
            Case.objects.locked().get(pk=case.pk)
            moving = elsewhere.submit(close_the_offices, at)
            wait_for_a_lock(as_superuser)
            builders.record_event(case=case, by=alice, at=at, kind="rfe_answered")
        done = moving.result()
    try:
        with agency_context(harbor.pk):
            row = clock(case, RFE)
            assert (done.moved, row.status, row.due_on) == (1, "met", LAST + DAY)
            assert not Reminder.objects.filter(deadline=row, status="scheduled").exists()
            assert clock(other, RFE).due_on == LAST + DAY
    finally:
        remove_holiday("federal", LAST, at=at)


@pytest.fixture
def opened_again(committed_db: None, at: datetime) -> Iterator[None]:  # noqa: ARG001
    """What a test closed is open again after it, while the tables are still there."""
    yield
    remove_holiday("federal", LAST, at=at)


@pytest.mark.usefixtures("opened_again")
def test_an_event_amended_under_the_old_calendar_is_the_one_that_started_the_clock(
    harbor: Agency, alice: Principal, at: datetime, as_superuser: Database
) -> None:
    case = served(alice, at)
    again = NewEvent(kind="rfe_served", at=at, zone="America/New_York", note="Read again.")

    def amend() -> None:
        amend_event(Event.objects.get(case=case), again, by=alice, at=at)

    closed_during(amend, harbor, at, as_superuser)
    with agency_context(harbor.pk):
        row = clock(case, RFE)
        assert (row.due_on, row.trigger_event) == (LAST + DAY, Event.objects.standing().get())


@pytest.mark.usefixtures("opened_again")
def test_an_exception_recorded_under_the_old_calendar_stays(
    harbor: Agency, alice: Principal, at: datetime, as_superuser: Database
) -> None:
    case = served(alice, at)

    def rely() -> None:
        rely_on_exception(clock(case, RFE), because(), by=alice, at=at)

    closed_during(rely, harbor, at, as_superuser)
    with agency_context(harbor.pk):
        row = clock(case, RFE)
        assert (row.due_on, row.steps[-1][:26]) == (LAST + DAY, "An exception was recorded ")


def test_a_server_that_goes_leaves_every_case_whole(
    harbor: Agency, alice: Principal, at: datetime, as_superuser: Database
) -> None:
    cases = [served(alice, at) for _ in range(3)]
    with ThreadPoolExecutor(1) as elsewhere:
        with agency_context(harbor.pk):
            Case.objects.locked().get(pk=cases[1].pk)
            moving = elsewhere.submit(close_the_offices, at)
            as_superuser.execute(_BREAK_OFF, [wait_for_a_lock(as_superuser)])
            with pytest.raises(OperationalError):
                moving.result()
        assert [last_day(case) for case in cases] == [LAST + DAY, LAST, LAST]
        rules = [RFE]
        assert elsewhere.submit(in_thread, rederive, rules, at=at).result().moved == 2
    remove_holiday("federal", LAST, at=at)
    with agency_context(harbor.pk):
        assert check_agency(harbor, clock_book(), at=at) == []


def test_no_other_question_strays_between_cases_on_their_way() -> None:
    with moving_writes._on_the_way(), pytest.raises(RuntimeError, match="not mixed"):
        Case.objects.exists()


def test_a_clock_that_has_not_begun_yet_is_left_to_the_long_way_round(
    harbor: Agency, alice: Principal, at: datetime
) -> None:
    case = served(alice, at)
    with agency_context(harbor.pk):
        Deadline.objects.filter(case=case).update(rule="SOMETHING-ELSE")
    done = rederive([RFE], at=at)
    assert (done.cases, done.moved) == (1, 1)
    assert last_day(case) == LAST
