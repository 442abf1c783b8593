"""Instants and days in a place's own time, whatever its clocks do.

Days begin where the calendar of the place says so, not every 24 hours: they last 23, 24.5 or 25
hours where clocks change, and a place can skip one altogether.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from casework.domain.errors import InvalidInputError

_TICK = timedelta(microseconds=1)


def place(zone: str) -> ZoneInfo:
    """The IANA zone of that name. Raises InvalidInputError where there is none."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInputError.at("/zone", "unknown_zone", "No such time zone.") from error


def utc(at: datetime) -> datetime:
    """The instant in UTC, because adding hours to a place's own time is wrong across DST.

    Raises InvalidInputError for a time without its offset.
    """
    if at.utcoffset() is None:
        raise InvalidInputError.at("/at", "offset_missing", "Give the time with its offset.")
    return at.astimezone(UTC)


def local(at: datetime, zone: str) -> str:
    """The instant in a place's own time: ISO with offset, then the IANA name of the zone.

    Raises InvalidInputError for a zone that does not exist.
    """
    return f"{utc(at).astimezone(place(zone)).isoformat()} {zone}"


def day_of(at: datetime, zone: str) -> date:
    """The date of an instant in a place."""
    return utc(at).astimezone(place(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of a day in a place, in UTC.

    Where midnight is skipped, the first instant after; where it comes twice, the first of the two.
    """
    return datetime.combine(day, time.min, tzinfo=place(zone)).astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """The last microsecond of a day in a place, in UTC: still in time for what is due that day.

    Where clocks go back over midnight, the later of the two; of a day that is skipped, the last one
    before it.
    """
    last = datetime.combine(day, time.max, tzinfo=place(zone))
    return last.replace(fold=1).astimezone(UTC)


def at_time_of_day(day: date, at: time, zone: str) -> datetime:
    """A time of day in a place, in UTC; the first of the two where the clock shows it twice."""
    return datetime.combine(day, at, tzinfo=place(zone)).astimezone(UTC)


def instants(day: date, clock: time, zone: str) -> tuple[datetime, ...]:
    """Every instant, in UTC, at which the clocks of a zone showed this, the earliest first.

    None in the hour that is skipped in spring; two in the hour that comes twice in autumn.
    """
    naive = datetime.combine(day, clock)
    there = place(zone)
    found = {naive.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (0, 1)}
    real = [at for at in found if at.astimezone(there).replace(tzinfo=None) == naive]
    return tuple(sorted(real))


def stamp(at: datetime) -> str:
    """An instant as steps show it: UTC, to the second."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
