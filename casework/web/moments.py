"""Moments as people read and write them: local time beside UTC, and what is left in words."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, gettext, ngettext

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


def instants(day: date, clock: time, zone: str) -> tuple[datetime, ...]:
    """Every instant at which the clocks of a zone showed this: none, one or two, earliest first.

    None in the hour that is skipped in spring; two in the hour that comes twice in autumn.
    """
    naive = datetime.combine(day, clock)
    place = ZoneInfo(zone)
    found = {naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)}
    real = [at for at in found if at.astimezone(place).replace(tzinfo=None) == naive]
    return tuple(sorted(real))


def with_offset(at: datetime, zone: str) -> str:
    """`01:30 EST (UTC-05:00)`: tells the two occurrences of one local time apart."""
    local = at.astimezone(ZoneInfo(zone))
    return _as_written(f"{local:%H:%M} {local.tzname()} (UTC{local.isoformat()[-6:]})")
