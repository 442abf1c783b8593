"""Leap seconds in what people and systems send: a second 60 that our clocks have no room for.

They stand at the end of a month in UTC, and are read as the first instant of the next minute,
which no deadline can tell from it. Any other second 60 is no time at all.
"""

import re
from datetime import UTC, datetime, timedelta

_SECOND_60 = re.compile(r"(.{10}[T ]\d\d:\d\d):60(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?")
_SECOND = timedelta(seconds=1)


def read_moment(text: str) -> datetime:
    """A moment in ISO 8601, a leap second too. ValueError where there was no such moment."""
    written = text.upper()
    leap = _SECOND_60.fullmatch(written)
    if leap is None:
        return datetime.fromisoformat(written)
    before = datetime.fromisoformat(f"{leap[1]}:59{leap[2] or ''}")
    return before if before.utcoffset() is None else after_leap_second(before)


def after_leap_second(before: datetime) -> datetime:
    """The first instant of the next minute, in UTC; `before` is the last second of this one.

    ValueError where no leap second can have followed.
    """
    try:
        after = before.astimezone(UTC) + _SECOND
    except OverflowError as error:
        raise ValueError(before) from error
    if (after.day, after.hour, after.minute, after.second) != (1, 0, 0, 0):
        raise ValueError(before)
    return after
