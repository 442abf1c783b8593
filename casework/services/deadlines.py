"""Deadlines: derived afresh from the events of a case whenever one of them changes.

Nothing is counted down. The rule, the events and the reading are kept; `due_at` is stored only so
that it can be indexed. Re-deriving takes the case's row lock first, so two changes cannot cross.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from casework.domain.calendars import WorkDays
from casework.domain.circumstances import Act, ActKind, Circumstances
from casework.domain.clocks import ClockRule, Reading, asks_for_facts, derive
from casework.domain.conditions import Facts
from casework.domain.events import EventKind, RecordedEvent
from casework.domain.permissions import Principal
from casework.models import Case, Deadline, DeadlineAct, Event
from casework.services import journal
from casework.services.knowledge import ClockBook, clock_book, parsed
from casework.services.ledger import known_facts
from casework.services.rungs import reschedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A clock that an event started, moved, met or stopped."""

    deadline: Deadline
    change: str
    """started, moved, reopened, resumed, stopped, or the state it came to, e.g. met."""


@transaction.atomic
def derive_deadlines(
    case: Case,
    *,
    by: Principal,
    at: datetime,
    book: ClockBook | None = None,
    rules: Collection[str] | None = None,
) -> list[Moved]:
    """Bring every clock of the case, or those of `rules`, in line with its events and facts.

    Returns what changed: the soonest due first, then those without a moment. A fact that rules a
    clock out stops it; a fact that is not known never does.
    """
    Case.objects.locked().get(pk=case.pk)
    events = {row.pk: row for row in Event.objects.filter(case=case).order_by("id")}
    clocks = case.deadlines.select_for_update(of=("self",)).order_by("id")
    wanted = clocks if rules is None else clocks.filter(rule__in=rules)
    acted = Exists(DeadlineAct.objects.filter(deadline=OuterRef("pk")))
    existing = {(row.rule, row.period): row for row in wanted.annotate(acted_on=acted)}
    if not existing and not any(row.superseded_at is None for row in events.values()):
        return []
    known = book or clock_book()
    asked = [known.versions[name] for name in known.versions if rules is None or name in rules]
    circumstances = circumstances_of(
        case,
        list(events.values()),
        known.calendars,
        at=at,
        facts=known_facts(case, on=at.date()) if asks_for_facts(asked) else {},
        acts=_acts(case) if any(map(_acted_on, existing.values())) else (),
    )
    by_ref = {str(row.ref): row for row in events.values()}
    moved = []
    for name, versions in known.versions.items():
        if rules is not None and name not in rules:
            continue
        for reading in derive(versions, circumstances):
            row = existing.pop((name, reading.period), None)
            rule = next(rule for rule in versions if rule.version == reading.version)
            clock = _Clock(case=case, rule=rule, row=row, book=known)
            moved.append(_bring_in_line(clock, reading, by_ref, at))
    moved.extend(_stop(row, at) for row in existing.values())
    changed = [change for change in moved if change is not None]
    _journal(changed, by, at)
    return sorted(changed, key=_soonest)


def circumstances_of(
    case: Case,
    rows: list[Event],
    calendars: Mapping[str, WorkDays],
    *,
    at: datetime,
    facts: Facts,
    acts: Iterable[Act],
) -> Circumstances:
    """The case as its clocks see it: standing events, known facts, acts that were not undone."""
    roots: dict[int, str] = {}
    for row in rows:
        roots[row.pk] = roots.get(row.amends_id or 0, str(row.ref))
    return Circumstances(
        events=tuple(
            RecordedEvent(
                ref=str(row.ref),
                kind=EventKind(row.kind),
                at=row.at,
                zone=row.zone,
                by_mail=row.by_mail,
                seq=row.pk,
                lineage=roots[row.pk],
            )
            for row in rows
            if row.superseded_at is None
        ),
        as_of=at,
        facts=facts,
        acts=tuple(acts),
        calendars=calendars,
        agency_zone=case.agency.time_zone,
    )


def _acted_on(row: Deadline) -> bool:
    """Whether anybody did anything about it; asked for together with the row."""
    return bool(getattr(row, "acted_on", True))


def _acts(case: Case) -> list[Act]:
    rows = DeadlineAct.objects.filter(deadline__case=case, undone_at__isnull=True)
    return [
        Act(
            kind=ActKind(row.kind),
            rule=row.deadline.rule,
            period=row.deadline.period,
            at=row.at,
            until=row.until,
        )
        for row in rows.select_related("deadline").order_by("id")
    ]


def _soonest(moved: Moved) -> tuple[bool, datetime, str, str]:
    row = moved.deadline
    return row.due_at is None, row.due_at or datetime.max.replace(tzinfo=UTC), row.rule, row.period


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    case: Case
    rule: ClockRule
    row: Deadline | None
    book: ClockBook


_HUNG_ON = ("status", "started_at", "due_at", "review_on", "zone")
"""What reminders hang on; when one of these changes, the version moves and they are hung anew."""


def _bring_in_line(
    clock: _Clock, reading: Reading, events: dict[str, Event], at: datetime
) -> Moved | None:
    new = clock.row is None
    row = clock.row or Deadline(
        agency_id=clock.case.agency_id,
        case=clock.case,
        rule=clock.rule.id,
        period=reading.period,
        version=0,
    )
    wanted = _columns(clock, reading, events)
    different = [name for name in wanted if new or getattr(row, name) != wanted[name]]
    if not different:
        return None
    change = _name_of(None if new else row.status, reading.state.value)
    for name in different:
        setattr(row, name, wanted[name])
    row.updated_at = at
    hung_anew = new or any(name in different for name in _HUNG_ON)
    row.version += hung_anew
    if new:
        row.save(force_insert=True)
    else:
        row.save(update_fields=[*different, "updated_at", "version"])
    if hung_anew:
        reschedule(row, clock.rule, clock.book, new=new, at=at)
    return Moved(deadline=row, change=change)


def _columns(clock: _Clock, reading: Reading, events: dict[str, Event]) -> dict[str, object]:
    trigger = events.get(reading.trigger_event_ref)
    return {
        "definition_id": clock.book.rows[clock.rule.id, clock.rule.version],
        "status": reading.state.value,
        "marks": clock.rule.marks.value,
        "trigger_event_id": trigger.pk if trigger else None,
        "started_at": reading.started_at,
        "due_at": reading.due_at,
        "due_on": reading.due_on,
        "closes_at": reading.closes_at,
        "review_on": reading.review_on,
        "paused_at": reading.paused_at,
        "met_at": reading.met_at,
        "late": reading.late,
        "assumption": reading.assumption,
        "assumed_due_at": reading.assumed_due_at,
        "zone": reading.zone,
        "steps": list(reading.steps),
        "look_again_at": reading.look_again_at,
    }


_STARTED = ("running", "review", "open")
_OVER = ("met", "waived", "ended")


def _name_of(before: str | None, after: str) -> str:
    """What to call the change, for the answer and the journal."""
    if before == after:
        return "moved"
    if after in _STARTED:
        if before in _OVER:
            return "reopened"
        return "resumed" if before == "paused" else "started"
    return after


def _stop(row: Deadline, at: datetime) -> Moved | None:
    """Nothing starts it any more: kept, without a moment, and nobody is reminded."""
    if row.status == "stopped":
        return None
    row.status, row.updated_at = "stopped", at
    row.trigger_event = row.started_at = row.due_at = row.due_on = row.met_at = None
    row.closes_at = row.review_on = row.paused_at = row.look_again_at = None
    row.assumption, row.assumed_due_at, row.late, row.steps = "", None, False, []
    row.version += 1
    row.save()
    row.reminders.filter(status="scheduled").update(status="superseded", settled_at=at)
    return Moved(deadline=row, change="stopped")


def _journal(moved: list[Moved], by: Principal, at: datetime) -> None:
    journal.record_all(
        [
            journal.Deed(
                action=f"deadline.{one.change}",
                subject=f"case:{one.deadline.case.ref}",
                detail={
                    "deadline": str(one.deadline.ref),
                    "rule": one.deadline.rule,
                    "period": one.deadline.period,
                    "due_at": one.deadline.due_at.isoformat() if one.deadline.due_at else None,
                    "version": one.deadline.version,
                },
            )
            for one in moved
        ],
        by=by,
        at=at,
    )


def rule_of(deadline: Deadline) -> ClockRule:
    """The rule version the deadline was derived under."""
    return parsed(deadline.definition, ClockRule)
