"""A case as written down, and each period of a clock with its moment, found by walking.

Rules, events and acts are read as they are written, in plain mappings; nothing of the domain is
used. Elapsed hours are left to PostgreSQL: `hours` is how somebody outside adds them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from tests.properties import clock_walk as walk
from tests.properties.clock_walk import day_in, first_instant, last_instant

Written = Mapping[str, Any]
Hours = Callable[[datetime, int], datetime]
UNITS = {"calendar_days": "days", "business_days": "days", "calendar_months": "months"}
UNITS |= {"calendar_years": "years"}
AHEAD = {"removal_scheduled", "t_status_expires", "u_status_expires", "ead_expires"}
AHEAD |= {"sij_deferred_action_expires", "medicaid_coverage_due", "turned_eighteen", "award_ended"}


@dataclass(frozen=True, kw_only=True)
class Story:
    """One case, as written down."""

    versions: Sequence[Written]
    events: Sequence[Written]
    as_of: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    acts: Sequence[Written] = ()
    closed: frozenset[date] = frozenset()
    agency_zone: str = "America/New_York"

    def happened(self, kinds: Any) -> list[Written]:  # noqa: ANN401
        """The events of these kinds, the first to happen first, without removals called off."""
        cancelled = [one["seq"] for one in self.events if one["kind"] == "removal_cancelled"]
        last = max(cancelled, default=-1)
        found = [
            one
            for one in self.events
            if one["kind"] in kinds
            and not (one["kind"] == "removal_scheduled" and one["seq"] < last)
        ]
        return sorted(found, key=lambda one: (one["at"].astimezone(UTC), one["ref"]))

    def done(self, period: str, *kinds: str) -> list[Written]:
        """What was done about a period, in order."""
        found = [one for one in self.acts if one["period"] == period and one["kind"] in kinds]
        return sorted(found, key=lambda one: one["at"])


@dataclass(frozen=True, kw_only=True)
class Says:
    """What is compared: the state of one period and every date and instant in it."""

    version: str
    state: str
    started_at: datetime | None = None
    started_on: date | None = None
    due_at: datetime | None = None
    due_on: date | None = None
    met_at: datetime | None = None
    late: bool = False
    paused_at: datetime | None = None
    closes_at: datetime | None = None
    review_on: date | None = None
    assumed_due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Period:
    """One period under one version: from where it runs, and to where."""

    rule: Written
    name: str
    ref: str
    kind: str
    at: datetime
    zone: str
    by_mail: bool | None = None
    enjoined: bool = False
    assumed: bool = False
    due_at: datetime | None = None
    due_on: date | None = None
    paused_at: datetime | None = None
    ends: tuple[str, ...] = ()
    deaf: bool = False
    """Met by hand at most, and by no event."""

    @property
    def day(self) -> date:
        """The date on which it starts."""
        return day_in(self.at, self.zone)

    @property
    def backward(self) -> bool:
        """Whether it runs back from its start."""
        return self.rule.get("counts") == "before"


def starts(story: Story) -> list[Period]:
    """Every start, the earliest first, under the version of its day; else what stands in."""
    ordered = sorted(story.versions, key=lambda one: one.get("in_force_from", date.min))
    concerned = [rule for rule in ordered if _concerns(rule, story)]
    found: dict[str, Period] = {}
    for rule in concerned:
        for event in _triggers(rule, story):
            each = rule["trigger"].get("occurrence") == "each"
            name = f"event:{event.get('lineage') or event['ref']}" if each else ""
            found |= {one.name: one for one in _held(rule, event, name, story)}
    if not found:
        found = {one.name: one for rule in concerned for one in _instead(rule, story)}
    return sorted(found.values(), key=lambda one: (one.at, one.name))


def _instead(rule: Written, story: Story) -> Iterator[Period]:
    fallback = rule.get("fallback") if not _triggers(rule, story) else None
    for event in story.happened({fallback["event"]} if fallback else ())[:1]:
        for one in _held(rule, event, "", story):
            yield replace(one, assumed=True)


def _concerns(rule: Written, story: Story) -> bool:
    if "only_if" not in rule:
        return True
    fact = story.facts.get(rule["only_if"]["fact"])
    if fact is None:
        return not rule.get("only_when_known", False)
    wanted = rule["only_if"].get("one_of") or [rule["only_if"]["is"]]
    return fact in wanted


def _held(rule: Written, event: Written, name: str, story: Story) -> Iterator[Period]:
    """The period, if the version was in force on the day of the event."""
    zone = story.agency_zone if rule.get("zone") == "agency" else event["zone"]
    at = event["at"].astimezone(UTC)
    on = day_in(at, zone)
    if rule.get("in_force_from", date.min) <= on <= rule.get("in_force_to", date.max):
        stopped = any(
            one["from"] <= on <= one.get("to", date.max) for one in rule.get("enjoined", [])
        )
        mail = event.get("by_mail")
        yield Period(
            rule=rule,
            name=name,
            ref=event["ref"],
            kind=event["kind"],
            at=at,
            zone=zone,
            by_mail=mail,
            enjoined=stopped,
        )


def _triggers(rule: Written, story: Story) -> list[Written]:
    trigger = rule["trigger"]
    kinds = {trigger["event"]} if "event" in trigger else None
    kinds = kinds or set(trigger.get("earliest_of") or trigger["latest_of"])
    events = story.happened(kinds)
    if rule.get("recurs") == "from_meeting" and "latest_of" in trigger:
        others = [one for one in events if one["kind"] not in rule["met_by"]]
        return others[-1:] or events[:1]
    born = story.facts.get("date_of_birth")
    if "latest_of" in trigger:
        told = any(one["kind"] == "turned_eighteen" for one in events)
        if events and "turned_eighteen" in kinds and born and not told:
            events.append(_coming_of_age(born, story))
        return sorted(events, key=lambda one: (one["at"].astimezone(UTC), one["ref"]))[-1:]
    which = trigger.get("occurrence", "first")
    return events if which == "each" else events[-1:] if which == "last" else events[:1]


def _coming_of_age(born: date, story: Story) -> Written:
    at = first_instant(walk.birthday(born, 18), story.agency_zone)
    return {
        "ref": "fact:date_of_birth",
        "kind": "turned_eighteen",
        "at": at,
        "zone": story.agency_zone,
    }


def timed(period: Period, story: Story, hours: Hours) -> Period:
    """The period with its moment."""
    rule, ends = period.rule, tuple(period.rule.get("ends_with", ()))
    if rule["kind"] == "elapsed_hours":
        return replace(period, due_at=hours(period.at, rule["hours"]), ends=ends)
    after, due = _counted(period, story)
    if rule.get("mailing_extra_days") and period.by_mail:
        due = walk.days_on(due, rule["mailing_extra_days"], 1)
    due = _extended(due, period, story)
    gaps = list(_gaps(period, story))
    business = rule["kind"] == "business_days"
    stuck = None
    if gaps:
        due, stuck = walk.made_up(
            after, due, gaps, lambda day: not business or not walk.is_closed(day, story.closed)
        )
    cut = _cut(period, story, None if stuck else due)
    if stuck and cut is None:
        return replace(period, paused_at=first_instant(stuck, period.zone), ends=ends)
    due = cut or due
    if rule.get("roll", "none") != "none":
        due = walk.rolled(due, -1 if period.backward else 1, story.closed)
    opens = rule.get("marks") == "opens"
    at = (first_instant if opens else last_instant)(due, period.zone)
    return replace(period, due_on=due, due_at=at, ends=ends)


def _counted(period: Period, story: Story) -> tuple[date, date]:
    """The day after which days count, and the last of them."""
    rule, step = period.rule, -1 if period.backward else 1
    number = rule[UNITS[rule["kind"]]]
    back = step if rule.get("first_day_counts") else 0
    after = walk.days_on(period.day, abs(back), -step)
    if rule["kind"] == "business_days":
        return after, walk.business_days_on(after, number, step, story.closed)
    if rule["kind"] == "calendar_days":
        return after, walk.days_on(after, number, step)
    due = walk.months_on(period.day, number * (12 if rule["kind"] == "calendar_years" else 1), step)
    there = due.day == period.day.day
    return after, walk.days_on(due, abs(back) * there, -step)


def _extended(due: date, period: Period, story: Story) -> date:
    for act in story.done(period.name, "extend"):
        by, longer = (period.rule.get("extension") or {}).get("by") or {}, due
        if act.get("until"):
            longer = act["until"]
        elif "days" in by:
            longer = walk.days_on(due, by["days"], 1)
        elif "hours" not in by and by:
            longer = walk.months_on(due, by.get("months", 0) + 12 * by.get("years", 0), 1)
        due = max(due, longer)
    return due


def _gaps(period: Period, story: Story) -> Iterator[walk.Gap]:
    pairs = [
        (begun["at"], [one["at"] for one in story.happened(tolling["to"])])
        for tolling in period.rule.get("tolling", [])
        for begun in story.happened({tolling["from"]})
    ]
    resumed = [one["at"] for one in story.done(period.name, "resume")]
    pairs += [(one["at"], resumed) for one in story.done(period.name, "pause")]
    for begun, ends in pairs:
        end = min((at for at in ends if at >= begun), default=None)
        yield day_in(begun, period.zone), day_in(end, period.zone) if end else None


def _cut(period: Period, story: Story, due: date | None) -> date | None:
    for event in story.happened(period.rule.get("cut_short_by", ())):
        day = day_in(event["at"], period.zone)
        if period.day <= day < (due or date.max) and not period.backward:
            return day
    return None
