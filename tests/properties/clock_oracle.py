"""What a clock has to say about a story: an oracle that shares nothing with the domain."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from tests.properties import clock_walk as walk
from tests.properties.clock_story import (
    AHEAD,
    UNITS,
    Hours,
    Period,
    Says,
    Story,
    Written,
    starts,
    timed,
)
from tests.properties.clock_walk import DAY, day_in, first_instant, last_instant

MONTHS = {"quarter": 3, "half_year": 6, "fiscal_year": 12}
MOST = 200


def expected(story: Story, hours: Hours) -> dict[str, Says]:
    """Every period of the clock and what it says."""
    says: dict[str, Says] = {}
    periods: list[Period] = []
    for one in (_reached(start, story, hours) for start in starts(story)):
        if one.enjoined or one.assumed:
            says[one.name] = _assumption(one, story, hours)
        elif one.rule.get("recurs") == "from_meeting":
            says |= _from_meeting(one, story, hours)
        elif one.rule.get("recurs") == "from_due":
            says |= _stand(list(_from_due(one, story, hours)), story)
        elif one.rule["kind"] in MONTHS:
            says |= _reports(one, story)
        elif one.rule["kind"] == "age_event" and "date_of_birth" not in story.facts:
            unknown = Says(version=one.rule["version"], state="cannot_compute")
            says[one.name] = _by_hand(unknown, one, story)
        else:
            periods.append(_prepared(one, story, hours))
    for name, said in _stand(periods, story).items():
        period = next(one for one in periods if one.name == name)
        says[name] = _finished(period, said, story) if said.state == "running" else said
    return says


def _reached(period: Period, story: Story, hours: Hours) -> Period:
    """Under a later version that also reaches what had not run out on its first day."""
    if not _counts(period.rule) or period.rule.get("recurs") or period.enjoined or period.assumed:
        return period
    due = timed(period, story, hours).due_at
    for rule in story.versions:
        first = rule["in_force_from"] if rule.get("reaches_running") else date.min
        if period.day < first and (due is None or day_in(due, period.zone) >= first):
            return replace(period, rule=rule)
    return period


def _prepared(period: Period, story: Story, hours: Hours) -> Period:
    """The period with its moment, whatever its kind has for one."""
    rule = period.rule
    ends = tuple(rule.get("ends_with", ()))
    if _counts(rule):
        return timed(period, story, hours)
    if rule["kind"] == "age_event":
        day = walk.birthday(story.facts["date_of_birth"], rule["age_years"])
        if day <= period.day or not rule.get("met_by"):
            return replace(period, ends=ends, deaf=True)
        last = day - DAY
        return replace(period, ends=ends, due_on=last, due_at=last_instant(last, period.zone))
    if rule["kind"] == "status_window" and rule.get("met_by"):
        sure = tuple(kind for kind in ends if kind not in AHEAD)
        return replace(period, ends=sure, due_at=_first_end(period, story))
    return replace(period, ends=ends, deaf=rule["kind"] == "none")


def _first_end(period: Period, story: Story) -> datetime | None:
    ends = [one["at"].astimezone(UTC) for one in story.happened(period.rule.get("ends_with", ()))]
    return min((at for at in ends if at >= period.at), default=None)


def _finished(period: Period, said: Says, story: Story) -> Says:
    """What a kind calls the period that nothing has met, closed or stopped."""
    kind = period.rule["kind"]
    if kind == "status_window":
        state = "running" if period.due_at else "open"
        return replace(said, state=state, closes_at=_first_end(period, story))
    if kind == "qualitative":
        looks = story.done(period.name, "review")
        last = day_in(looks[-1]["at"], period.zone) if looks else period.day
        again = walk.days_on(last, period.rule["review_every_days"], 1)
        return replace(said, state="review", review_on=again)
    if kind == "none":
        return replace(said, state="no_deadline")
    return replace(said, state="held") if kind == "age_event" and period.deaf else said


def _counts(rule: Written) -> bool:
    return rule["kind"] == "elapsed_hours" or rule["kind"] in UNITS


def _assumption(period: Period, story: Story, hours: Hours) -> Says:
    """What is missing, and what would be due if it were as assumed."""
    assumed = timed(period, story, hours).due_at if _counts(period.rule) else None
    met = [one["at"] for one in story.happened(period.rule.get("met_by", ()))]
    met_at = min((at for at in met if at >= period.at), default=None)
    state, version = "cannot_compute", period.rule["version"]
    says = Says(version=version, state=state, assumed_due_at=assumed, met_at=met_at)
    return _by_hand(says, period, story)


def _by_hand(says: Says, period: Period, story: Story) -> Says:
    """What is left of a reading without a moment once somebody has met or waived it."""
    met = story.done(period.name, "meet")
    if story.done(period.name, "waive"):
        return replace(says, state="waived")
    return replace(says, state="met", met_at=met[0]["at"]) if met else says


def _from_meeting(start: Period, story: Story, hours: Hours) -> dict[str, Says]:
    """Each meeting, also by hand, begins the next period; after a waiver its moment does.

    What was recorded by hand for the moment of a meeting is that meeting, not one more.
    """
    says: dict[str, Says] = {}
    current: Period | None = start
    while current and len(says) < MOST:
        period = timed(current, story, hours)
        later = [
            one
            for one in story.happened(period.rule["met_by"])
            if (one["at"].astimezone(UTC), one["ref"]) > (period.at, period.ref)
            and _is_within(one, period, story)
        ]
        said = _standing(period, later[0]["at"].astimezone(UTC) if later else None, story)
        says[period.name] = said
        name, current = str(len(says) + 1), None
        if said.state == "met" and said.met_at:
            by_event = bool(later) and later[0]["at"] == said.met_at
            ref = later[0]["ref"] if by_event else period.ref
            zone = period.zone
            current = replace(start, name=name, ref=ref, at=said.met_at, zone=zone)
        elif said.state == "waived" and period.due_at:
            current = replace(start, name=name, ref=period.ref, at=period.due_at)
    return says


def _from_due(start: Period, story: Story, hours: Hours) -> Iterator[Period]:
    """A period for each anniversary of the start that has passed, and the one that runs."""
    at, unit, end = start.at, UNITS[start.rule["kind"]], _first_end(start, story)
    for number in range(1, MOST):
        longer = {**start.rule, unit: number * start.rule[unit]}
        name = "" if number == 1 else str(number)
        whole = timed(replace(start, rule=longer, name=name), story, hours)
        period = replace(whole, at=at, rule=start.rule)
        yield period
        if whole.due_on is None or whole.due_at is None or whole.due_at >= story.as_of:
            return
        if end and end <= whole.due_at:
            return
        at = first_instant(whole.due_on, start.zone)


def _reports(start: Period, story: Story) -> dict[str, Says]:
    """One period for each window that had begun by now, or by what ends them."""
    rule, label = start.rule, walk.label_of(start.rule)
    offset = rule["window"].get("due_offset_days")
    if offset is None:
        state = "open" if rule.get("cap") else "not_computed"
        says = Says(version=rule["version"], state=state, started_at=start.at)
        return {"": _by_hand(replace(says, started_on=start.day), start, story)}
    end = _first_end(start, story)
    last_day = day_in(end, start.zone) if end else date.max
    until = min(day_in(story.as_of, start.zone), last_day)
    periods, begins, day = [], {}, start.day
    while True:
        _, last = walk.window_of(day, label)
        due = walk.days_on(last, offset, 1)
        begins[label(day)] = max(day, start.day)
        at, due_at = first_instant(last, start.zone), last_instant(due, start.zone)
        periods.append(replace(start, name=label(day), at=at, due_on=due, due_at=due_at))
        if last >= until:
            break
        day = last + DAY
    return {
        name: replace(
            said, started_on=begins[name], started_at=first_instant(begins[name], start.zone)
        )
        for name, said in _stand(periods, story).items()
    }


def _stand(periods: list[Period], story: Story) -> dict[str, Says]:
    met = _meetings(periods, story)
    return {one.name: _standing(one, met.get(one.name), story) for one in periods}


def _meetings(periods: list[Period], story: Story) -> dict[str, datetime]:
    """First come, first met: each event meets the earliest period that it can, or all."""
    met: dict[str, datetime] = {}
    for event in story.happened({kind for one in periods for kind in one.rule.get("met_by", ())}):
        for period in periods:
            if period.name not in met and _can_meet(event, period, story):
                met[period.name] = event["at"].astimezone(UTC)
                if period.rule.get("one_meets", "earliest") == "earliest":
                    break
    return met


def _can_meet(event: Written, period: Period, story: Story) -> bool:
    done = story.done(period.name, "meet", "waive")
    return not (done and done[0]["at"] <= event["at"]) and _is_within(event, period, story)


def _is_within(event: Written, period: Period, story: Story) -> bool:
    if period.deaf or event["kind"] not in period.rule.get("met_by", ()):
        return False
    closes = _closing(period, story)
    if closes and closes < event["at"]:
        return False
    if period.rule["kind"] == "elapsed_hours":
        return bool(event["at"] >= period.at)
    if period.rule["kind"] == "status_window" and period.kind in AHEAD:
        return True
    day, opens = day_in(event["at"], period.zone), period.rule.get("marks") == "opens"
    if period.backward:
        return not (opens and period.due_on and day < period.due_on)
    return day >= period.day


def _closing(period: Period, story: Story) -> datetime | None:
    if period.backward:
        return period.at
    ends = [one["at"].astimezone(UTC) for one in story.happened(period.ends)]
    return min((at for at in ends if at >= period.at), default=None)


def _in_time(at: datetime, period: Period) -> bool:
    if period.due_on:
        return day_in(at, period.zone) <= period.due_on
    return period.due_at is None or at <= period.due_at


def _standing(period: Period, meeting: datetime | None, story: Story) -> Says:
    says = Says(
        version=period.rule["version"],
        state="running",
        started_at=period.at,
        started_on=period.day,
        due_at=period.due_at,
        due_on=period.due_on,
        paused_at=period.paused_at,
    )
    closes = _closing(period, story)
    waived, by_hand = story.done(period.name, "waive"), story.done(period.name, "meet")
    if waived:
        return replace(says, state="waived", late=not _in_time(waived[0]["at"], period))
    met_at = min((at for at in (meeting, by_hand and by_hand[0]["at"]) if at), default=None)
    opens = period.rule.get("marks") == "opens"
    if met_at:
        late = not opens and not _in_time(met_at, period)
        return replace(says, state="met", met_at=met_at, late=late)
    if closes and closes <= story.as_of and not _over(period, closes):
        late = bool(period.rule.get("met_by")) and _gone(period, closes)
        return replace(says, state="ended", closes_at=closes, late=late)
    if period.paused_at:
        return replace(says, state="paused", closes_at=closes)
    state = _by_time_alone(period, story)
    return replace(says, closes_at=None if state == "ended" else closes, state=state)


def _by_time_alone(period: Period, story: Story) -> str:
    opens = period.rule.get("marks") == "opens"
    if opens and period.due_at and story.as_of >= period.due_at:
        return "open"
    return "ended" if _over(period, story.as_of) else "running"


def _over(period: Period, at: datetime) -> bool:
    """Whether it had ended by itself before then."""
    by_itself = period.rule.get("marks") == "ends" and not period.rule.get("met_by")
    return by_itself and period.due_at is not None and at > period.due_at


def _gone(period: Period, at: datetime) -> bool:
    """Whether the chance to act was gone when something closed the period."""
    if period.rule["kind"] == "status_window":
        return True
    if period.rule.get("marks") == "opens" and period.due_at:
        return at >= period.due_at
    return period.due_at is not None and not _in_time(at, period)
