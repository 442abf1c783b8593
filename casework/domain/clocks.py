"""Legal clocks: from recorded events to the instant something is due, derived and never counted.

Hours are elapsed hours: nights, weekends, holidays and changes of the clock all count. All
arithmetic is on UTC instants; a place's time is only for showing. Periods of other kinds are put
in words, for a person to compute.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from casework.domain.clock_rules import ClockKind, ClockRule, Fallback, Trigger
from casework.domain.clock_words import in_words, who_computes
from casework.domain.conditions import Facts, evaluate
from casework.domain.errors import InvalidInputError
from casework.domain.events import EventKind, RecordedEvent
from casework.domain.ternary import Ternary

__all__ = [
    "ClockKind",
    "ClockRule",
    "ClockState",
    "Fallback",
    "Reading",
    "ReadingState",
    "Trigger",
    "applies",
    "derive",
    "local",
    "state_of",
]

DUE_SOON = timedelta(hours=24)


class ReadingState(StrEnum):
    """What can be said about a clock from the events alone, without the present time."""

    RUNNING = "running"
    MET = "met"
    CANNOT_COMPUTE = "cannot_compute"
    """The event that starts it is not recorded; at most an assumption can be shown."""
    NOT_COMPUTED = "not_computed"
    """Clocks of this kind are not computed; a person has to watch it."""
    NOT_STARTED = "not_started"


class ClockState(StrEnum):
    """How a deadline stands at a moment."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one clock says about one case. Every instant is in UTC."""

    rule: str
    version: str
    title: str
    citation: str
    state: ReadingState
    started_at: datetime | None = None
    trigger_event_ref: str = ""
    due_at: datetime | None = None
    met_at: datetime | None = None
    met_late: bool = False
    assumption: str = ""
    assumed_due_at: datetime | None = None
    """The latest safe assumption. It is never the deadline and is always shown as assumed."""
    steps: tuple[str, ...] = ()
    report_reading: bool = False


def applies(rule: ClockRule, events: Iterable[RecordedEvent], facts: Facts | None = None) -> bool:
    """Whether the events give the clock anything to show, and no known fact rules it out.

    A rule of one place waits until the place is known; every other shows itself meanwhile.
    """
    if rule.only_if:
        holds = evaluate(rule.only_if, facts or {}).value
        if holds is Ternary.NO or (rule.only_when_known and holds is Ternary.UNKNOWN):
            return False
    wanted = set(rule.trigger.kinds())
    if rule.fallback:
        wanted.add(rule.fallback.event)
    return any(event.kind in wanted for event in events)


def derive(rule: ClockRule, events: Sequence[RecordedEvent]) -> Reading:
    """What the clock says on these events; the same events in any order give the same reading.

    The earliest event that can start the clock does. It is met by the first of its `met_by` events
    that does not lie before the start, in time when not after the due instant. Raises
    InvalidInputError for an event without an offset.
    """
    start = _earliest(events, rule.trigger.kinds())
    basis = start or (_earliest(events, (rule.fallback.event,)) if rule.fallback else None)
    if basis is None:
        return _blank(rule, ReadingState.NOT_STARTED)
    if rule.hours is None:
        steps = (f"{in_words(rule)}. {who_computes(rule)} See {rule.citation}.",)
        return replace(_blank(rule, ReadingState.NOT_COMPUTED), steps=steps)
    read = _started if start else _assumed
    return read(rule, timedelta(hours=rule.hours), basis, events)


def local(at: datetime, zone: str) -> str:
    """The instant in a place's own time: ISO with offset, then the IANA name of the zone.

    Raises InvalidInputError for a zone that does not exist.
    """
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInputError.at("/zone", "unknown_zone", "No such time zone.") from error
    return f"{_utc(at).astimezone(place).isoformat()} {zone}"


def state_of(due_at: datetime | None, met_at: datetime | None, now: datetime) -> ClockState:
    """How a deadline stands at `now`. The due instant itself is still in time."""
    if met_at is not None:
        late = due_at is not None and met_at > due_at
        return ClockState.MET_LATE if late else ClockState.MET
    if due_at is None or due_at - now > DUE_SOON:
        return ClockState.OPEN
    return ClockState.OVERDUE if now > due_at else ClockState.DUE_SOON


def _started(
    rule: ClockRule, period: timedelta, start: RecordedEvent, events: Sequence[RecordedEvent]
) -> Reading:
    started_at = _utc(start.at)
    due_at = started_at + period
    met = _met(rule, started_at, events)
    met_at = _utc(met.at) if met else None
    late = met_at is not None and met_at > due_at
    steps = [
        f"{start.kind.value} {_stamp(started_at)} + {rule.hours} h = {_stamp(due_at)}",
        "Elapsed hours: nights, weekends, holidays and changes of the clock all count.",
    ]
    if rule.trigger.earliest_of:
        steps.insert(0, f"Starts with the earliest of: {', '.join(rule.trigger.earliest_of)}.")
    if met:
        steps.append(f"{met.kind.value} {_stamp(_utc(met.at))}: {'late' if late else 'in time'}.")
    return replace(
        _blank(rule, ReadingState.MET if met else ReadingState.RUNNING),
        started_at=started_at,
        trigger_event_ref=start.ref,
        due_at=due_at,
        met_at=met_at,
        met_late=late,
        steps=tuple(steps),
    )


def _assumed(
    rule: ClockRule, period: timedelta, basis: RecordedEvent, events: Sequence[RecordedEvent]
) -> Reading:
    """The start is not recorded; from the basis the latest safe assumption can be made."""
    assumed = _utc(basis.at) + period
    met = _met(rule, _utc(basis.at), events)
    missing = " or ".join(kind.value for kind in rule.trigger.kinds())
    steps = [
        f"Cannot be computed: {missing} is not recorded.",
        f"Assumption: {basis.kind.value} {_stamp(_utc(basis.at))} + {rule.hours} h "
        f"= {_stamp(assumed)}.",
    ]
    if met:
        sure = "in time" if _utc(met.at) <= assumed else "whether in time cannot be said"
        steps.append(f"{met.kind.value} {_stamp(_utc(met.at))}: {sure}.")
    return replace(
        _blank(rule, ReadingState.CANNOT_COMPUTE),
        met_at=_utc(met.at) if met else None,
        assumption=rule.fallback.text if rule.fallback else "",
        assumed_due_at=assumed,
        steps=tuple(steps),
    )


def _blank(rule: ClockRule, state: ReadingState) -> Reading:
    return Reading(
        rule=rule.id,
        version=rule.version,
        title=rule.title,
        citation=rule.citation,
        state=state,
        report_reading=rule.report_reading,
    )


def _met(rule: ClockRule, start: datetime, events: Iterable[RecordedEvent]) -> RecordedEvent | None:
    return _earliest((event for event in events if _utc(event.at) >= start), rule.met_by)


def _earliest(events: Iterable[RecordedEvent], kinds: Iterable[EventKind]) -> RecordedEvent | None:
    wanted = frozenset(kinds)
    matching = (event for event in events if event.kind in wanted)
    return min(matching, key=lambda event: (_utc(event.at), event.ref), default=None)


def _utc(at: datetime) -> datetime:
    """The instant in UTC, because adding hours to a place's own time is wrong across DST."""
    if at.utcoffset() is None:
        raise InvalidInputError.at("/at", "offset_missing", "Give the time with its offset.")
    return at.astimezone(UTC)


def _stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
