"""When to remind, and whom."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from casework.domain.ladders import (
    Audience,
    Ladder,
    QuietHours,
    Schedule,
    plan,
    upcoming_repeat,
)
from casework.domain.local_time import end_of_day
from tests.row_by_row import every
from tests.seeds import rows

LADDERS = rows.ladders()
START = datetime(2026, 3, 7, 16, tzinfo=UTC)


NIGHT = {"from": "21:00", "to": "08:00"}
NEW_YORK = "America/New_York"


def hours(period: int, started_at: datetime = START) -> Schedule:
    return Schedule(started_at=started_at, due_at=started_at + timedelta(hours=period))


def days(last: date, started_at: datetime = START, zone: str = NEW_YORK) -> Schedule:
    return Schedule(started_at=started_at, due_at=end_of_day(last, zone), day=last, zone=zone)


def there(at: datetime, zone: str = NEW_YORK) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("ladder", "period", "expected"),
    [
        ("elapsed-72h", 72, [0, 24, 48, 60, 68, 71, 72, 73]),
        ("elapsed-48h", 48, [0, 24, 36, 44, 47, 48, 49]),
        ("elapsed-24h", 24, [0, 12, 20, 23, 24, 25]),
        ("report-72h", 72, [48, 68, 72]),
    ],
)
def test_the_rungs_lie_where_they_should(ladder: str, period: int, expected: list[int]) -> None:
    planned = plan(LADDERS[ladder], hours(period))
    assert [(rung.fire_at - START) / timedelta(hours=1) for rung in planned] == expected


def test_an_overdue_deadline_calls_the_supervisor_every_hour_without_end() -> None:
    ladder, when = LADDERS["elapsed-72h"], hours(72)
    assert when.due_at is not None
    first = plan(ladder, when)[-1]
    assert (first.code, first.repeat_minutes) == ("overdue_1", 60)
    for number in range(1, 200):
        now = when.due_at + timedelta(hours=number)
        rung = upcoming_repeat(ladder, when, now)
        assert rung is not None
        assert (rung.code, rung.fire_at) == (f"overdue_{number + 1}", now + timedelta(hours=1))
        assert rung.audience == (Audience.SUPERVISOR, Audience.ADMINISTRATOR)


@pytest.mark.parametrize(("ladder", "passed"), [("elapsed-72h", 72.5), ("report-72h", 99)])
def test_there_is_no_repeat_to_come_before_the_first_or_where_there_are_none(
    ladder: str, passed: float
) -> None:
    now = START + timedelta(hours=passed)
    assert upcoming_repeat(LADDERS[ladder], hours(72), now) is None


def test_no_rung_is_left_out_when_the_period_is_shorter_than_the_ladder() -> None:
    planned = plan(LADDERS["elapsed-72h"], hours(1))
    assert len(planned) == 8
    assert planned[0].fire_at < START


def test_days_are_reminded_of_in_the_morning_of_the_place_whatever_its_clock_did() -> None:
    planned = plan(LADDERS["short-days"], days(date(2026, 3, 9)))
    assert [(rung.code, there(rung.fire_at)) for rung in planned if rung.code != "started"] == [
        ("left_7d", "2026-03-02 09:00"),
        ("left_3d", "2026-03-06 09:00"),
        ("left_1d", "2026-03-08 09:00"),
        ("due", "2026-03-09 09:00"),
        ("overdue_1", "2026-03-10 09:00"),
    ]


def test_what_is_overdue_by_days_comes_again_at_the_same_time_of_day() -> None:
    when = days(date(2026, 3, 6))
    now = datetime(2026, 3, 8, 20, tzinfo=UTC)
    rung = upcoming_repeat(LADDERS["short-days"], when, now)
    assert rung is not None
    assert (rung.code, there(rung.fire_at)) == ("overdue_3", "2026-03-09 09:00")


def test_hours_before_the_end_of_a_day_are_hours() -> None:
    planned = plan(LADDERS["before-removal"], days(date(2026, 3, 9)))
    assert {rung.code: there(rung.fire_at) for rung in planned}["left_4h"] == "2026-03-09 19:59"


def test_without_a_moment_only_what_hangs_on_the_start_is_said() -> None:
    nothing_due = Schedule(started_at=START, due_at=None)
    assert [rung.code for rung in plan(LADDERS["before-removal"], nothing_due)] == ["started"]
    assert upcoming_repeat(LADDERS["elapsed-72h"], nothing_due, START) is None


@pytest.mark.parametrize(
    ("local", "ahead", "expected"),
    [
        ("2026-03-07 20:59", True, "2026-03-07 20:59"),
        ("2026-03-07 21:00", True, "2026-03-07 21:00"),
        ("2026-03-07 23:30", True, "2026-03-07 21:00"),
        ("2026-03-08 07:59", True, "2026-03-07 21:00"),
        ("2026-03-08 08:00", True, "2026-03-08 08:00"),
        ("2026-03-07 23:30", False, "2026-03-08 08:00"),
        ("2026-03-08 01:00", False, "2026-03-08 08:00"),
        ("2026-03-08 12:00", False, "2026-03-08 12:00"),
    ],
)
def test_quiet_hours_bring_a_warning_forward_and_hold_back_the_rest(
    local: str, ahead: bool, expected: str
) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)
    quiet = QuietHours.model_validate(NIGHT)
    assert there(quiet.over(at, NEW_YORK, ahead=ahead)) == expected


@pytest.mark.parametrize(
    ("ahead", "expected"), [(True, "2026-03-09 12:00"), (False, "2026-03-09 14:00")]
)
def test_quiet_hours_can_lie_within_a_day(ahead: bool, expected: str) -> None:
    at = datetime(2026, 3, 9, 17, tzinfo=UTC)
    quiet = QuietHours.model_validate({"from": "12:00", "to": "14:00"})
    assert there(quiet.over(at, NEW_YORK, ahead=ahead)) == expected


def test_quiet_hours_hold_back_what_is_said_at_the_start() -> None:
    night = datetime(2026, 3, 7, 4, tzinfo=UTC)
    first = plan(LADDERS["years"], days(date(2030, 3, 6), night))
    started = next(rung for rung in first if rung.code == "started")
    assert there(started.fire_at) == "2026-03-07 08:00"


@every(LADDERS.values(), lambda ladder: ladder.id)
def test_a_period_in_hours_knows_no_quiet(ladder: Ladder) -> None:
    if ladder.id.startswith(("elapsed", "report-72h", "before-removal", "short")):
        assert ladder.quiet_hours is None


RUNG: dict[str, Any] = {
    "code": "due",
    "anchor": "due",
    "offset_minutes": 0,
    "audience": ["assignee"],
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"rungs": [RUNG, RUNG]},
        {"rungs": [{**RUNG, "code": "overdue_1"}]},
        {"rungs": []},
        {"repeat": {"every_minutes": 60, "audience": ["supervisor"], "from": "start"}},
        {
            "quiet_hours": NIGHT,
            "repeat": {"every_minutes": 60, "audience": ["supervisor"], "from": "due"},
        },
        {"repeat": {"every_minutes": 0, "audience": ["supervisor"], "from": "due"}},
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Ladder.model_validate({"id": "x", "rungs": [RUNG], **wrong})
