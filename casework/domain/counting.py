"""Counting dates: days, business days, months and years, what does not count, and the last day.

Dates only; whose day it is has been settled before. Nothing in here knows a rule of law.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from casework.domain.calendars import WorkDays

_DAY = timedelta(days=1)
Interval = tuple[date, date | None]
"""Days that do not count: from the first up to, and without, the second; None: it goes on."""


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later or, if negative, earlier.

    The month's last day where there is none such: 31 January and 29 February move to an earlier
    day and never into the next month, which for whoever must act is the safer reading.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """So many days, business days, months or years, forward (step 1) or backward (step -1)."""

    unit: str
    """days, business_days, months or years."""
    number: int
    step: int = 1
    work: WorkDays | None = None
    """Whose business days; needed where they are counted."""

    def from_(self, day: date) -> date:
        """The last day of the span; `day` itself is not counted."""
        moved = self.step * self.number
        if self.unit == "business_days" and self.work:
            return self.work.counted(day, self.number, self.step)
        if self.unit in ("months", "years"):
            return months_after(day, moved * (12 if self.unit == "years" else 1))
        return day + moved * _DAY

    def counts(self, day: date) -> bool:
        """Whether a day that does not count costs the span a day at all."""
        return self.unit != "business_days" or self.work is None or self.work.is_business_day(day)


def stretched(after: date, due: date, paused: Iterable[Interval], span: Span) -> date:
    """The last day once the days that do not count after `after` are made up for.

    Every interval must have an end. The result is itself a day that counts.
    """
    merged = _merged(paused)
    made_up = 0
    while (missed := _missed(after, due, merged, span.counts)) > made_up:
        due = _more(due, missed - made_up, span)
        made_up = missed
    return due


def _missed(
    after: date, due: date, paused: Sequence[tuple[date, date]], counts: Callable[[date], bool]
) -> int:
    """How many days that would count lie in the intervals, after `after` and up to `due`."""
    return sum(
        1
        for start, end in paused
        for number in range((min(end, due + _DAY) - max(start, after + _DAY)).days)
        if counts(max(start, after + _DAY) + number * _DAY)
    )


def _more(due: date, days: int, span: Span) -> date:
    if span.unit == "business_days" and span.work:
        return span.work.counted(due, days, 1)
    return due + days * _DAY


def _merged(paused: Iterable[Interval]) -> list[tuple[date, date]]:
    """The intervals in order, those that touch or overlap made one, so that no day counts twice."""
    merged: list[tuple[date, date]] = []
    for start, end in sorted((start, end) for start, end in paused if end):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
