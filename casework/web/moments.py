"""Moments as people read and write them: local time beside UTC, and what is left in words."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, gettext, ngettext

from casework.domain.leap_seconds import after_leap_second
from casework.domain.local_time import instants

__all__ = [
    "ZONES",
    "day_text",
    "in_words",
    "instants",
    "leap_instants",
    "local_text",
    "place_text",
    "time_left",
    "utc_text",
    "with_offset",
    "zone_choices",
]

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_ISOLATE, _POP = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
    "Pacific/Pago_Pago",
    "America/Mexico_City",
    "America/Tijuana",
    "America/Guatemala",
    "America/Tegucigalpa",
    "America/El_Salvador",
    "America/Toronto",
    "America/Vancouver",
    "UTC",
)


def zone_choices(own: str) -> list[tuple[str, str]]:
    """The zones offered, the agency's own first."""
    known = available_timezones()
    return [
        (name, name.replace("_", " ")) for name in dict.fromkeys((own, *ZONES)) if name in known
    ]


def utc_text(at: datetime) -> str:
    """`7 Mar 2026, 16:00 UTC`."""
    instant = at.astimezone(UTC)
    return _said(date_format(instant, "j M Y"), f"{instant:%H:%M} UTC")


def local_text(at: datetime, zone: str) -> str:
    """`Sat 7 Mar 2026, 10:00 CST`, in the time of the place."""
    local = at.astimezone(ZoneInfo(zone))
    return _said(date_format(local, "D j M Y"), f"{local:%H:%M} {local.tzname()}")


def day_text(day: date) -> str:
    """`Mon 25 May 2026`."""
    return date_format(day, "D j M Y")


def place_text(zone: str) -> str:
    """The place a zone is named for: `New York` of `America/New_York`."""
    return _as_written(zone.rsplit("/", 1)[-1].replace("_", " "))


def _said(day: str, clock: str) -> str:
    return gettext("%(day)s, %(clock)s") % {"day": day, "clock": _as_written(clock)}


def _as_written(exact: str) -> str:
    """Figures and Latin letters in their own order, also amid writing from right to left."""
    return f"{_ISOLATE}{exact}{_POP}" if get_language_bidi() else exact


def in_words(span: timedelta) -> str:
    """A span without its sign, in its two largest units: `2 days 3 hours`, `12 minutes`."""
    seconds = abs(int(span.total_seconds()))
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    parts = [
        ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else "",
        ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours} if hours else "",
        ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
        if minutes and not days
        else "",
    ]
    said = [part for part in parts if part]
    if len(said) == 2:
        return gettext("%(larger)s %(smaller)s") % {"larger": said[0], "smaller": said[1]}
    return said[0] if said else gettext("less than a minute")


def time_left(due_at: datetime, now: datetime) -> str:
    """`3 hours 20 minutes left`, or by how much it is overdue."""
    span = due_at - now
    if span < timedelta(0):
        return gettext("overdue by %(span)s") % {"span": in_words(span)}
    return gettext("%(span)s left") % {"span": in_words(span)}


def leap_instants(day: date, clock: time, zone: str) -> tuple[datetime, ...]:
    """The same for the second 60 of a minute: read as the first instant of the next one."""
    found = []
    for before in instants(day, clock.replace(second=59), zone):
        try:
            found.append(after_leap_second(before))
        except ValueError:
            continue
    return tuple(found)


def with_offset(at: datetime, zone: str) -> str:
    """`01:30 EST (UTC-05:00)`: tells the two occurrences of one local time apart."""
    local = at.astimezone(ZoneInfo(zone))
    return _as_written(f"{local:%H:%M} {local.tzname()} (UTC{local.isoformat()[-6:]})")
