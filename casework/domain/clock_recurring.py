"""Clocks that come back: from each meeting, or on each anniversary of the first start."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from casework.domain.circumstances import Circumstances
from casework.domain.clock_days import begun, earliest, moment_of
from casework.domain.clock_open import no_deadline
from casework.domain.clock_periods import TICK, Running, meetings, standing
from casework.domain.clock_rules import ClockRule, Recurrence
from casework.domain.clock_starts import Start
from casework.domain.events import RecordedEvent
from casework.domain.local_time import day_of, start_of_day, utc
from casework.domain.readings import Reading, ReadingState
from casework.domain.rule_versions import in_force_on

_MOST = 200
"""Periods of one clock in one case: a guard against an event in a wrong century."""


def recurring(
    start: Start, versions: Sequence[ClockRule], case: Circumstances
) -> Iterator[Reading]:
    """One reading a period, from the first one to the one that runs at present."""
    if start.rule.recurs is Recurrence.FROM_MEETING:
        return _from_meeting(start, case)
    return _from_due(start, versions, case)


def _from_meeting(start: Start, case: Circumstances) -> Iterator[Reading]:
    current = start
    for number in range(2, _MOST):
        period = Running(start=current, moment=moment_of(current, case))
        meeting = _next_meeting(period, case)
        reading = standing(period, meeting, case)
        yield reading
        again = _starts_again(period, reading, meeting)
        if again is None:
            return
        current = replace(current, event=again, at=utc(again.at), period=str(number))


def _next_meeting(period: Running, case: Circumstances) -> RecordedEvent | None:
    """The first meeting after the event that started the period."""
    start = period.start
    return next(
        (
            event
            for event in case.of_kinds(period.rule.met_by)
            if (utc(event.at), event.ref) > (start.at, start.event.ref)
            and begun(start, event, period.moment)
        ),
        None,
    )


def _starts_again(
    period: Running, reading: Reading, meeting: RecordedEvent | None
) -> RecordedEvent | None:
    """From what the next period runs: the meeting, also by hand; after a waiver, the moment."""
    if reading.state is ReadingState.MET and reading.met_at:
        if meeting and utc(meeting.at) == reading.met_at:
            return meeting
        return replace(period.start.event, at=reading.met_at)
    if reading.state is ReadingState.WAIVED and period.moment.at:
        return replace(period.start.event, at=period.moment.at)
    return None


def _from_due(
    start: Start, versions: Sequence[ClockRule], case: Circumstances
) -> Iterator[Reading]:
    """Anniversaries of the first start, so that 29 February comes back in leap years."""
    end = next((e for e in case.of_kinds(start.rule.ends_with) if utc(e.at) >= start.at), None)
    periods = list(_anniversaries(start, case, utc(end.at) if end else None))
    met = meetings(periods, case)
    for number, period in enumerate(periods):
        rule = _version(period.start, versions)
        if number and rule.recurs is not Recurrence.FROM_DUE:
            yield no_deadline(replace(period.start, rule=rule), case)
            return
        reading = standing(period, met.get(period.start.period), case)
        due_at = reading.due_at
        if number == len(periods) - 1 and due_at and _goes_on(end, due_at, case):
            changes = [reading.look_again_at, due_at + TICK]
            reading = replace(reading, look_again_at=earliest(changes))
        yield reading


def _goes_on(end: RecordedEvent | None, due_at: datetime, case: Circumstances) -> bool:
    """Whether a further period begins once the moment has passed."""
    return case.as_of <= due_at and (end is None or utc(end.at) > due_at)


def _anniversaries(start: Start, case: Circumstances, end: datetime | None) -> Iterator[Running]:
    """A period for each anniversary that has passed, and the one that runs; none after the end."""
    begins = start
    for number in range(1, _MOST):
        longer = {
            name: number * amount
            for name in ("days", "months", "years")
            if (amount := getattr(start.rule, name))
        }
        whole = replace(start, rule=start.rule.model_copy(update=longer), period=begins.period)
        moment = moment_of(whole, case)
        yield Running(start=begins, moment=moment)
        if moment.at is None or moment.on is None or moment.at >= case.as_of:
            return
        if end is not None and end <= moment.at:
            return
        at = start_of_day(moment.on, start.zone)
        begins = replace(begins, at=at, period=str(number + 1))


def _version(start: Start, versions: Sequence[ClockRule]) -> ClockRule:
    """The version that holds on the day on which a later period begins."""
    holding = [rule for rule in versions if in_force_on(rule, day_of(start.at, start.zone))]
    return holding[-1] if holding else start.rule
