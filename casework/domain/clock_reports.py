"""Reports for fixed periods: halves, quarters, fiscal years, each due some days after its end."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from casework.domain.circumstances import Circumstances
from casework.domain.clock_days import Moment, started
from casework.domain.clock_periods import Running, meetings, standing
from casework.domain.clock_rules import ClockKind, ClockRule
from casework.domain.clock_starts import Start
from casework.domain.counting import months_after
from casework.domain.local_time import day_of, end_of_day, start_of_day
from casework.domain.readings import Reading

_DAY = timedelta(days=1)
_MONTHS = {ClockKind.QUARTER: 3, ClockKind.HALF_YEAR: 6, ClockKind.FISCAL_YEAR: 12}
_FISCAL_MONTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One fixed period: its name and its first and last day."""

    name: str
    first: date
    last: date


def window_of(rule: ClockRule, day: date) -> Window:
    """The fixed period of the rule in which a day lies."""
    months = _MONTHS[rule.kind]
    offset = _FISCAL_MONTH - 1 if rule.kind is ClockKind.FISCAL_YEAR else 0
    into = (day.month - 1 - offset) % months
    first = months_after(day.replace(day=1), -into)
    last = months_after(first, months) - _DAY
    return Window(name=_name(rule, first), first=first, last=last)


def _name(rule: ClockRule, first: date) -> str:
    fiscal_year = first.year + (first.month >= _FISCAL_MONTH)
    if rule.kind is ClockKind.FISCAL_YEAR:
        return f"FY{fiscal_year}"
    if rule.kind is ClockKind.HALF_YEAR:
        return f"{first.year}-H{(first.month - 1) // 6 + 1}"
    if rule.window and rule.window.fiscal:
        return f"FY{fiscal_year}-Q{(first.month - _FISCAL_MONTH) % 12 // 3 + 1}"
    return f"{first.year}-Q{(first.month - 1) // 3 + 1}"


def reports(start: Start, case: Circumstances) -> list[Reading]:
    """One reading for each fixed period from the start until now, or until what ends them.

    A report counts for the earliest period still without one that had ended by its day. What ends
    the award ends no duty to report on the time before it.
    """
    today = day_of(case.as_of, start.zone)
    end = next((e for e in case.of_kinds(start.rule.ends_with) if e.at >= start.at), None)
    last_day = day_of(end.at, start.zone) if end else date.max
    windows = list(_windows(start, min(today, last_day)))
    periods = [_period(start, window) for window in windows]
    met = meetings(periods, case)
    readings = [
        replace(
            standing(period, met.get(period.start.period), case),
            started_at=start_of_day(max(window.first, start.day), start.zone),
            started_on=max(window.first, start.day),
        )
        for window, period in zip(windows, periods, strict=True)
    ]
    following = windows[-1].last + _DAY
    if following <= last_day:
        readings[-1] = replace(readings[-1], look_again_at=start_of_day(following, start.zone))
    return readings


def _windows(start: Start, until: date) -> Iterator[Window]:
    window = window_of(start.rule, start.day)
    yield window
    while window.last < until:
        window = window_of(start.rule, window.last + _DAY)
        yield window


def _period(start: Start, window: Window) -> Running:
    rule = start.rule
    offset = rule.window.due_offset_days if rule.window else None
    due = window.last + timedelta(days=offset or 0)
    steps = [
        f"{started(start)}.",
        f"{window.name}: {window.first} to {window.last}; due {offset} days after its end: {due}.",
    ]
    begins = replace(
        start,
        rule=rule.model_copy(update={"ends_with": ()}),
        at=start_of_day(window.last, start.zone),
        period=window.name,
    )
    return Running(start=begins, moment=Moment(on=due, at=end_of_day(due, start.zone), steps=steps))
