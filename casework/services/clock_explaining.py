"""One clock of one case, whole: rule, events, reading, acts, reminders, and what became of each."""

from collections.abc import Iterator
from datetime import datetime

from casework.access import deadlines_for
from casework.domain.clock_words import in_words
from casework.domain.errors import NotFoundError
from casework.domain.permissions import Capability, Principal, require
from casework.models import Case, Deadline, DeadlineAct, Event, Notice, Reminder
from casework.services.deadlines import rule_of
from casework.services.knowledge import clock_book
from casework.services.rungs import missing_rungs
from casework.services.waiting import states_of


def explain_clock(case: Case, clock: str, *, by: Principal, at: datetime) -> list[str]:
    """Lines that follow one clock, by its rule or reference, from its events to its messages.

    Reasons and notes are about people and stay out. NotFoundError if the case has no such clock.
    """
    require(by, Capability.READ_DEADLINES)
    rows = [
        row
        for row in deadlines_for(by).filter(case=case).order_by("id")
        if clock in (row.rule, str(row.ref))
    ]
    if not rows:
        raise NotFoundError
    return [line for row in rows for line in _explained(row, at)]


def _explained(row: Deadline, at: datetime) -> Iterator[str]:
    rule = rule_of(row)
    period = f" {row.period}" if row.period else ""
    yield f"{row.rule}{period}, version {rule.version}: {rule.title}"
    yield f"  {rule.citation}; {rule.certainty.value}, reviewed: {'yes' if rule.reviewed else 'no'}"
    yield f"  {in_words(rule)}"
    yield f"  now {at:%Y-%m-%d %H:%M:%S} UTC: {row.status}{', late' if row.late else ''}"
    for name in ("started_at", "due_at", "due_on", "closes_at", "review_on", "paused_at", "met_at"):
        value = getattr(row, name)
        if value is not None:
            yield f"  {name}: {value.isoformat()}"
    for step in row.steps:
        yield f"    {step}"
    yield from _events(row)
    yield from _acts(row)
    yield from _reminders(row)
    for code in missing_rungs(row, rule, clock_book(), at=at):
        yield f"  MISSING rung {code}: the nightly check will plan it"


def _events(row: Deadline) -> Iterator[str]:
    rule = rule_of(row)
    kinds = {*rule.trigger.kinds(), *rule.met_by, *rule.ends_with, *rule.cut_short_by}
    names = [kind.value for kind in kinds]
    for event in Event.objects.filter(case=row.case, kind__in=names).order_by("at", "id"):
        gone = " (amended or retracted)" if event.superseded_at else ""
        yield f"  event {event.kind} {event.at.isoformat()} {event.zone}{gone}"


def _acts(row: Deadline) -> Iterator[str]:
    for act in DeadlineAct.objects.filter(deadline=row).order_by("id"):
        undone = f", undone {act.undone_at.isoformat()}" if act.undone_at else ""
        until = f" until {act.until.isoformat()}" if act.until else ""
        yield f"  act {act.kind} {act.at.isoformat()}{until} by {act.recorded_by}{undone}"


def _reminders(row: Deadline) -> Iterator[str]:
    for reminder in Reminder.objects.filter(deadline=row).order_by("fire_at", "id"):
        settled = f" {reminder.settled_at.isoformat()}" if reminder.settled_at else ""
        yield (
            f"  rung {reminder.rung} of version {reminder.deadline_version},"
            f" {reminder.fire_at.isoformat()}, to {', '.join(reminder.audience)}:"
            f" {reminder.status}{settled}"
        )
        if reminder.status != "fired":
            continue
        key = f"reminder:{reminder.ref}"
        for notice in Notice.objects.filter(agency_id=row.agency_id, key=key).order_by("id"):
            seen = f"read {notice.read_at.isoformat()}" if notice.read_at else "not read"
            yield f"    told {notice.recipient_id}, {notice.template}: {seen}"
        for state in states_of(row.agency_id, key):
            yield f"    {state}"
