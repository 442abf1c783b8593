"""What a clock says about a case, and how that stands at a moment."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from casework.domain.clock_rules import ClockRule

DUE_SOON = timedelta(hours=24)


class ReadingState(StrEnum):
    """What can be said about one period of a clock."""

    RUNNING = "running"
    """It has a moment, and has not been met."""
    MET = "met"
    PAUSED = "paused"
    """Days do not count at present; its moment is not known until they do again."""
    WAIVED = "waived"
    """Somebody decided, with a reason, that it need not be met."""
    ENDED = "ended"
    """Over by itself, or closed by an event."""
    OPEN = "open"
    """A window without a known end, or something that may be done from now on."""
    REVIEW = "review"
    """The law names no number: a day to look again, and no deadline."""
    HELD = "held"
    """An age, settled by the day of the event."""
    NO_DEADLINE = "no_deadline"
    """None was found; that is said, and not left blank."""
    CANNOT_COMPUTE = "cannot_compute"
    """Something it follows from is not recorded; at most an assumption can be shown."""
    NOT_COMPUTED = "not_computed"
    """Our sources name no day on which it is due; a person has to find it."""
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
    """What one period of one clock says about one case. Every instant is in UTC."""

    rule: str
    version: str
    title: str
    citation: str
    state: ReadingState
    period: str = ""
    """Which of several periods: empty for the only one."""
    zone: str = "UTC"
    """In whose time its days begin and end."""
    started_at: datetime | None = None
    started_on: date | None = None
    trigger_event_ref: str = ""
    due_at: datetime | None = None
    """The last instant in time; of a clock that counts days, the last one of `due_on`."""
    due_on: date | None = None
    closes_at: datetime | None = None
    review_on: date | None = None
    met_at: datetime | None = None
    late: bool = False
    """Met after its moment, or over without having been met in time."""
    paused_at: datetime | None = None
    assumption: str = ""
    assumed_due_at: datetime | None = None
    """The latest safe assumption. It is never the deadline and is always shown as assumed."""
    steps: tuple[str, ...] = ()
    report_reading: bool = False
    look_again_at: datetime | None = None
    """When the reading changes by the passing of time alone."""


def blank(rule: ClockRule, state: ReadingState, *, period: str = "") -> Reading:
    """A reading that says nothing yet but which rule it is of."""
    return Reading(
        rule=rule.id,
        version=rule.version,
        title=rule.title,
        citation=rule.citation,
        state=state,
        period=period,
        report_reading=rule.report_reading,
    )


def state_of(due_at: datetime | None, met_at: datetime | None, now: datetime) -> ClockState:
    """How a deadline stands at `now`. The due instant itself is still in time."""
    if met_at is not None:
        late = due_at is not None and met_at > due_at
        return ClockState.MET_LATE if late else ClockState.MET
    if due_at is None or due_at - now > DUE_SOON:
        return ClockState.OPEN
    return ClockState.OVERDUE if now > due_at else ClockState.DUE_SOON
