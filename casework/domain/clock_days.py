"""The moment of one period: so many hours from an instant, or so many days from a date."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from casework.domain.circumstances import ActKind, Circumstances
from casework.domain.clock_rules import ClockKind, ClockRule, Direction, Mark, Period, Roll
from casework.domain.clock_starts import BIRTHDAY, Start
from casework.domain.counting import Interval, Span, stretched
from casework.domain.events import MAY_LIE_AHEAD, EventKind, RecordedEvent
from casework.domain.local_time import day_of, end_of_day, local, stamp, start_of_day, utc

_UNITS = {
    ClockKind.CALENDAR_DAYS: "days",
    ClockKind.BUSINESS_DAYS: "business_days",
    ClockKind.CALENDAR_MONTHS: "months",
    ClockKind.CALENDAR_YEARS: "years",
}


@dataclass(slots=True, kw_only=True)
class Moment:
    """When a period is over, and how that follows."""

    at: datetime | None = None
    """In UTC; None while days do not count."""
    on: date | None = None
    """Where days are counted, the last of them."""
    paused_at: datetime | None = None
    steps: list[str] = field(default_factory=list)


def moment_of(start: Start, case: Circumstances) -> Moment:
    """The moment of the period that begins with `start`."""
    if start.rule.kind is ClockKind.ELAPSED_HOURS:
        return _in_hours(start)
    return _on_a_day(start, case)


def said(kind: EventKind) -> str:
    """An event in words."""
    return kind.value.replace("_", " ")


def started(start: Start) -> str:
    """What starts the period and when, in words; a birthday is not told."""
    if start.event.ref == BIRTHDAY:
        return f"{said(start.event.kind)} (from the recorded date of birth)"
    if start.rule.kind is ClockKind.ELAPSED_HOURS:
        return f"{said(start.event.kind)} {stamp(start.at)}"
    return f"{said(start.event.kind)} on {start.day} ({start.zone})"


def _in_hours(start: Start) -> Moment:
    hours = start.rule.hours or 0
    due_at = start.at + timedelta(hours=hours)
    return Moment(
        at=due_at,
        steps=[
            f"{started(start)} + {hours} h = {stamp(due_at)}",
            "Elapsed hours: nights, weekends, holidays and changes of the clock all count.",
        ],
    )


def _on_a_day(start: Start, case: Circumstances) -> Moment:
    rule, moment = start.rule, Moment()
    span = _span(rule, case)
    after = start.day - span.step * timedelta(days=1) if rule.first_day_counts else start.day
    due = _last_day(start, span, after)
    counted = "that day is the first" if rule.first_day_counts else "that day is not counted"
    sign = "-" if rule.counts is Direction.BEFORE else "+"
    amount = f"{span.number} {span.unit.replace('_', ' ')}"
    moment.steps.append(f"{started(start)}, {counted}; {sign} {amount} = {due}.")
    due = _by_mail(start, due, moment)
    due = _extended(start, case, due, moment)
    intervals = _intervals(start, case)
    running_out = [begun for begun, until in intervals if until is None and begun <= due]
    closed = [(begun, until) for begun, until in intervals if until]
    lengthened = stretched(after, due, closed, span) if closed else due
    if lengthened != due:
        moment.steps.append(f"Days that do not count are made up for: {lengthened}.")
        due = lengthened
        running_out = [begun for begun, until in intervals if until is None and begun <= due]
    cut = _cut_short(start, case, None if running_out else due, moment)
    if cut is not None:
        return _settled(start, case, cut, moment)
    if running_out:
        moment.paused_at = start_of_day(min(running_out), start.zone)
        moment.steps.append(
            f"Since {min(running_out)} days do not count; when it is due cannot be said yet."
        )
        return moment
    return _settled(start, case, due, moment)


def _last_day(start: Start, span: Span, after: date) -> date:
    """Where the first day counts: the day before the same one of the month, or the month's last."""
    if span.unit not in ("months", "years") or not start.rule.first_day_counts:
        return span.from_(after)
    same = span.from_(start.day)
    return same - span.step * timedelta(days=1) if same.day == start.day.day else same


def _settled(start: Start, case: Circumstances, due: date, moment: Moment) -> Moment:
    rolled = _rolled(start.rule, case, due, moment)
    moment.on, moment.at = rolled, end_of_day(rolled, start.zone)
    if start.rule.marks is Mark.OPENS:
        moment.at = start_of_day(rolled, start.zone)
    moment.steps.append(
        f"In {start.zone} that day {'begins' if start.rule.marks == 'opens' else 'ends'} at "
        f"{local(moment.at.replace(microsecond=0), start.zone)} = {stamp(moment.at)}."
    )
    return moment


def _span(rule: ClockRule, case: Circumstances) -> Span:
    return Span(
        unit=_UNITS[rule.kind],
        number=rule.amount or 0,
        step=-1 if rule.counts is Direction.BEFORE else 1,
        work=case.work_days(rule),
    )


def _by_mail(start: Start, due: date, moment: Moment) -> date:
    extra = start.rule.mailing_extra_days
    if not extra:
        return due
    if start.event.by_mail:
        due += timedelta(days=extra)
        moment.steps.append(f"It came by post: + {extra} days = {due}.")
    elif start.event.by_mail is None:
        moment.steps.append(
            f"Whether it came by post is not recorded: the {extra} days for that are not added, "
            "which is the earlier and safer day."
        )
    return due


def _extended(start: Start, case: Circumstances, due: date, moment: Moment) -> date:
    for act in case.acts_on(start.rule, start.period, ActKind.EXTEND):
        by = start.rule.extension.by if start.rule.extension else None
        longer = act.until or (plus(due, by) if by else due)
        if longer > due:
            due = longer
            moment.steps.append(f"Extended on {day_of(act.at, start.zone)}: {due}.")
    return due


def plus(due: date, by: Period) -> date:
    """The day moved by a period of days, months or years; hours move no day."""
    for unit in ("days", "months", "years"):
        number = getattr(by, unit)
        if number:
            return Span(unit=unit, number=number).from_(due)
    return due


def _cut_short(start: Start, case: Circumstances, due: date | None, moment: Moment) -> date | None:
    """The day of the first event that ends the period before its last day, whatever is paused."""
    for event in case.of_kinds(start.rule.cut_short_by):
        day = day_of(event.at, start.zone)
        if start.day <= day and (due is None or day < due):
            moment.steps.append(f"{said(event.kind)} on {day} cuts the period short.")
            return day
    return None


def _intervals(start: Start, case: Circumstances) -> list[Interval]:
    """The days that do not count: by events the rule names, and by what people recorded."""
    found: list[Interval] = []
    for tolling in start.rule.tolling:
        ends = case.of_kinds(tolling.to)
        for begun in case.of_kinds((tolling.from_,)):
            end = next((event for event in ends if utc(event.at) >= utc(begun.at)), None)
            found.append(
                (day_of(begun.at, start.zone), day_of(end.at, start.zone) if end else None)
            )
    pauses = case.acts_on(start.rule, start.period, ActKind.PAUSE)
    resumed = case.acts_on(start.rule, start.period, ActKind.RESUME)
    for act in pauses:
        again = next((other for other in resumed if other.at >= act.at), None)
        found.append(_interval(start, act.at, again.at if again else None))
    return found


def _interval(start: Start, begun: datetime, end: datetime | None) -> Interval:
    return day_of(begun, start.zone), day_of(end, start.zone) if end else None


def _rolled(rule: ClockRule, case: Circumstances, due: date, moment: Moment) -> date:
    work = case.work_days(rule)
    if rule.roll is Roll.NONE or work is None:
        return due
    step = -1 if rule.counts is Direction.BEFORE else 1
    rolled = work.rolled(due, step)
    if rolled != due:
        moment.steps.append(
            f"{due} is no business day ({work.why_not(due)}): the period runs to {rolled}."
        )
    return rolled


def begun(start: Start, event: RecordedEvent, moment: Moment) -> bool:
    """Whether an event comes late enough to belong to the period.

    Hours compare instants, days compare dates. What has to be done before a day that lies ahead can
    be done at any time before it; where a count back gives the first day, not before that day.
    """
    rule = start.rule
    if rule.kind is ClockKind.STATUS_WINDOW and start.event.kind in MAY_LIE_AHEAD:
        return True
    if rule.kind is ClockKind.ELAPSED_HOURS:
        return utc(event.at) >= start.at
    day = day_of(event.at, start.zone)
    if rule.counts is Direction.BEFORE:
        return rule.marks is not Mark.OPENS or moment.on is None or day >= moment.on
    return day >= start.day


def in_time(start: Start, at: datetime, moment: Moment) -> bool:
    """Whether an instant lies not after the moment."""
    if moment.on is not None:
        return day_of(at, start.zone) <= moment.on
    return moment.at is None or at <= moment.at


def earliest(instants: Sequence[datetime | None]) -> datetime | None:
    """The first of the instants that are known."""
    return min((at for at in instants if at is not None), default=None)
