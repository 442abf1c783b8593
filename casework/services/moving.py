"""Many cases at once, as after a new holiday: read together, each written in its own transaction.

What was read without a lock is asked again under it: a case in which anything happened meanwhile,
or in which more changes than the moment of known clocks, is left to the long way round.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from casework.access import agency_context, set_context, system_principal
from casework.domain.clocks import asks_for_facts, derive
from casework.domain.errors import CaseworkError
from casework.models import Agency, Case, Deadline, DeadlineAct, Event, Reminder
from casework.services import journal, outbox
from casework.services.case_circumstances import act_of, circumstances_of
from casework.services.deadlines import Change, Clock, change_of, deed_of
from casework.services.knowledge import ClockBook
from casework.services.rungs import hung

_MOVED = {
    "status": "text",
    "definition_id": "bigint",
    "trigger_event_id": "bigint",
    "started_at": "timestamptz",
    "due_at": "timestamptz",
    "due_on": "date",
    "closes_at": "timestamptz",
    "review_on": "date",
    "late": "boolean",
    "zone": "text",
    "steps": "jsonb",
    "look_again_at": "timestamptz",
    "updated_at": "timestamptz",
    "version": "int",
}
"""What can be written this way, and as what."""
_COLUMNS = ", ".join(f"{name} = given.{name}" for name in _MOVED)
_TYPES = ", ".join(f"{name} {kind}" for name, kind in _MOVED.items())
_LOCK = "SELECT id FROM casework_case WHERE id = %(case)s FOR UPDATE"
_WRITE = f"""
WITH still AS (
    SELECT FROM (SELECT coalesce(max(id), 0) AS newest,
                        count(*) FILTER (WHERE superseded_at IS NULL) AS standing
                 FROM casework_event WHERE case_id = %(case)s) AS e
    WHERE (e.newest, e.standing) = (%(newest_event)s, %(standing_events)s)
      AND (SELECT count(*) + count(undone_at) FROM casework_deadlineact a
           JOIN casework_deadline d ON d.id = a.deadline_id
           WHERE d.case_id = %(case)s) = %(acts)s
), moved AS (
    UPDATE casework_deadline d SET {_COLUMNS}
    FROM jsonb_to_recordset(%(clocks)s) AS given (id bigint, known_version int, {_TYPES}), still
    WHERE d.id = ANY(%(ids)s) AND d.id = given.id AND d.version = given.known_version
    RETURNING d.id, d.version
), retired AS (
    -- By the ids themselves: of a set the planner would guess too many rows, and read them all.
    UPDATE casework_reminder r SET status = 'superseded', settled_at = %(at)s
    WHERE r.deadline_id = ANY(%(ids)s) AND r.status = 'scheduled' AND EXISTS (SELECT FROM moved)
), hung AS (
    INSERT INTO casework_reminder (agency_id, deadline_id, deadline_version, ref, rung, fire_at,
                                   audience, repeat_minutes, status, settled_at)
    SELECT %(agency)s, moved.id, moved.version, gen_random_uuid(), given.rung, given.fire_at,
           given.audience, given.repeat_minutes, given.status, given.settled_at
    FROM jsonb_to_recordset(%(rungs)s) AS given (
        deadline_id bigint, rung text, fire_at timestamptz, audience text[], repeat_minutes int,
        status text, settled_at timestamptz)
    JOIN moved ON moved.id = given.deadline_id
), {
    journal.entries_from(
        '''SELECT %(agency)s::bigint AS agency_id, %(at)s::timestamptz AS at,
                  %(actor)s AS actor, given.action, given.subject, given.detail
           FROM jsonb_to_recordset(%(deeds)s) AS given (
               clock bigint, action text, subject text, detail jsonb)
           JOIN moved ON moved.id = given.clock'''
    )
}, {
    outbox.calls_from(
        '''SELECT %(agency)s::bigint AS agency_id, given.key, 'deadline.moved' AS event,
                  given.params
           FROM jsonb_to_recordset(%(deeds)s) AS given (clock bigint, key text, params jsonb)
           JOIN moved ON moved.id = given.clock'''
    )
}
SELECT count(*) FROM moved
"""  # noqa: S608 - the text is ours, values are parameters


@dataclass(slots=True, kw_only=True)
class _Read:
    """One case as it was read, without a lock."""

    case: Case
    events: list[Event]
    clocks: list[Deadline]
    acts: list[DeadlineAct]

    def stamp(self) -> dict[str, int]:
        """What has to be the same under the lock."""
        return {
            "newest_event": max((event.pk for event in self.events), default=0),
            "standing_events": sum(event.superseded_at is None for event in self.events),
            "acts": sum(1 + (act.undone_at is not None) for act in self.acts),
        }


class _ChangedMeanwhileError(Exception):
    """Something happened in the case after it was read."""


def move_together(
    agency: Agency, pks: Sequence[int], *, rules: Collection[str], book: ClockBook, at: datetime
) -> tuple[int, list[int]]:
    """Move the clocks of these rules. Returns how many moved, and the cases left to derive singly.

    Left are cases whose clocks depend on facts, begin, end or stop, or that changed meanwhile.
    """
    asked = [book.versions[name] for name in rules if name in book.versions]
    if connection.in_atomic_block or asks_for_facts(asked):
        return 0, list(pks)
    moved, left = 0, []
    for pk, read in _read(agency, pks, rules).items():
        try:
            changes = _changes(read, rules, book, at)
        except CaseworkError:
            changes = None  # the long way round says what is wrong
        if changes is None:
            left.append(pk)
            continue
        try:
            moved += _write(agency, read, changes, book, at) if changes else 0
        except _ChangedMeanwhileError:
            left.append(pk)
    return moved, left


def _read(agency: Agency, pks: Sequence[int], rules: Collection[str]) -> Mapping[int, _Read]:
    with agency_context(agency.pk):
        cases = Case.objects.filter(pk__in=pks).select_related("agency")
        events: dict[int, list[Event]] = defaultdict(list)
        for event in Event.objects.filter(case_id__in=pks).order_by("id"):
            events[event.case_id].append(event)
        clocks: dict[int, list[Deadline]] = defaultdict(list)
        for row in Deadline.objects.filter(case_id__in=pks, rule__in=rules).order_by("id"):
            clocks[row.case_id].append(row)
        acts: dict[int, list[DeadlineAct]] = defaultdict(list)
        rows = DeadlineAct.objects.filter(deadline__case_id__in=pks).select_related("deadline")
        for act in rows.order_by("id"):
            acts[act.deadline.case_id].append(act)
        return {
            case.pk: _Read(
                case=case, events=events[case.pk], clocks=clocks[case.pk], acts=acts[case.pk]
            )
            for case in cases.order_by("pk")
        }


def _changes(
    read: _Read, rules: Collection[str], book: ClockBook, at: datetime
) -> list[tuple[Change, Clock]] | None:
    """What moves; None where something changes that is not written this way."""
    circumstances = circumstances_of(
        read.case,
        read.events,
        book.calendars,
        at=at,
        facts={},
        acts=[act_of(act) for act in read.acts if act.undone_at is None],
    )
    existing = {(row.rule, row.period): row for row in read.clocks}
    by_ref = {str(event.ref): event for event in read.events}
    found = []
    for name in rules:
        versions = book.versions.get(name, ())
        for reading in derive(versions, circumstances):
            row = existing.pop((name, reading.period), None)
            if row is None:
                return None
            rule = next(rule for rule in versions if rule.version == reading.version)
            clock = Clock(case=read.case, rule=rule, row=row, book=book)
            change = change_of(clock, reading, by_ref, at)
            if change is None:
                continue
            if not change.hung_anew or not set(change.columns) <= set(_MOVED):
                return None
            found.append((change, clock))
    return None if any(row.status != "stopped" for row in existing.values()) else found


def _write(
    agency: Agency,
    read: _Read,
    changes: Sequence[tuple[Change, Clock]],
    book: ClockBook,
    at: datetime,
) -> int:
    """One transaction: lock the case, ask again, move, hang anew, journal."""
    by = system_principal(agency)
    parameters: dict[str, Any] = {
        **read.stamp(),
        "case": read.case.pk,
        "agency": agency.pk,
        "at": at,
        "actor": f"{by.kind}:{by.ref}",
        "ids": [change.row.pk for change, _ in changes],
        "clocks": _json([_clock(change.row) for change, _ in changes]),
        "rungs": _json(
            [
                _rung(reminder)
                for change, clock in changes
                for reminder in hung(change.row, book.ladder(clock.rule.rungs), new=False, at=at)
            ]
        ),
        "deeds": _json([_deed(read.case, change) for change, _ in changes]),
    }
    with transaction.atomic():
        set_context(agency_id=agency.pk)
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, parameters)
            cursor.execute(_WRITE, parameters)
            (moved,) = cursor.fetchone()
        if moved != len(changes):
            raise _ChangedMeanwhileError
    return int(moved)


def _clock(row: Deadline) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _MOVED}
    return {"id": row.pk, "known_version": row.version - 1, **values}


def _rung(reminder: Reminder) -> dict[str, Any]:
    return {
        "deadline_id": reminder.deadline_id,
        "rung": reminder.rung,
        "fire_at": reminder.fire_at,
        "audience": reminder.audience,
        "repeat_minutes": reminder.repeat_minutes,
        "status": reminder.status,
        "settled_at": reminder.settled_at,
    }


def _deed(case: Case, change: Change) -> dict[str, Any]:
    deed = deed_of(case, change.row, change.name)
    return {
        "clock": change.row.pk,
        "action": deed.action,
        "subject": deed.subject,
        "detail": deed.detail,
        "key": f"deadline:{change.row.ref}:{change.row.version}:{change.name}",
        "params": {
            "case": case.ref,
            "deadline": change.row.ref,
            "started_at": change.row.started_at,
            "due_at": change.row.due_at,
        },
    }


def _json(rows: list[dict[str, Any]]) -> Jsonb:
    return Jsonb(rows, dumps=partial(json.dumps, default=_plain))


def _plain(value: object) -> str:
    """Instants to the microsecond, which a last day ends on; other things as they are written."""
    return value.isoformat() if isinstance(value, date) else str(value)
