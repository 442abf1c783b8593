"""Reminders of clocks that count days: at their hour in the place, and worded as they are."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from casework.access import agency_context
from casework.models import Agency, Case, Deadline, Notice, Reminder, User
from casework.services.database_clock import database_now
from casework.services.sweep import sweep_agency
from tests.clocks_by_hand import clock

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PLACE = ZoneInfo("America/New_York")
NINE = time(9)


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency, bob_user: User, ada_user: User) -> Iterator[None]:  # noqa: ARG001
    with agency_context(harbor.pk):
        yield


def now() -> datetime:
    with connection.cursor() as cursor:
        return database_now(cursor)


def planted(row: Deadline, fire_at: datetime, repeat: int | None, rung: str = "overdue_1") -> None:
    Reminder.objects.create(
        agency_id=row.agency_id,
        deadline=row,
        deadline_version=row.version,
        rung=rung,
        fire_at=fire_at,
        audience=["supervisor"],
        repeat_minutes=repeat,
    )


def due_on(case: Case, day: datetime) -> Deadline:
    return clock(case, at=now(), started_at=day - DAY, due_at=day, due_on=day.date())


@pytest.mark.parametrize("month", [1, 7])
@pytest.mark.parametrize("days", [1, 7])
def test_what_is_overdue_by_days_comes_again_at_nine_in_summer_and_in_winter(
    harbor: Agency, case: Case, month: int, days: int
) -> None:
    first = datetime(2025, month, 7, 9, tzinfo=PLACE)
    planted(due_on(case, first - DAY), first.astimezone(UTC), days * 1440)
    sweep_agency(harbor)
    again = Reminder.objects.get(status="scheduled")
    there = again.fire_at.astimezone(PLACE)
    assert there.time() == NINE
    assert (there.date() - first.date()).days % days == 0
    assert timedelta(0) < again.fire_at - now() <= days * DAY + HOUR
    assert int(again.rung.removeprefix("overdue_")) == 1 + (there.date() - first.date()).days / days


def test_what_is_overdue_by_hours_comes_again_after_hours_that_have_passed(
    harbor: Agency, case: Case
) -> None:
    first = datetime(2025, 3, 8, 12, tzinfo=UTC)
    row = clock(case, at=now(), started_at=first - DAY, due_at=first)
    planted(row, first, 1440)
    sweep_agency(harbor)
    again = Reminder.objects.get(status="scheduled")
    assert (again.fire_at - first) % DAY == timedelta(0)


@pytest.mark.parametrize(
    ("columns", "template"),
    [
        ({"marks": "due"}, "deadline_overdue"),
        ({"marks": "ends"}, "deadline_overdue"),
        ({"marks": "opens"}, "deadline_ahead"),
        ({"marks": "opens", "status": "open"}, "deadline_ahead"),
        ({"status": "review", "due_at": None}, "deadline_ahead"),
        ({"status": "open", "due_at": None}, "deadline_ahead"),
        ({"status": "no_deadline", "due_at": None}, "deadline_ahead"),
    ],
)
def test_only_what_can_be_too_late_is_called_overdue(
    harbor: Agency, case: Case, columns: dict[str, object], template: str
) -> None:
    past = now() - 3 * DAY
    said = {"started_at": past - DAY, "due_at": past, "review_on": None, **columns}
    if columns.get("status") == "review":
        said["review_on"] = past.date()
    planted(clock(case, at=now(), **said), past, None, rung="due")
    sweep_agency(harbor)
    assert Notice.objects.get().template == template


def test_on_the_last_day_itself_nothing_is_overdue(harbor: Agency, case: Case) -> None:
    row = clock(case, at=now(), started_at=now() - DAY, due_at=now() + HOUR)
    planted(row, now() - HOUR, None, rung="due")
    sweep_agency(harbor)
    assert Notice.objects.get().template == "deadline_ahead"
