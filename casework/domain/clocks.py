"""Legal clocks: from recorded events to the moment something is due, derived and never counted.

Hours are elapsed hours, reckoned in UTC: nights, weekends, holidays and changes of the clock all
count. Days are days of a place. The same circumstances in any order give the same readings.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from casework.domain.circumstances import Act, ActKind, Circumstances
from casework.domain.clock_ages import age
from casework.domain.clock_days import moment_of, said, started
from casework.domain.clock_open import no_deadline, not_computed, review, window
from casework.domain.clock_periods import Running, by_hand, meetings, standing
from casework.domain.clock_recurring import recurring
from casework.domain.clock_reports import reports
from casework.domain.clock_rules import ClockKind, ClockRule, Fallback, Trigger
from casework.domain.clock_starts import Start, concerns, starts
from casework.domain.events import EventKind
from casework.domain.local_time import day_of, local, stamp, utc
from casework.domain.readings import ClockState, Reading, ReadingState, blank, state_of

__all__ = [
    "Act",
    "ActKind",
    "Circumstances",
    "ClockKind",
    "ClockRule",
    "ClockState",
    "Fallback",
    "Reading",
    "ReadingState",
    "Trigger",
    "asks_for_facts",
    "concerns",
    "derive",
    "local",
    "missing",
    "state_of",
]

_SPECIAL = {
    ClockKind.AGE_EVENT: age,
    ClockKind.STATUS_WINDOW: window,
    ClockKind.QUALITATIVE: review,
    ClockKind.NONE: no_deadline,
}
_REPORTS = frozenset({ClockKind.FISCAL_YEAR, ClockKind.HALF_YEAR, ClockKind.QUARTER})


def derive(versions: Sequence[ClockRule], case: Circumstances) -> list[Reading]:
    """What a clock says on these circumstances: one reading a period, the earliest first.

    `versions` are all versions of one rule; each period runs under the one that held on the day of
    its start. Nothing that could start it: no reading. Raises InvalidInputError for an event
    without an offset, an unknown zone or an unknown calendar.
    """
    found = [_reached(start, versions, case) for start in starts(versions, case)]
    plain = [start for start in found if _is_plain(start)]
    periods = [Running(start=start, moment=moment_of(start, case)) for start in plain]
    met = meetings(periods, case)
    readings = [standing(one, met.get(one.start.period), case) for one in periods]
    for start in found:
        if start not in plain:
            readings.extend(_other(start, versions, case))
    return readings


def asks_for_facts(rules: Iterable[Sequence[ClockRule]]) -> bool:
    """Whether any of these rules looks at facts of the case, and not at its events alone."""
    return any(
        rule.only_if is not None
        or rule.kind is ClockKind.AGE_EVENT
        or EventKind.TURNED_EIGHTEEN in rule.trigger.kinds()
        for versions in rules
        for rule in versions
    )


def missing(versions: Iterable[ClockRule]) -> tuple[EventKind, ...]:
    """The kinds of event of which one would start the clock."""
    return tuple(dict.fromkeys(kind for rule in versions for kind in rule.trigger.kinds()))


def starters(versions: Iterable[ClockRule]) -> frozenset[EventKind]:
    """The kinds of event without which a clock has no reading, be it an assumed one."""
    return frozenset(
        kind
        for rule in versions
        for kind in (*rule.trigger.kinds(), *((rule.fallback.event,) if rule.fallback else ()))
    )


def _reached(start: Start, versions: Sequence[ClockRule], case: Circumstances) -> Start:
    """The start under a later version that also reaches what was still running on its first day."""
    for later in versions:
        first = later.in_force_from
        if not (later.reaches_running and first and start.day < first and _is_plain(start)):
            continue
        moment = moment_of(start, case)
        if moment.at is None or day_of(moment.at, start.zone) >= first:
            return replace(start, rule=later)
    return start


def _is_plain(start: Start) -> bool:
    """Whether its moment is an amount of time from its start, once."""
    rule = start.rule
    counted = rule.kind is ClockKind.ELAPSED_HOURS or rule.by_date
    return counted and not rule.recurs and not start.assumed and not start.enjoined_by


def _other(start: Start, versions: Sequence[ClockRule], case: Circumstances) -> Iterator[Reading]:
    rule = start.rule
    if start.enjoined_by or start.assumed:
        yield _assumption(start, case)
    elif rule.kind in _REPORTS:
        if rule.window is None or rule.window.due_offset_days is None:
            yield not_computed(start, case)
        else:
            yield from reports(start, case)
    elif rule.recurs:
        yield from recurring(start, versions, case)
    else:
        yield _SPECIAL[rule.kind](start, case)


def _assumption(start: Start, case: Circumstances) -> Reading:
    """Something is missing: what would hold if it were as the row assumes, marked as assumed."""
    rule = start.rule
    reading = replace(
        blank(rule, ReadingState.CANNOT_COMPUTE, period=start.period), zone=start.zone
    )
    counted = rule.kind is ClockKind.ELAPSED_HOURS or rule.by_date
    assumed = moment_of(start, case).at if counted else None
    if start.enjoined_by:
        text = (
            f"Cannot compute; safe assumption: the rule counts as if it held. A court kept it from "
            f"being applied on {start.day}: {start.enjoined_by}."
        )
        first = f"Enjoined on {start.day}: {start.enjoined_by}."
    else:
        text = rule.fallback.text if rule.fallback else ""
        kinds = " or ".join(said(kind) for kind in rule.trigger.kinds())
        first = f"Cannot be computed: {kinds} is not recorded."
    steps = [first]
    if assumed:
        steps.append(f"Assumption: {started(start)}; then it would be due {stamp(assumed)}.")
    met = next((e for e in case.of_kinds(rule.met_by) if utc(e.at) >= start.at), None)
    if met:
        sure = assumed is not None and utc(met.at) <= assumed
        word = "in time" if sure else "whether in time cannot be said"
        steps.append(f"{said(met.kind)} {stamp(utc(met.at))}: {word}.")
    reading = replace(
        reading,
        met_at=utc(met.at) if met else None,
        assumption=text,
        assumed_due_at=assumed,
        steps=tuple(steps),
    )
    return by_hand(reading, start, case)
