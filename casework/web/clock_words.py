"""What pages say about a clock: how it stands, what its moment is, and from what it follows."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext, gettext_lazy, ngettext

from casework.domain.clock_rules import ClockKind, ClockRule, Direction, Mark
from casework.domain.local_time import day_of
from casework.models import Deadline
from casework.web.moments import day_text, in_words, place_text, time_left
from casework.web.wording import Words, word

_STATES: Mapping[str, Words] = {
    "paused": gettext_lazy("Paused"),
    "held": gettext_lazy("Settled by the age on that day"),
    "no_deadline": gettext_lazy("No deadline found"),
    "open": gettext_lazy("Open"),
}


def headline(row: Deadline, rule: ClockRule, now: datetime) -> Words:
    """How it stands, in a few words."""
    said = _HEADLINES.get(row.status)
    return said(row, rule, now) if said else _STATES.get(row.status) or word(row.status)


def _running(row: Deadline, rule: ClockRule, now: datetime) -> Words:
    if row.due_at is None:
        return word(row.status)
    if row.marks == Mark.OPENS or (row.marks == Mark.ENDS and not rule.met_by):
        return _by_itself(row, row.due_at - now)
    return time_left(row.due_at, now)


def _by_itself(row: Deadline, span: timedelta) -> Words:
    """Nothing is missed by waiting for it: it opens, or it ends."""
    if row.marks == Mark.OPENS:
        if span <= timedelta(0):
            return gettext("May be done from now on")
        return gettext("opens in %(span)s") % {"span": in_words(span)}
    if span < timedelta(0):
        return gettext("Over")
    return gettext("ends in %(span)s") % {"span": in_words(span)}


def _open(row: Deadline, _rule: ClockRule, _now: datetime) -> Words:
    return gettext("May be done from now on") if row.marks == Mark.OPENS else gettext("Open")


def _review(row: Deadline, _rule: ClockRule, now: datetime) -> Words:
    if row.review_on is None or row.review_on <= day_of(now, row.zone):
        return gettext("Time to look again")
    return gettext("Look again on %(day)s") % {"day": day_text(row.review_on)}


def _met(row: Deadline, _rule: ClockRule, _now: datetime) -> Words:
    if row.late:
        return gettext("Met, but late")
    has_a_last_moment = row.due_at is not None and row.marks != Mark.OPENS
    return gettext("Met in time") if has_a_last_moment else gettext("Done")


def _waived(row: Deadline, _rule: ClockRule, _now: datetime) -> Words:
    return gettext("Waived, but after its moment") if row.late else gettext("Waived")


def _ended(row: Deadline, _rule: ClockRule, _now: datetime) -> Words:
    return gettext("Missed: over, and not met in time") if row.late else gettext("Over")


_HEADLINES: Mapping[str, Callable[[Deadline, ClockRule, datetime], Words]] = {
    "running": _running,
    "open": _open,
    "review": _review,
    "met": _met,
    "waived": _waived,
    "ended": _ended,
}


def day_line(row: Deadline) -> str:
    """Where days are counted, the day itself and where it begins or ends; empty elsewhere."""
    if row.due_on is None:
        return ""
    said = {"day": day_text(row.due_on), "place": place_text(row.zone)}
    if row.marks == Mark.OPENS:
        return gettext("First day: %(day)s, from midnight in %(place)s") % said
    if row.marks == Mark.ENDS:
        return gettext("Ends with the day: %(day)s, at midnight in %(place)s") % said
    return gettext("Last day: %(day)s, until midnight in %(place)s") % said


def because(row: Deadline, rule: ClockRule) -> str:
    """From which event and period the moment follows."""
    if row.started_at is None:
        return ""
    kind = row.trigger_event.kind if row.trigger_event else rule.trigger.kinds()[0]
    said = _BECAUSE.get(rule.kind, _amount_of_time)
    return said(row, rule, str(word(kind)))


def _amount_of_time(_row: Deadline, rule: ClockRule, event: str) -> str:
    said = {"amount": _AMOUNTS[rule.kind](rule.amount or 0), "event": event}
    if rule.counts is Direction.BEFORE:
        return gettext("%(amount)s before: %(event)s") % said
    return gettext("%(amount)s after: %(event)s") % said


def _hours(_row: Deadline, rule: ClockRule, event: str) -> str:
    hours = rule.hours or 0
    said = ngettext("%(hours)d hour after: %(event)s", "%(hours)d hours after: %(event)s", hours)
    return said % {"hours": hours, "event": event}


def _calendar_days(count: int) -> str:
    said = ngettext("%(count)d calendar day", "%(count)d calendar days", count)
    return said % {"count": count}


def _business_days(count: int) -> str:
    said = ngettext("%(count)d business day", "%(count)d business days", count)
    return said % {"count": count}


def _months(count: int) -> str:
    return ngettext("%(count)d month", "%(count)d months", count) % {"count": count}


def _years(count: int) -> str:
    return ngettext("%(count)d year", "%(count)d years", count) % {"count": count}


_AMOUNTS: Mapping[ClockKind, Callable[[int], str]] = {
    ClockKind.CALENDAR_DAYS: _calendar_days,
    ClockKind.BUSINESS_DAYS: _business_days,
    ClockKind.CALENDAR_MONTHS: _months,
    ClockKind.CALENDAR_YEARS: _years,
}


def _report(row: Deadline, rule: ClockRule, event: str) -> str:
    if rule.cap:
        return gettext("No more than %(count)s in one period") % {"count": f"{rule.cap:,}"}
    if rule.window is None or rule.window.due_offset_days is None or not row.period:
        return gettext("A report again and again, since: %(event)s") % {"event": event}
    days = rule.window.due_offset_days
    said = ngettext(
        "Report for %(period)s, due %(count)d day after it ends; since: %(event)s",
        "Report for %(period)s, due %(count)d days after it ends; since: %(event)s",
        days,
    )
    return said % {"period": row.period, "count": days, "event": event}


def _age(_row: Deadline, rule: ClockRule, event: str) -> str:
    if rule.met_by:
        said = gettext("Before the age of %(age)d is reached; since: %(event)s")
    else:
        said = gettext("Under the age of %(age)d or not, on the day of: %(event)s")
    return said % {"age": rule.age_years or 0, "event": event}


def _window(_row: Deadline, rule: ClockRule, event: str) -> str:
    ends = ", ".join(str(word(kind)) for kind in rule.ends_with)
    return gettext("Until: %(ends)s; since: %(event)s") % {"event": event, "ends": ends}


def _looked_at(_row: Deadline, rule: ClockRule, event: str) -> str:
    days = rule.review_every_days or 0
    said = ngettext(
        "The law names no number; looked at again every %(count)d day, since: %(event)s",
        "The law names no number; looked at again every %(count)d days, since: %(event)s",
        days,
    )
    return said % {"count": days, "event": event}


def _none(_row: Deadline, _rule: ClockRule, event: str) -> str:
    return gettext("Our sources name no deadline; since: %(event)s") % {"event": event}


_BECAUSE: Mapping[ClockKind, Callable[[Deadline, ClockRule, str], str]] = {
    ClockKind.ELAPSED_HOURS: _hours,
    ClockKind.FISCAL_YEAR: _report,
    ClockKind.HALF_YEAR: _report,
    ClockKind.QUARTER: _report,
    ClockKind.AGE_EVENT: _age,
    ClockKind.STATUS_WINDOW: _window,
    ClockKind.QUALITATIVE: _looked_at,
    ClockKind.NONE: _none,
}
