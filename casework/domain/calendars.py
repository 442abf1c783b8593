"""Whose days are business days: holidays as data, computed for any year.

A calendar says which days are holidays, since when, and what happens where one falls on a weekend.
Single further days can be added to it, as when an office is closed by order.
"""

from calendar import Calendar as MonthDays
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from casework.domain.rule_versions import Definition, RuleVersion

_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """0 for Monday."""
        return list(Weekday).index(self)


class Holiday(Definition):
    """A day that comes every year: a day of a month, or so many of a weekday into it."""

    name: str = Field(min_length=1)
    month: int = Field(ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    weekday: Weekday | None = None
    nth: int | None = Field(default=None, ge=-1, le=5)
    """Counted from the first of the month; -1: the last one in it."""
    days_after: int = Field(default=0, ge=0, le=6)
    """So many days after that weekday, as the day after Thanksgiving is."""
    first_on: date | None = None
    """The first day on which it can be kept."""
    last_on: date | None = None
    text: str = ""

    @model_validator(mode="after")
    def _is_one_sort(self) -> Self:
        by_weekday = self.weekday is not None and self.nth not in (None, 0)
        if (self.day is not None) == by_weekday or (self.weekday is None) != (self.nth is None):
            raise ValueError("give a day, or else a weekday and nth")
        if self.days_after and not by_weekday:
            raise ValueError("days_after counts from a weekday and nth")
        if self.days_after and self.month == 12 and self.nth in (5, -1):
            raise ValueError("days_after stays within the year")
        if self.day is not None:
            date(2000, self.month, self.day)
        return self

    def in_year(self, year: int) -> date | None:
        """The day in that year; None where there is none, or it was not kept yet or any more."""
        day = self._day(year)
        if day is None or (self.first_on and day < self.first_on):
            return None
        return None if self.last_on and day > self.last_on else day

    def _day(self, year: int) -> date | None:
        if self.day is not None:
            leap_day = (self.month, self.day) == (2, 29)
            missing = leap_day and (year % 4 or (not year % 100 and year % 400))
            return None if missing else date(year, self.month, self.day)
        weekday, nth = self.weekday or Weekday.MONDAY, self.nth or 1
        days = [
            day
            for day in MonthDays().itermonthdates(year, self.month)
            if day.month == self.month and day.weekday() == weekday.number
        ]
        index = nth if nth < 0 else nth - 1
        return days[index] + self.days_after * _DAY if index < len(days) else None


class WorkCalendar(RuleVersion):
    """The holidays of one place or one branch of government."""

    holidays: tuple[Holiday, ...] = Field(min_length=1)
    saturday_to_friday: bool = False
    """Whether a holiday on a Saturday is kept on the Friday before."""
    sunday_to_monday: bool = False
    """Whether a holiday on a Sunday is kept on the Monday after."""
    notes: str = ""


ADDED = "added"
"""The version of a further holiday that was added to a running system and stands in no file."""


class FurtherHoliday(RuleVersion):
    """A single further day on which the offices of a calendar are closed."""

    calendar: str = Field(min_length=1)
    day: date


class WorkDays:
    """The business days of a calendar: Monday to Friday without its holidays."""

    def __init__(self, calendar: WorkCalendar, further: Iterable[FurtherHoliday] = ()) -> None:
        self.calendar = calendar
        self._further = {holiday.day: holiday.title for holiday in further}
        self._years: dict[int, dict[date, str]] = {}

    def holiday(self, day: date) -> str:
        """The name of the holiday that is kept on that day; empty where there is none."""
        for year in (day.year, day.year + 1):  # New Year on a Saturday is kept the year before
            if year not in self._years and year <= date.max.year:
                self._years[year] = dict(self._kept(year))
            name = self._years.get(year, {}).get(day)
            if name:
                return name
        return self._further.get(day, "")

    def kept_in(self, year: int) -> list[tuple[date, str]]:
        """The holidays of a year, in order, further days included."""
        days = [date(year, 1, 1) + number * _DAY for number in range(366)]
        return [(day, name) for day in days if day.year == year and (name := self.holiday(day))]

    def is_business_day(self, day: date) -> bool:
        """Whether that day is one of Monday to Friday and no holiday."""
        return day.weekday() < _SATURDAY and not self.holiday(day)

    def why_not(self, day: date) -> str:
        """Why that day is no business day: the weekday or the holiday; empty where it is one."""
        return self.holiday(day) or ("" if day.weekday() < _SATURDAY else day.strftime("%A"))

    def rolled(self, day: date, step: int) -> date:
        """The day itself if it is a business day, else the next one (step 1) or previous (-1)."""
        while not self.is_business_day(day):
            day += step * _DAY
        return day

    def counted(self, day: date, number: int, step: int) -> date:
        """The `number`-th business day after (step 1) or before (step -1) that day."""
        for _ in range(number):
            day = self.rolled(day + step * _DAY, step)
        return day

    def _kept(self, year: int) -> Iterator[tuple[date, str]]:
        for holiday in self.calendar.holidays:
            day = holiday.in_year(year)
            if day is None:
                continue
            yield day, holiday.name
            observed = self._moved(day)
            if observed != day:
                yield observed, f"{holiday.name} (observed)"

    def _moved(self, day: date) -> date:
        if day.weekday() == _SATURDAY and self.calendar.saturday_to_friday:
            return day - _DAY
        if day.weekday() == _SUNDAY and self.calendar.sunday_to_monday:
            return day + _DAY
        return day
