"""iCalendar: reminders as calendar programs read them (RFC 5545). Whoever sees them learns nothing.

No alarm is set, because the program's owner decides how loudly it may ring and before whom; no
time is taken, because a reminder is no appointment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.conf import settings
from icalendar import Calendar, Event

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
_HOURLY: Final = timedelta(hours=1)
"""How often a program is asked to look again; each decides for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One entry of a calendar. Its texts come from fixed templates and identify nobody."""

    key: str
    """What it is about, by reference: the same entry is recognised by it for ever."""
    version: int
    when: date | datetime
    """A day as a whole, or an instant in UTC."""
    changed_at: datetime
    summary: str
    description: str
    gone: bool = False
    """Whether programs that already show it should drop it."""


def calendar_of(entries: Iterable[CalendarEntry], *, name: str) -> bytes:
    """The calendar with these entries, as it goes over the wire."""
    calendar = Calendar()
    calendar.add("prodid", "-//Reminders//Reminders//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _HOURLY, parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event_of(entry))
    return bytes(calendar.to_ical())


def _event_of(entry: CalendarEntry) -> Event:
    """Without an end: an instant takes no time, a day is that day alone (RFC 5545, 3.6.1)."""
    event = Event()
    event.add("uid", f"{entry.key}@{settings.MESSAGE_ID_DOMAIN}")
    event.add("sequence", entry.version)
    event.add("dtstart", _as_written(entry.when))
    event.add("dtstamp", _as_written(entry.changed_at))
    event.add("last-modified", _as_written(entry.changed_at))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("status", "CANCELLED" if entry.gone else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _as_written(when: date | datetime) -> date | datetime:
    """Instants in UTC, so that no place need be named."""
    return when.astimezone(UTC) if isinstance(when, datetime) else when
