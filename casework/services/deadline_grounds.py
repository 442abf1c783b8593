"""The law's own grounds for what people do about a clock, and what cannot be so.

Everything that is refused here says why; nothing has moved by then.
"""

from datetime import date, datetime, timedelta

from casework.domain.clock_rules import ClockRule
from casework.domain.errors import InvalidInputError, NotAllowedNowError
from casework.domain.local_time import day_of
from casework.models import Deadline, DeadlineAct
from casework.services.events import EARLIEST, FARTHEST_AHEAD

Kind = DeadlineAct.Kind
_SKEW = timedelta(minutes=5)


def checked_moment(row: Deadline, since: datetime, now: datetime) -> datetime:
    """From when it counts. InvalidInputError before its start, ahead, or without an offset."""
    if since.utcoffset() is None:
        raise InvalidInputError.at("/at", "no_offset", "Give the moment with its offset.")
    if since > now + _SKEW:
        raise InvalidInputError.at("/at", "in_the_future", "This lies in the future.")
    if since < EARLIEST:
        raise InvalidInputError.at("/at", "too_long_ago", "This lies before 1970.")
    if row.started_at and not _after_start(row, since):
        detail = "This lies before the clock began."
        raise InvalidInputError.at("/at", "before_start", detail)
    return since


def _after_start(row: Deadline, since: datetime) -> bool:
    """Days compare dates, hours instants; a count back begins with its moment."""
    start = row.started_at or since
    if row.due_at and row.due_at < start:
        start = row.due_at
    if row.due_on or row.review_on:
        return day_of(since, row.zone) >= day_of(start, row.zone)
    return since >= start


def checked_grounds(
    row: Deadline, rule: ClockRule, kind: Kind, wanted: date | None, since: datetime
) -> date | None:
    """Whether the rule lets it be stopped or stretched so. Returns the new last day, if any.

    `wanted`: the day that was given. NotAllowedNowError where there is no ground for it,
    InvalidInputError where what was given cannot be.
    """
    if kind is Kind.PAUSE:
        _check_pause(row, rule, since)
    if kind is Kind.RESUME:
        _check_resume(row, since)
    if kind is Kind.EXTEND:
        return _checked_extension(row, rule, wanted, since)
    if wanted is not None:
        raise InvalidInputError.at("/until", "not_wanted", "Only an extension has a new last day.")
    return None


def _check_pause(row: Deadline, rule: ClockRule, since: datetime) -> None:
    if not rule.tolling:
        raise NotAllowedNowError(
            f"Our sources name no ground on which this clock stops ({rule.citation}). It goes on "
            "running; an exception can be recorded instead."
        )
    if row.due_on and day_of(since, row.zone) > row.due_on:
        detail = "It had run out before that moment."
        raise InvalidInputError.at("/at", "after_the_end", detail)
    last = row.acts.filter(kind=Kind.RESUME, undone_at__isnull=True).order_by("-at").first()
    if last and since < last.at:
        detail = "It was paused and resumed after that moment already."
        raise InvalidInputError.at("/at", "before_last_resume", detail)


def _check_resume(row: Deadline, since: datetime) -> None:
    last = row.acts.filter(kind=Kind.PAUSE, undone_at__isnull=True).order_by("-at").first()
    over = row.acts.filter(kind=Kind.RESUME, undone_at__isnull=True).order_by("-at").first()
    if last is None or (over and over.at >= last.at):
        raise NotAllowedNowError("An event paused it; record the event that ends the pause.")
    if since < last.at:
        raise InvalidInputError.at("/at", "before_pause", "This lies before the pause began.")


def _checked_extension(
    row: Deadline, rule: ClockRule, wanted: date | None, since: datetime
) -> date | None:
    extension = rule.extension
    if extension is None:
        raise NotAllowedNowError(f"Our sources know no extension of this clock ({rule.citation}).")
    before = row.acts.filter(kind=Kind.EXTEND, undone_at__isnull=True).count()
    if extension.times is not None and before >= extension.times:
        raise NotAllowedNowError("It was extended as often as the rule allows.")
    if extension.by is not None:
        if wanted is not None:
            detail = "The rule names the length; give no day."
            raise InvalidInputError.at("/until", "not_wanted", detail)
        return None
    if wanted is None:
        detail = "Our sources name no length: give the new last day."
        raise InvalidInputError.at("/until", "required", detail)
    if wanted > day_of(since + FARTHEST_AHEAD, row.zone):
        detail = "This lies more than 25 years ahead; check the year."
        raise InvalidInputError.at("/until", "too_far_ahead", detail)
    if row.due_on and wanted <= row.due_on:
        raise InvalidInputError.at("/until", "too_early", "This is not after the present last day.")
    return wanted
