"""Deadlines: derived afresh from the events of a case whenever one of them changes.

Nothing is counted down. The rule, the events and the reading are kept; `due_at` is stored only so
that it can be indexed. Re-deriving takes the case's row lock first, so two changes cannot cross.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from casework.domain.clocks import ClockRule, Reading, ReadingState, applies, derive
from casework.domain.events import EventKind, RecordedEvent
from casework.domain.ladders import Ladder, PlannedRung, next_repeat, plan
from casework.domain.permissions import Principal
from casework.models import Case, Deadline, Definition, Event, Reminder
from casework.services import journal
from casework.services.knowledge import clock_rules, ladder, parsed
from casework.services.ledger import known_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A clock that an event started, moved, met or stopped."""

    deadline: Deadline
    change: str
    """started, moved, met, reopened, stopped, or cannot_compute."""


@transaction.atomic
def derive_deadlines(case: Case, *, by: Principal, at: datetime) -> list[Moved]:
    """Bring every clock of the case in line with its events and facts. Returns what changed.

    The soonest due comes first, then those without a moment. A fact that rules a clock out stops
    it; a fact that is not known never does.
    """
    Case.objects.locked().get(pk=case.pk)
    rows = list(Event.objects.filter(case=case).standing().order_by("at", "id"))
    events = [
        RecordedEvent(ref=str(row.ref), kind=EventKind(row.kind), at=row.at, zone=row.zone)
        for row in rows
    ]
    by_ref = {str(row.ref): row for row in rows}
    existing = {row.rule: row for row in case.deadlines.select_for_update()}
    if not rows and not existing:
        return []
    facts = known_facts(case, on=at.date())
    moved = []
    for definition, rule in clock_rules(at.date()):
        counts = events if applies(rule, events, facts) else []
        change = _bring_in_line(
            _Clock(case=case, definition=definition, rule=rule, row=existing.get(rule.id)),
            derive(rule, counts),
            by_ref,
            at,
        )
        if change is not None:
            moved.append(change)
            _journal(change, by, at)
    return sorted(moved, key=_soonest)


def _soonest(moved: Moved) -> tuple[bool, datetime, str]:
    due = moved.deadline.due_at
    return due is None, due or datetime.max.replace(tzinfo=UTC), moved.deadline.rule


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    case: Case
    definition: Definition
    rule: ClockRule
    row: Deadline | None


def _bring_in_line(
    clock: _Clock, reading: Reading, events: dict[str, Event], at: datetime
) -> Moved | None:
    if reading.state is ReadingState.NOT_STARTED and clock.row is None:
        return None
    row = clock.row or Deadline(
        agency_id=clock.case.agency_id, case=clock.case, rule=clock.rule.id, version=0
    )
    wanted = _columns(clock, reading, events)
    if clock.row is not None and all(getattr(row, name) == wanted[name] for name in wanted):
        return None
    change = _name_of(clock.row, wanted)
    reschedule = clock.row is None or any(
        getattr(row, name) != wanted[name] for name in ("status", "started_at", "due_at")
    )
    for name, value in wanted.items():
        setattr(row, name, value)
    row.updated_at = at
    row.version += reschedule
    row.save()
    if reschedule:
        _reschedule(row, clock.rule, at)
    return Moved(deadline=row, change=change)


def _columns(clock: _Clock, reading: Reading, events: dict[str, Event]) -> dict[str, object]:
    trigger = events.get(reading.trigger_event_ref)
    status = "stopped" if reading.state is ReadingState.NOT_STARTED else reading.state.value
    zone = trigger.zone if trigger else clock.case.agency.time_zone
    return {
        "definition_id": clock.definition.pk,
        "status": status,
        "trigger_event_id": trigger.pk if trigger else None,
        "started_at": reading.started_at,
        "due_at": reading.due_at,
        "met_at": reading.met_at,
        "assumption": reading.assumption,
        "assumed_due_at": reading.assumed_due_at,
        "zone": zone,
    }


def _name_of(row: Deadline | None, wanted: dict[str, object]) -> str:
    """What to call the change, for the answer and the journal."""
    status = wanted["status"]
    if status == "running":
        if row is None or row.status not in ("running", "met"):
            return "started"
        return "reopened" if row.status == "met" else "moved"
    return str(status)


def _reschedule(row: Deadline, rule: ClockRule, at: datetime) -> None:
    """Retire the reminders of earlier versions; plan those of this one.

    A rung whose moment has passed is not dropped: it fires with the next sweep, worded as late.
    Where several have passed, the latest of them speaks for the earlier ones, to all of their
    readers; the others are kept as superseded, so that the full set of rungs can be shown.
    """
    Reminder.objects.filter(deadline=row, status="scheduled").update(
        status="superseded", settled_at=at
    )
    if row.status != "running" or row.started_at is None or row.due_at is None:
        return
    steps = ladder(rule.rungs)
    planned = [*plan(steps, row.started_at, row.due_at), *_repeat_ahead(steps, row.due_at, at)]
    passed = [rung for rung in planned if rung.fire_at <= at]
    reminders = [_reminder(row, rung, steps) for rung in planned]
    for reminder in reminders[: len(passed)]:
        reminder.status, reminder.settled_at = "superseded", at
    if passed:
        speaker = reminders[len(passed) - 1]
        speaker.status, speaker.settled_at, speaker.repeat_minutes = "scheduled", None, None
        speaker.audience = list(dict.fromkeys(who for rung in passed for who in rung.audience))
    Reminder.objects.bulk_create(reminders)


def _repeat_ahead(steps: Ladder, due_at: datetime, at: datetime) -> list[PlannedRung]:
    """The next of the repeats that is still to come, where the first of them has passed."""
    if steps.repeat is None:
        return []
    every = timedelta(minutes=steps.repeat.every_minutes)
    turns = (at - due_at) // every
    if turns < 1:
        return []
    upcoming = next_repeat(steps, f"overdue_{turns}", due_at + turns * every)
    return [upcoming] if upcoming else []


def _reminder(row: Deadline, rung: PlannedRung, steps: Ladder) -> Reminder:
    once = {step.code for step in steps.rungs}
    repeats = steps.repeat if rung.code not in once else None
    return Reminder(
        agency_id=row.agency_id,
        deadline=row,
        deadline_version=row.version,
        rung=rung.code,
        fire_at=rung.fire_at,
        audience=list(rung.audience),
        repeat_minutes=repeats.every_minutes if repeats else None,
    )


def _journal(moved: Moved, by: Principal, at: datetime) -> None:
    row = moved.deadline
    journal.record(
        f"deadline.{moved.change}",
        f"case:{row.case.ref}",
        by=by,
        at=at,
        deadline=str(row.ref),
        rule=row.rule,
        due_at=row.due_at.isoformat() if row.due_at else None,
        version=row.version,
    )


def rule_of(deadline: Deadline) -> ClockRule:
    """The rule version the deadline was derived under."""
    return parsed(deadline.definition, ClockRule)
