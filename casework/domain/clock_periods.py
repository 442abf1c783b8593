"""How a period with a moment stands: met, late, closed, paused or still to be met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from casework.domain.circumstances import ActKind, Circumstances
from casework.domain.clock_days import Moment, begun, earliest, in_time, said
from casework.domain.clock_rules import ClockRule, Direction, Mark, OneMeets
from casework.domain.clock_starts import BIRTHDAY, Start
from casework.domain.events import EventKind, RecordedEvent
from casework.domain.local_time import day_of, stamp, utc
from casework.domain.readings import Reading, ReadingState, blank

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A period with its start and its moment."""

    start: Start
    moment: Moment
    closes: tuple[EventKind, ...] | None = None
    """Of a window in which something has to be done: what closes it for good."""

    @property
    def rule(self) -> ClockRule:
        """The version it runs under."""
        return self.start.rule


def meetings(periods: Sequence[Running], case: Circumstances) -> Mapping[str, RecordedEvent]:
    """Which event meets which period: period → event.

    An event meets, of the periods that had begun and were not met or waived by then, the one that
    began first, or all of them where the rule says so.
    """
    met: dict[str, RecordedEvent] = {}
    kinds = {kind for period in periods for kind in period.rule.met_by}
    for event in case.of_kinds(kinds):
        for period in periods:
            if not _could_meet(period, event, case) or period.start.period in met:
                continue
            met[period.start.period] = event
            if period.rule.one_meets is OneMeets.EARLIEST:
                break
    return met


def _could_meet(period: Running, event: RecordedEvent, case: Circumstances) -> bool:
    rule, name = period.rule, period.start.period
    done = case.acts_on(rule, name, ActKind.MEET, ActKind.WAIVE)
    closing = _closing(period, case)
    return (
        event.kind in rule.met_by
        and begun(period.start, event, period.moment)
        and not (done and done[0].at <= utc(event.at))
        and not (closing and closing.at < utc(event.at))
    )


def standing(period: Running, meeting: RecordedEvent | None, case: Circumstances) -> Reading:
    """The reading of one period: what was done about it first, then what happened, then time."""
    start, moment = period.start, period.moment
    reading = replace(
        blank(start.rule, ReadingState.RUNNING, period=start.period),
        zone=start.zone,
        started_at=start.at,
        started_on=start.day,
        trigger_event_ref="" if start.event.ref == BIRTHDAY else start.event.ref,
        due_at=moment.at,
        due_on=moment.on,
        paused_at=moment.paused_at,
        steps=(*_beginning(start), *moment.steps),
    )
    for outcome in (_waived, _met, _closed, _paused, _passed):
        found = outcome(period, reading, meeting, case)
        if found is not None:
            return _with_exceptions(found, start, case)
    return _with_exceptions(_ahead(period, reading, case), start, case)


def _beginning(start: Start) -> tuple[str, ...]:
    trigger = start.rule.trigger
    if trigger.event:
        return ()
    which = "latest" if trigger.latest_of else "earliest"
    kinds = ", ".join(said(kind) for kind in trigger.kinds())
    return (f"Starts with the {which} recorded of: {kinds}.",)


def _with_exceptions(reading: Reading, start: Start, case: Circumstances) -> Reading:
    """An exception is recorded and shown; by itself it moves nothing."""
    relied_on = case.acts_on(start.rule, start.period, ActKind.EXCEPTION)
    said_so = tuple(
        f"An exception was recorded on {day_of(act.at, start.zone)}; the clock goes on running."
        for act in relied_on
    )
    return replace(reading, steps=(*reading.steps, *said_so))


def _waived(
    period: Running, reading: Reading, _meeting: RecordedEvent | None, case: Circumstances
) -> Reading | None:
    acts = case.acts_on(period.rule, period.start.period, ActKind.WAIVE)
    if not acts:
        return None
    at = acts[0].at
    late = not in_time(period.start, at, period.moment)
    step = f"Waived {stamp(at)}" + (", after its moment." if late else ".")
    return replace(reading, state=ReadingState.WAIVED, late=late, steps=(*reading.steps, step))


def _met(
    period: Running, reading: Reading, meeting: RecordedEvent | None, case: Circumstances
) -> Reading | None:
    rule, start = period.rule, period.start
    by_hand = case.acts_on(rule, start.period, ActKind.MEET)
    closing = _closing(period, case)
    if meeting and closing and closing.at < utc(meeting.at):
        meeting = None
    at = earliest([utc(meeting.at) if meeting else None, by_hand[0].at if by_hand else None])
    if at is None:
        return None
    what = said(meeting.kind) if meeting and utc(meeting.at) == at else "met, recorded by hand"
    if period.moment.at is None:
        word, late = "done", False
    elif rule.marks is Mark.OPENS:
        early = at < period.moment.at
        word, late = ("before the first day" if early else "done"), False
    else:
        late = not in_time(start, at, period.moment)
        word = "late" if late else "in time"
    step = f"{what} {stamp(at)}: {word}."
    return replace(
        reading, state=ReadingState.MET, met_at=at, late=late, steps=(*reading.steps, step)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closing:
    at: datetime
    what: str


def _closing(period: Running, case: Circumstances) -> _Closing | None:
    """The first event at or after the start with which the period is over anyway."""
    rule, start = period.rule, period.start
    if rule.counts is Direction.BEFORE:
        return _Closing(at=start.at, what=said(start.event.kind))
    kinds = rule.ends_with if period.closes is None else period.closes
    first = next((e for e in case.of_kinds(kinds) if utc(e.at) >= start.at), None)
    return _Closing(at=utc(first.at), what=said(first.kind)) if first else None


def _closed(
    period: Running, reading: Reading, _meeting: RecordedEvent | None, case: Circumstances
) -> Reading | None:
    closing = _closing(period, case)
    if closing is None or closing.at > case.as_of or _ended_before(period, closing.at):
        return None
    window = period.closes is not None
    missed = bool(period.rule.met_by) and (window or _could_be_missed(period, closing.at))
    step = f"{closing.what} {stamp(closing.at)}: over" + (", not met." if missed else ".")
    return replace(
        reading,
        state=ReadingState.ENDED,
        closes_at=closing.at,
        late=missed,
        steps=(*reading.steps, step),
    )


def _ended_before(period: Running, at: datetime) -> bool:
    """Whether it was over by itself before then."""
    rule, due_at = period.rule, period.moment.at
    by_itself = rule.marks is Mark.ENDS and not rule.met_by
    return by_itself and due_at is not None and due_at < at


def _could_be_missed(period: Running, at: datetime) -> bool:
    """Whether the chance was gone by then: the moment passed, or the window closed on it."""
    if period.moment.at is None:
        return False
    if period.rule.marks is Mark.OPENS:
        return at >= period.moment.at
    return not in_time(period.start, at, period.moment)


def _paused(
    period: Running, reading: Reading, _meeting: RecordedEvent | None, case: Circumstances
) -> Reading | None:
    if not period.moment.paused_at:
        return None
    closing = _closing(period, case)
    closes_at = closing.at if closing else None
    return replace(reading, state=ReadingState.PAUSED, closes_at=closes_at, look_again_at=closes_at)


def by_hand(reading: Reading, start: Start, case: Circumstances) -> Reading:
    """A reading without a moment, as what people did about it leaves it."""
    waived = case.acts_on(start.rule, start.period, ActKind.WAIVE)
    met = case.acts_on(start.rule, start.period, ActKind.MEET)
    if waived:
        step = f"Waived {stamp(waived[0].at)}."
        reading = replace(reading, state=ReadingState.WAIVED, steps=(*reading.steps, step))
    elif met:
        at = met[0].at
        step = f"met, recorded by hand {stamp(at)}: whether in time cannot be said."
        reading = replace(reading, state=ReadingState.MET, met_at=at, steps=(*reading.steps, step))
    return _with_exceptions(reading, start, case)


def _passed(
    period: Running, reading: Reading, _meeting: RecordedEvent | None, case: Circumstances
) -> Reading | None:
    """What the passing of the moment alone does: something opens, or ends by itself."""
    due_at, rule = period.moment.at, period.rule
    if due_at is None or case.as_of < due_at:
        return None
    closing = _closing(period, case)
    closes_at = closing.at if closing else None
    if rule.marks is Mark.OPENS:
        return replace(
            reading, state=ReadingState.OPEN, closes_at=closes_at, look_again_at=closes_at
        )
    if _ended_before(period, case.as_of):
        return replace(reading, state=ReadingState.ENDED)
    return None


def _ahead(period: Running, reading: Reading, case: Circumstances) -> Reading:
    """Still running: when it closes, and when time alone will change what it says."""
    closing = _closing(period, case)
    closes_at = closing.at if closing else None
    changes = [closes_at]
    due_at = period.moment.at
    if due_at and period.rule.marks is Mark.OPENS:
        changes.append(due_at)
    if due_at and period.rule.marks is Mark.ENDS and not period.rule.met_by:
        changes.append(due_at + TICK)
    return replace(reading, closes_at=closes_at, look_again_at=earliest(changes))
