"""Business days: the holidays of any year, worked out by hand, and calendars written as data."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from casework.domain.calendars import FurtherHoliday, Holiday, Weekday, WorkCalendar, WorkDays
from tests.seeds import rows

FEDERAL = rows.work_days("federal")
SOURCED: dict[str, Any] = {
    "citation": "1 Example Code 1",
    "law_sources": ["example-code"],
    "certainty": "low",
}
STATE: dict[str, Any] = {
    **SOURCED,
    "id": "example-state",
    "version": "1",
    "title": "Holidays of an example State",
    "jurisdiction": "US-XX",
    "sunday_to_monday": True,
    "holidays": [
        {"name": "Founders' Day", "month": 3, "day": 31, "first_on": "2015-01-01"},
        {"name": "Leap Day", "month": 2, "day": 29},
        {"name": "Fifth Friday", "month": 5, "weekday": "friday", "nth": 5},
        {"name": "Long Weekend", "month": 11, "weekday": "thursday", "nth": 4, "days_after": 1},
        {"name": "Old Fair", "month": 8, "weekday": "monday", "nth": -1, "last_on": "2019-12-31"},
    ],
}
STATE_DAYS = WorkDays(WorkCalendar.model_validate(STATE))
BY_HAND = {
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2022: "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
    2023: "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
}


@pytest.mark.parametrize("year", BY_HAND)
def test_the_weekdays_that_are_no_business_days_are_those_found_by_hand(year: int) -> None:
    kept = [day for day, _ in FEDERAL.kept_in(year) if day.weekday() < 5]
    assert [f"{day:%m-%d}" for day in kept] == BY_HAND[year].split()


def test_new_year_on_a_saturday_is_kept_on_the_last_day_of_the_year_before() -> None:
    assert FEDERAL.holiday(date(2027, 12, 31)) == "New Year's Day (observed)"
    assert FEDERAL.holiday(date(2028, 1, 1)) == "New Year's Day"
    assert FEDERAL.rolled(date(2027, 12, 31), 1) == date(2028, 1, 3)
    assert FEDERAL.rolled(date(2028, 1, 1), -1) == date(2027, 12, 30)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2020-06-19", ""),
        ("2021-06-18", "Juneteenth National Independence Day (observed)"),
        ("1985-01-21", ""),
        ("1986-01-20", "Birthday of Martin Luther King, Jr."),
        ("1971-10-25", "Veterans Day"),
        ("1971-11-11", ""),
        ("1975-10-27", "Veterans Day"),
        ("1977-10-24", "Veterans Day"),
        ("1977-11-11", ""),
        ("1978-10-23", ""),
        ("1978-11-10", "Veterans Day (observed)"),
        ("2012-11-12", "Veterans Day (observed)"),
    ],
)
def test_a_holiday_is_kept_from_its_first_day_to_its_last(day: str, name: str) -> None:
    assert FEDERAL.holiday(date.fromisoformat(day)) == name


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-07-03", "Independence Day (observed)"),
        ("2026-07-04", "Independence Day"),
        ("2026-07-05", "Sunday"),
        ("2026-07-06", ""),
    ],
)
def test_why_a_day_does_not_count_is_said(day: str, why: str) -> None:
    assert FEDERAL.why_not(date.fromisoformat(day)) == why
    assert FEDERAL.is_business_day(date.fromisoformat(day)) is not bool(why)


@pytest.mark.parametrize(
    ("after", "number", "step", "expected"),
    [
        ("2026-07-01", 1, 1, "2026-07-02"),
        ("2026-07-01", 2, 1, "2026-07-06"),
        ("2026-07-04", 1, 1, "2026-07-06"),
        ("2026-07-06", 1, -1, "2026-07-02"),
        ("2027-12-30", 1, 1, "2028-01-03"),
        ("2026-07-04", 0, 1, "2026-07-04"),
    ],
)
def test_business_days_are_counted_over_holidays_and_weekends(
    after: str, number: int, step: int, expected: str
) -> None:
    counted = FEDERAL.counted(date.fromisoformat(after), number, step)
    assert counted == date.fromisoformat(expected)


def test_the_last_day_that_there_is_can_be_asked_about() -> None:
    assert FEDERAL.holiday(date.max) == ""


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2014-03-31", ""),
        ("2015-03-31", "Founders' Day"),
        ("2018-03-30", ""),
        ("2018-03-31", "Founders' Day"),
        ("2019-04-01", "Founders' Day (observed)"),
        ("2024-02-29", "Leap Day"),
        ("2000-02-29", "Leap Day"),
        ("2023-02-28", ""),
        ("2100-03-01", ""),
        ("2026-05-29", "Fifth Friday"),
        ("2025-05-30", "Fifth Friday"),
        ("2024-05-31", "Fifth Friday"),
        ("2023-05-26", ""),
        ("2024-11-22", ""),
        ("2024-11-29", "Long Weekend"),
        ("2026-11-27", "Long Weekend"),
        ("2019-08-26", "Old Fair"),
        ("2020-08-31", ""),
    ],
)
def test_a_state_keeps_the_days_that_its_rows_name(day: str, name: str) -> None:
    assert STATE_DAYS.holiday(date.fromisoformat(day)) == name


def test_a_year_without_a_fifth_friday_has_none() -> None:
    fair = Holiday.model_validate({"name": "x", "month": 5, "weekday": Weekday.FRIDAY, "nth": 5})
    assert fair.in_year(2023) is None
    assert fair.in_year(2026) == date(2026, 5, 29)


@pytest.mark.parametrize(
    ("year", "day"), [(1900, None), (2000, date(2000, 2, 29)), (2026, None), (2100, None)]
)
def test_a_leap_day_is_a_holiday_in_leap_years_only(year: int, day: date | None) -> None:
    assert Holiday(name="x", month=2, day=29).in_year(year) == day


def test_a_further_day_closes_the_offices_on_that_day_alone() -> None:
    closed = FurtherHoliday.model_validate(
        {
            **SOURCED,
            "id": "federal-2026-12-24",
            "version": "added",
            "title": "Closed by order",
            "calendar": "federal",
            "day": "2026-12-24",
        }
    )
    work = WorkDays(FEDERAL.calendar, [closed])
    assert work.holiday(closed.day) == work.why_not(closed.day) == "Closed by order"
    assert work.rolled(closed.day, 1) == date(2026, 12, 28)
    assert (closed.day, "Closed by order") in work.kept_in(2026)
    assert work.is_business_day(date(2025, 12, 24))
    assert FEDERAL.is_business_day(closed.day)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"day": 1, "weekday": "monday", "nth": 1},
        {"day": 1, "nth": 1},
        {"day": 1, "weekday": "monday"},
        {"weekday": "monday"},
        {"weekday": "monday", "nth": 0},
        {"nth": 1},
        {"weekday": "monday", "nth": 6},
        {"weekday": "monday", "nth": -2},
        {"weekday": "someday", "nth": 1},
        {"day": 1, "days_after": 1},
        {"weekday": "friday", "nth": 4, "days_after": 7},
        {"month": 12, "weekday": "friday", "nth": -1, "days_after": 1},
        {"month": 2, "day": 30},
        {"month": 13, "day": 1},
        {"day": 1, "name": ""},
        {"day": 1, "note": "An unknown key."},
    ],
)
def test_a_holiday_that_is_no_day_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Holiday.model_validate({"name": "x", "month": 4, **wrong})


@pytest.mark.parametrize("wrong", [{"holidays": []}, {"citation": ""}, {"law_sources": []}])
def test_a_calendar_without_days_or_without_a_source_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WorkCalendar.model_validate({**STATE, **wrong})
