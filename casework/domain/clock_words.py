"""The period of a clock in words, for a person who has to compute or to watch it."""

from collections.abc import Callable, Mapping

from casework.domain.clock_rules import ClockKind, ClockRule, Direction, Mark
from casework.domain.events import EventKind

_UNITS: Mapping[ClockKind, str] = {
    ClockKind.ELAPSED_HOURS: "hour",
    ClockKind.CALENDAR_DAYS: "calendar day",
    ClockKind.BUSINESS_DAYS: "business day",
    ClockKind.CALENDAR_MONTHS: "month",
    ClockKind.CALENDAR_YEARS: "year",
}
_SAID_FIRST: Mapping[Mark, str] = {
    Mark.DUE: "",
    Mark.OPENS: "Not earlier than ",
    Mark.ENDS: "Ends by itself ",
}


def in_words(rule: ClockRule) -> str:
    """How the period of the rule runs, as the beginning of a sentence."""
    return _SAID.get(rule.kind, _amount_of_time)(rule)


def who_computes(rule: ClockRule) -> str:
    """What a person has to do about a clock that is not computed here."""
    if rule.kind is ClockKind.NONE:
        return "It may be done at any time."
    if rule.kind in (ClockKind.STATUS_WINDOW, ClockKind.QUALITATIVE):
        return "A person has to watch it."
    return "It is not computed here: a person has to compute it."


def _amount_of_time(rule: ClockRule) -> str:
    unit = _UNITS[rule.kind] + ("" if rule.amount == 1 else "s")
    side = "before" if rule.counts is Direction.BEFORE else "from"
    return f"{_SAID_FIRST[rule.marks]}{rule.amount} {unit} {side} {_start(rule)}"


def _age(rule: ClockRule) -> str:
    return f"The age of {rule.age_years}, held against the day of {_start(rule)}"


def _report(rule: ClockRule) -> str:
    span = rule.kind.value.replace("_", "-")
    if rule.cap:
        return f"No more than {rule.cap:,} in each {span}"
    if rule.window is None or rule.window.due_offset_days is None:
        return f"For each {span}; our sources name no day on which it is due"
    return f"For each {span}, within {rule.window.due_offset_days} days of its end"


def _open(rule: ClockRule) -> str:
    return f"Open from {_start(rule)} until: {_spoken(rule.ends_with)}"


def _looked_at(rule: ClockRule) -> str:
    every = f"looked at again every {rule.review_every_days} days"
    return f"No number of days, from {_start(rule)}; {every}"


def _none(_rule: ClockRule) -> str:
    return "No deadline found"


_SAID: Mapping[ClockKind, Callable[[ClockRule], str]] = {
    ClockKind.FISCAL_YEAR: _report,
    ClockKind.HALF_YEAR: _report,
    ClockKind.QUARTER: _report,
    ClockKind.AGE_EVENT: _age,
    ClockKind.STATUS_WINDOW: _open,
    ClockKind.QUALITATIVE: _looked_at,
    ClockKind.NONE: _none,
}


def _start(rule: ClockRule) -> str:
    """What starts the clock: the words of the row, or else the names of the events."""
    if rule.trigger.text:
        return rule.trigger.text
    which = "the latest of " if rule.trigger.latest_of else "the earliest of "
    return ("" if rule.trigger.event else which) + _spoken(rule.trigger.kinds())


def _spoken(kinds: tuple[EventKind, ...]) -> str:
    return ", ".join(kind.value.replace("_", " ") for kind in kinds)
