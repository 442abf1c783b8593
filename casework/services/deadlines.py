"""Deadlines: derived afresh from the events of a case whenever one of them changes.

Nothing is counted down. The rule, the events and the reading are kept; `due_at` is stored only so
that it can be indexed. Re-deriving takes the case's row lock first, so two changes cannot cross.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from casework.domain.circumstances import Circumstances
from casework.domain.clocks import ClockRule, Reading, asks_for_facts, derive
from casework.domain.permissions import Principal
from casework.models import Case, Deadline, DeadlineAct, Event, Webhook
from casework.models.deadlines import REMINDED
from casework.services import journal, outbox
from casework.services.case_circumstances import acts_on, circumstances_of
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
    ladders: Collection[str] = (),
) -> list[Moved]:
    """Bring every clock of the case, or those of `rules`, in line with its events and facts.

    Returns what changed: the soonest due first, then those without a moment. A fact that rules a
    clock out stops it; a fact that is not known never does. `ladders`: those that are not what they
    were, so that what hangs on them is hung anew.
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
        acts=acts_on(case) if any(map(_acted_on, existing.values())) else (),
    )
    by_ref = {str(row.ref): row for row in events.values()}
    moved = []
    for reading, rule, row in in_line(asked, circumstances, existing):
        rehung = row is not None and _on_another_ladder(row, rule, known, ladders)
        clock = Clock(case=case, rule=rule, row=row, book=known, rehung=rehung)
        moved.append(_bring_in_line(clock, reading, by_ref, at))
    moved.extend(_stop(row, at) for row in existing.values())
    changed = [change for change in moved if change is not None]
    _journal(changed, by, at)
    return sorted(changed, key=_soonest)


def in_line(
    rules: Iterable[Sequence[ClockRule]],
    circumstances: Circumstances,
    existing: MutableMapping[tuple[str, str], Deadline],
) -> Iterator[tuple[Reading, ClockRule, Deadline | None]]:
    """What each clock says, the rule version it follows from, and the row it stands in, if any.

    `rules`: all versions of each. Rows are taken out of `existing`; what is left in it has no
    reading any more.
    """
    for versions in rules:
        for reading in derive(versions, circumstances):
            rule = next(rule for rule in versions if rule.version == reading.version)
            yield reading, rule, existing.pop((rule.id, reading.period), None)


def _acted_on(row: Deadline) -> bool:
    """Whether anybody did anything about it; asked for together with the row."""
    return bool(getattr(row, "acted_on", True))


def _soonest(moved: Moved) -> tuple[bool, datetime, str, str]:
    row = moved.deadline
    return row.due_at is None, row.due_at or datetime.max.replace(tzinfo=UTC), row.rule, row.period


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One period of one rule in one case, as it is about to be brought in line."""

    case: Case
    rule: ClockRule
    row: Deadline | None
    book: ClockBook
    rehung: bool = False
    """Whether its ladder is not what it was when its reminders were hung."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be written for one clock."""

    row: Deadline
    name: str
    columns: list[str]
    new: bool
    hung_anew: bool
    only_ladder: bool
    """Nothing of the clock itself changed, so that nobody hears again what they were told."""


def _on_another_ladder(
    row: Deadline, rule: ClockRule, book: ClockBook, ladders: Collection[str]
) -> bool:
    if row.status not in REMINDED:
        return False
    if rule.rungs in ladders:
        return True
    as_loaded = book.rows[rule.id, rule.version]
    return row.definition_id != as_loaded and rule_of(row).rungs != rule.rungs


_HUNG_ON = ("status", "started_at", "due_at", "review_on", "zone")
"""What reminders hang on; when one of these changes, the version moves and they are hung anew."""


def _bring_in_line(
    clock: Clock, reading: Reading, events: Mapping[str, Event], at: datetime
) -> Moved | None:
    change = change_of(clock, reading, events, at)
    if change is None:
        return None
    row = change.row
    if change.new:
        row.save(force_insert=True)
    else:
        row.save(update_fields=[*change.columns, "updated_at", "version"])
    if change.hung_anew:
        reschedule(row, clock.rule, clock.book, new=change.new, at=at, quietly=change.only_ladder)
    return Moved(deadline=row, change=change.name)


def change_of(
    clock: Clock, reading: Reading, events: Mapping[str, Event], at: datetime
) -> Change | None:
    """What the reading changes in the row, which has the new values and is not stored yet.

    None where it stands already as it should.
    """
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
    if not different and not clock.rehung:
        return None
    moved = [name for name in _HUNG_ON if name in different]
    opened = moved == ["status"] and (row.status, reading.state) == ("running", "open")
    name = _name_of(None if new else row.status, reading.state.value)
    for column in different:
        setattr(row, column, wanted[column])
    row.updated_at = at
    # What only opened, as was announced, keeps its reminders: its first day is still to be told.
    hung_anew = new or clock.rehung or (bool(moved) and not opened)
    row.version += hung_anew
    return Change(
        row=row,
        name=name,
        columns=different,
        new=new,
        hung_anew=hung_anew,
        only_ladder=not (new or moved),
    )


def _columns(clock: Clock, reading: Reading, events: Mapping[str, Event]) -> dict[str, object]:
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
    deeds = [deed_of(one.deadline.case, one.deadline, one.change) for one in moved]
    journal.record_all(deeds, by=by, at=at)
    if moved and Webhook.objects.enabled().filter(agency_id=by.agency_id).exists():
        for one in moved:
            _post(one, at)


_TOLD = {"started": "started", "reopened": "started", "resumed": "started", "moved": "moved"}


def _post(one: Moved, at: datetime) -> None:
    """Word to the agency's own systems, by reference only."""
    row = one.deadline
    met = "late" if row.late else "met"
    event = met if one.change == "met" else _TOLD.get(one.change)
    if event is None:
        return
    moments = {"started_at": row.started_at, "due_at": row.due_at, "met_at": row.met_at}
    params = {name: at_.isoformat() for name, at_ in moments.items() if at_}
    outbox.post_to_webhooks(
        row.case.agency,
        f"deadline.{event}",
        {"case": str(row.case.ref), "deadline": str(row.ref), **params},
        key=f"deadline:{row.ref}:{row.version}:{one.change}",
        at=at,
    )


def deed_of(case: Case, row: Deadline, change: str) -> journal.Deed:
    """What the journal says of a clock that changed."""
    return journal.Deed(
        action=f"deadline.{change}",
        subject=f"case:{case.ref}",
        detail={
            "deadline": str(row.ref),
            "rule": row.rule,
            "period": row.period,
            "due_at": row.due_at.isoformat() if row.due_at else None,
            "version": row.version,
        },
    )


def rule_of(deadline: Deadline) -> ClockRule:
    """The rule version the deadline was derived under."""
    return parsed(deadline.definition, ClockRule)
