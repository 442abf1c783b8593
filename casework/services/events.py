"""Events: recorded, amended, retracted; each re-derives the clocks of the case at once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from casework.domain.errors import InvalidInputError, NotAllowedNowError
from casework.domain.events import MAY_LIE_AHEAD, EventKind
from casework.domain.permissions import Capability, Principal, require
from casework.models import Case, Event
from casework.services import journal
from casework.services.deadlines import Moved, derive_deadlines
from casework.services.sealing import seal_value
from casework.services.wording import clean_text

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
FARTHEST_AHEAD = timedelta(days=25 * 366)
"""Statuses, awards and majority lie nearer than that; beyond it a year was mistyped."""
_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What happened, when (an aware datetime), and the IANA zone of where."""

    kind: str
    at: datetime
    zone: str
    note: str = ""
    by_mail: bool | None = None
    """Whether it came by post; None: not known."""


@transaction.atomic
def record_event(
    case: Case, new: NewEvent, *, by: Principal, at: datetime
) -> tuple[Event, list[Moved]]:
    """Record an event. Returns it and the clocks it started, moved or met.

    Removal dates may lie ahead; everything else has happened. InvalidInputError names the field.
    """
    require(by, Capability.RECORD_EVENT)
    locked = Case.objects.locked().for_display().get(pk=case.pk)
    event = _write(locked, new, by=by, at=at)
    journal.record(
        "event.recorded", f"case:{case.ref}", by=by, at=at, kind=event.kind, event=str(event.ref)
    )
    return event, derive_deadlines(locked, by=by, at=at)


@transaction.atomic
def amend_event(
    event: Event, new: NewEvent, *, by: Principal, at: datetime
) -> tuple[Event, list[Moved]]:
    """Put another event in this one's place; the first is kept as superseded."""
    require(by, Capability.RECORD_EVENT)
    locked = Case.objects.locked().for_display().get(pk=event.case_id)
    _supersede(event, at)
    amended = _write(locked, new, by=by, at=at, amends=event)
    journal.record(
        "event.amended",
        f"case:{locked.ref}",
        by=by,
        at=at,
        event=str(amended.ref),
        amends=str(event.ref),
    )
    return amended, derive_deadlines(locked, by=by, at=at)


@transaction.atomic
def retract_event(event: Event, *, by: Principal, at: datetime) -> list[Moved]:
    """Take an event back as recorded in error; clocks it started stop."""
    require(by, Capability.RECORD_EVENT)
    locked = Case.objects.locked().for_display().get(pk=event.case_id)
    _supersede(event, at)
    journal.record("event.retracted", f"case:{locked.ref}", by=by, at=at, event=str(event.ref))
    return derive_deadlines(locked, by=by, at=at)


def _supersede(event: Event, at: datetime) -> None:
    changed = Event.objects.standing().filter(pk=event.pk).update(superseded_at=at)
    if not changed:
        msg = "This event was already amended or retracted."
        raise NotAllowedNowError(msg)


def _write(
    case: Case, new: NewEvent, *, by: Principal, at: datetime, amends: Event | None = None
) -> Event:
    kind = _checked_kind(new.kind)
    _check_moment(kind, new.at, at)
    _check_zone(new.zone)
    event = Event(
        agency_id=case.agency_id,
        case=case,
        kind=kind.value,
        at=new.at.astimezone(UTC),
        zone=new.zone,
        by_mail=new.by_mail,
        recorded_by=f"{by.kind}:{by.ref}",
        recorded_at=at,
        amends=amends,
    )
    note = clean_text(new.note, "/note")
    event.note = seal_value(event, "note", note or None, key=case.person.key)
    event.save(force_insert=True)
    return event


def _checked_kind(kind: str) -> EventKind:
    try:
        return EventKind(kind)
    except ValueError as error:
        options = ", ".join(EventKind)
        detail = f"There is no event “{kind}”. Known are: {options}."
        raise InvalidInputError.at("/kind", "not_an_option", detail) from error


def _check_moment(kind: EventKind, moment: datetime, now: datetime) -> None:
    if moment.tzinfo is None:
        raise InvalidInputError.at(
            "/at", "no_offset", "Give the moment with its offset, as in 2026-03-07T10:00:00-06:00."
        )
    if moment > now + _SKEW and kind not in MAY_LIE_AHEAD:
        raise InvalidInputError.at("/at", "in_the_future", "This lies in the future.")
    if moment > now + FARTHEST_AHEAD:
        detail = "This lies more than 25 years ahead; check the year."
        raise InvalidInputError.at("/at", "too_far_ahead", detail)
    if moment < EARLIEST:
        raise InvalidInputError.at("/at", "too_long_ago", "This lies before 1970.")


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        detail = f"“{zone}” is no IANA time zone; an example is America/Chicago."
        raise InvalidInputError.at("/zone", "unknown_zone", detail) from error
