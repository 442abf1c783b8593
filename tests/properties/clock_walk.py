"""Days counted on fingers: nothing here adds more than one day, one minute or one event at a time.

The holidays are those of 5 USC 6103(a), written from the statute, kept on the Friday before where
they fall on a Saturday and on the Monday after where they fall on a Sunday.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY, QUARTER, MINUTE = timedelta(days=1), timedelta(minutes=15), timedelta(minutes=1)
TICK = timedelta(microseconds=1)
MONDAY, THURSDAY, FRIDAY = 0, 3, 4
_FIXED = {(1, 1): 1, (6, 19): 2021, (7, 4): 1, (11, 11): 1, (12, 25): 1}
"""Month and day, and the first year; Veterans Day was elsewhere only from 1971 to 1977."""
_NTH = {(1, 3, MONDAY): 1986, (2, 3, MONDAY): 1, (9, 1, MONDAY): 1, (10, 2, MONDAY): 1}
_NTH |= {(11, 4, THURSDAY): 1}
"""Month, which of them in the month, and weekday."""
Gap = tuple[date, date | None]
"""Days that do not count, from the first to before the second; None: they go on."""


def day_in(at: datetime, zone: str) -> date:
    """The date that a calendar on the wall shows."""
    return at.astimezone(ZoneInfo(zone)).date()


def last_instant(day: date, zone: str) -> datetime:
    """Back from when the day is over everywhere, until the calendar on the wall shows it."""
    at = datetime.combine(day, time(), UTC) + timedelta(hours=37)
    while day_in(at, zone) > day:
        at -= QUARTER
    while day_in(at + MINUTE, zone) <= day:
        at += MINUTE
    return at + MINUTE - TICK


def first_instant(day: date, zone: str) -> datetime:
    """On from when the day has begun nowhere, until the calendar on the wall shows it."""
    at = datetime.combine(day, time(), UTC) - timedelta(hours=15)
    while day_in(at, zone) < day:
        at += QUARTER
    while day_in(at - MINUTE, zone) >= day:
        at -= MINUTE
    return at


def _is_holiday(day: date) -> bool:
    nth, last = (day.day - 1) // 7 + 1, (day + 7 * DAY).month != day.month
    since = _FIXED.get((day.month, day.day)) or _NTH.get((day.month, nth, day.weekday()))
    memorial = day.month == 5 and last and day.weekday() == MONDAY
    return memorial or (since is not None and day.year >= since)


def is_closed(day: date, further: Collection[date] = ()) -> bool:
    """Whether federal offices are closed: weekends and holidays."""
    return day.weekday() > FRIDAY or is_kept(day, further)


def is_kept(day: date, further: Collection[date] = ()) -> bool:
    """Whether a holiday is kept that day, its own or one that fell on a weekend."""
    if day in further or _is_holiday(day):
        return True
    kept_early = day.weekday() == FRIDAY and _is_holiday(day + DAY)
    return kept_early or (day.weekday() == MONDAY and _is_holiday(day - DAY))


def days_on(day: date, number: int, step: int) -> date:
    """So many days on, or back."""
    for _ in range(number):
        day += step * DAY
    return day


def business_days_on(day: date, number: int, step: int, further: Collection[date]) -> date:
    """So many days on, or back, on which offices are open."""
    while number:
        day += step * DAY
        number -= not is_closed(day, further)
    return day


def months_on(day: date, number: int, step: int) -> date:
    """Day by day until the month has changed so often, then to the same day of it, or its last."""
    there, wanted = day, 12 * day.year + day.month + step * number
    while 12 * there.year + there.month != wanted:
        there += step * DAY
    while there.day < day.day and (there + DAY).month == there.month:
        there += DAY
    while there.day > day.day:
        there -= DAY
    return there


def birthday(born: date, number: int) -> date:
    """The `number`-th birthday, met on the way; 28 February for the 29th where there is none."""
    day = born
    while number:
        day += DAY
        same = (day.month, day.day) == (born.month, born.day)
        last_of_february = (day.month, day.day, (day + DAY).month) == (2, 28, 3)
        number -= same or (last_of_february and (born.month, born.day) == (2, 29))
    return day


def rolled(day: date, step: int, further: Collection[date]) -> date:
    """Day by day to one on which offices are open."""
    while is_closed(day, further):
        day += step * DAY
    return day


def made_up(
    after: date, due: date, gaps: Sequence[Gap], counts: Callable[[date], bool]
) -> tuple[date, date | None]:
    """The last day when days in the gaps do not count, and since when a gap without end runs."""
    stuck = min((begun for begun, until in gaps if until is None), default=date.max)
    owed, day = 0, after
    while (day < due or owed) and day < stuck:
        day += DAY
        silent = any(begun <= day < (until or date.max) for begun, until in gaps)
        if silent and day <= due:
            owed += counts(day)
        elif not silent and day > due:
            owed -= counts(day)
    return (day, stuck) if stuck <= max(day, due) else (day, None)


def window_of(day: date, label: Callable[[date], str]) -> tuple[date, date]:
    """The first and last day around a day that bear the same label."""
    first = last = day
    while label(first - DAY) == label(day):
        first -= DAY
    while label(last + DAY) == label(day):
        last += DAY
    return first, last


def label_of(rule: Mapping[str, Any]) -> Callable[[date], str]:
    """What the window of a day is called."""

    def fiscal(day: date) -> int:
        return day.year + 1 if day.month in (10, 11, 12) else day.year

    def label(day: date) -> str:
        if rule["kind"] == "fiscal_year":
            return f"FY{fiscal(day)}"
        if rule["kind"] == "half_year":
            return f"{day.year}-H{1 if day.month <= 6 else 2}"
        if rule["window"].get("fiscal"):
            quarter = {10: 1, 11: 1, 12: 1, 1: 2, 2: 2, 3: 2, 4: 3, 5: 3, 6: 3}.get(day.month, 4)
            return f"FY{fiscal(day)}-Q{quarter}"
        return f"{day.year}-Q{(day.month + 2) // 3}"

    return label
