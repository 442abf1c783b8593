"""Moments as people read and write them: local time beside UTC, and what is left in words."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400

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
    return f"{date_format(at.astimezone(UTC), 'j M Y, H:i')} UTC"


def local_text(at: datetime, zone: str) -> str:
    """`Sat 7 Mar 2026, 10:00 CST`, in the time of the place."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'D j M Y, H:i')} {local.tzname()}"


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
    return " ".join(part for part in parts if part) or gettext("less than a minute")


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
    return f"{local:%H:%M} {local.tzname()} (UTC{local.isoformat()[-6:]})"
