"""Clocks without an amount of time: windows, what is to be done in reason, and none at all."""

from dataclasses import replace
from datetime import timedelta

from casework.domain.circumstances import ActKind, Circumstances
from casework.domain.clock_days import Moment, said, started
from casework.domain.clock_periods import Running, by_hand, meetings, standing
from casework.domain.clock_starts import Start
from casework.domain.clock_words import in_words, who_computes
from casework.domain.events import MAY_LIE_AHEAD
from casework.domain.local_time import day_of, stamp, utc
from casework.domain.readings import Reading, ReadingState, blank


def window(start: Start, case: Circumstances) -> Reading:
    """A status, an order or a proceeding that lasts, until the first event that ends it.

    Where something has to be done meanwhile, that event is its moment, also when it is recorded
    ahead of its day; a day that was only expected closes nothing by passing.
    """
    rule = start.rule
    end = next((e for e in case.of_kinds(rule.ends_with) if utc(e.at) >= start.at), None)
    moment = Moment(steps=[f"{in_words(rule)}.", f"{started(start)}: open."])
    if end and rule.met_by:
        moment.at = utc(end.at)
    if end:
        moment.steps.append(f"{said(end.kind)} {stamp(utc(end.at))} ends it.")
    surely = tuple(kind for kind in rule.ends_with if kind not in MAY_LIE_AHEAD)
    period = Running(start=start, moment=moment, closes=surely if rule.met_by else None)
    reading = standing(period, meetings([period], case).get(start.period), case)
    if reading.state is not ReadingState.RUNNING:
        return reading
    closes_at = utc(end.at) if end else None
    state = ReadingState.RUNNING if moment.at else ReadingState.OPEN
    ahead = reading.look_again_at if moment.at else closes_at
    return replace(reading, state=state, closes_at=closes_at, look_again_at=ahead)


def review(start: Start, case: Circumstances) -> Reading:
    """Promptly, diligently, within reason: a day to look again, counted from the last look."""
    rule = start.rule
    looks = case.acts_on(rule, start.period, ActKind.REVIEW)
    last = day_of(looks[-1].at, start.zone) if looks else start.day
    again = last + timedelta(days=rule.review_every_days or 0)
    steps = [f"{in_words(rule)}. {who_computes(rule)} See {rule.citation}."]
    steps.append(f"Last looked at on {last}; again on {again}." if looks else f"First on {again}.")
    period = Running(start=start, moment=Moment(steps=steps))
    reading = standing(period, meetings([period], case).get(start.period), case)
    if reading.state is not ReadingState.RUNNING:
        return reading
    return replace(reading, state=ReadingState.REVIEW, review_on=again)


def no_deadline(start: Start, case: Circumstances) -> Reading:
    """None was found: said once, and watched by nobody."""
    rule = start.rule
    steps = [f"{in_words(rule)}. {who_computes(rule)} See {rule.citation}."]
    period = Running(start=start, moment=Moment(steps=steps))
    reading = standing(period, None, case)
    if reading.state is not ReadingState.RUNNING:
        return reading
    return replace(reading, state=ReadingState.NO_DEADLINE)


def not_computed(start: Start, case: Circumstances) -> Reading:
    """A yearly number, or a report without a known day: put in words for a person to watch."""
    rule = start.rule
    state = ReadingState.OPEN if rule.cap else ReadingState.NOT_COMPUTED
    reading = replace(
        blank(rule, state, period=start.period),
        zone=start.zone,
        started_at=start.at,
        started_on=start.day,
        trigger_event_ref=start.event.ref,
        steps=(f"{in_words(rule)}. {who_computes(rule)} See {rule.citation}.",),
    )
    return by_hand(reading, start, case)
