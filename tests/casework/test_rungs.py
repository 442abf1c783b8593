"""Which reminders hang on a clock in each of its states, and that none is told twice."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline, Reminder
from casework.services.deadline_acts import review_deadline
from casework.services.events import NewEvent, amend_event
from casework.services.rederiving import look_again
from tests import builders
from tests.casework.clock_desk import DAY, HOUR, because, clock, rungs


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency) -> Iterator[None]:
    with agency_context(harbor.pk):
        yield


def started(case: Case, by: Principal, at: datetime, kind: str, ago: timedelta) -> None:
    builders.record_event(case=case, by=by, at=at, kind=kind, happened=at - ago)


def reminder(row: Deadline, rung: str) -> Reminder:
    return Reminder.objects.get(deadline=row, deadline_version=row.version, rung=rung)


def test_a_review_is_asked_for_at_nine_on_its_day_and_weekly_until_somebody_looked(
    case: Case, alice: Principal, at: datetime
) -> None:
    started(case, alice, at, "detained", 0 * HOUR)
    row = clock(case, "DETENTION-REVIEW")
    assert rungs(row) == ["due", "overdue_1"]
    assert reminder(row, "due").fire_at.isoformat() == "2026-06-08T13:00:00+00:00"
    weekly = reminder(row, "overdue_1")
    assert weekly.fire_at.isoformat() == "2026-06-15T13:00:00+00:00"
    assert (weekly.audience, weekly.repeat_minutes) == (["assignee", "supervisor"], 7 * 24 * 60)


def test_a_review_that_was_missed_for_weeks_is_asked_for_once_and_again_next_week(
    case: Case, alice: Principal, at: datetime
) -> None:
    started(case, alice, at, "detained", 30 * DAY)
    row = clock(case, "DETENTION-REVIEW")
    assert rungs(row) == ["overdue_1", "overdue_4"]
    assert reminder(row, "overdue_4").fire_at.isoformat() == "2026-06-06T13:00:00+00:00"


def test_a_look_takes_down_what_asked_for_it(case: Case, alice: Principal, at: datetime) -> None:
    started(case, alice, at, "detained", 30 * DAY)
    before = clock(case, "DETENTION-REVIEW")
    after = review_deadline(before, because(), by=alice, at=at)
    old = Reminder.objects.filter(deadline=after, deadline_version=before.version)
    assert set(old.values_list("status", flat=True)) == {"superseded"}
    assert rungs(after) == ["due", "overdue_1"]


def test_what_has_no_known_end_says_once_that_it_began(
    case: Case, alice: Principal, at: datetime
) -> None:
    event, _ = builders.record_event(case=case, by=alice, at=at, kind="civil_action_filed")
    row = clock(case, "CP-1595-STAY")
    assert (row.status, rungs(row)) == ("open", ["started"])
    earlier = NewEvent(kind=event.kind, at=event.at - HOUR, zone=event.zone)
    amend_event(event, earlier, by=alice, at=at)
    moved = clock(case, "CP-1595-STAY")
    assert (moved.version, rungs(moved)) == (row.version + 1, [])


def test_that_no_deadline_was_found_is_said_once(
    case: Case, alice: Principal, at: datetime
) -> None:
    started(case, alice, at, "federal_vacatur_prepared", 0 * HOUR)
    row = Deadline.objects.get(status="no_deadline")
    assert rungs(row) == ["noted"]


def test_nobody_is_reminded_of_what_only_an_assumption_is_known_of(
    case: Case, alice: Principal, at: datetime
) -> None:
    started(case, alice, at, "apprehended", 0 * HOUR)
    row = clock(case, "UAC-TRANSFER-72H")
    assert (row.status, list(row.reminders.all())) == ("cannot_compute", [])


def test_moving_retires_what_was_to_come_and_keeps_what_was_told(
    case: Case, alice: Principal, at: datetime
) -> None:
    event, _ = builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    before = clock(case, "UAC-TRANSFER-72H")
    Reminder.objects.filter(rung="started").update(status="fired", settled_at=at)
    earlier = NewEvent(kind=event.kind, at=event.at - 2 * HOUR, zone=event.zone)
    amend_event(event, earlier, by=alice, at=at + HOUR)
    old = Reminder.objects.filter(deadline=before, deadline_version=before.version)
    by_status = {status: old.filter(status=status).count() for status in ("fired", "superseded")}
    assert by_status == {"fired": 1, "superseded": 7}
    assert old.get(rung="due").settled_at == at + HOUR


def test_the_latest_rung_speaks_for_all_that_passed_to_all_their_readers(
    case: Case, alice: Principal, at: datetime
) -> None:
    started(case, alice, at, "uac_determined", 61 * HOUR)
    row = clock(case, "UAC-TRANSFER-72H")
    speaker = reminder(row, "left_12h")
    assert (speaker.status, speaker.audience) == ("scheduled", ["assignee", "supervisor"])
    passed = ["started", "left_48h", "left_24h"]
    assert rungs(row, "superseded") == passed
    assert all(reminder(row, rung).settled_at == at for rung in passed)


def test_the_passing_of_time_tells_nothing_twice(
    case: Case, alice: Principal, harbor: Agency, at: datetime
) -> None:
    started(case, alice, at, "asylum_filed", 0 * HOUR)
    row = clock(case, "ASYLUM-EAD-150")
    assert row.due_at is not None
    Reminder.objects.filter(rung="left_7d").update(status="fired", settled_at=at)
    look_again(harbor, at=row.due_at)
    after = Deadline.objects.get(pk=row.pk)
    assert (after.status, after.version, rungs(after)) == ("open", row.version, ["due"])
