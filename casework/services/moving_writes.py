"""How moved clocks are written: one transaction a case, many of them on their way at once.

The server works on one case while the next is being derived, and only the last commit of a round
waits for the disk: what is flushed with it takes along all before it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from functools import partial
from typing import Any, LiteralString, NoReturn

import psycopg
from django.db import connection
from psycopg.types.json import Jsonb

from casework.access import system_principal
from casework.models import Agency, Case, Deadline
from casework.services import journal, outbox
from casework.services.deadlines import Change, Clock, deed_of
from casework.services.knowledge import ClockBook
from casework.services.rungs import HungRung, hung

MOVABLE = {
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
_COLUMNS = ", ".join(f"{name} = given.{name}" for name in MOVABLE)
_TYPES = ", ".join(f"{name} {kind}" for name, kind in MOVABLE.items())
_OF_A_RUNG = tuple(field.name for field in fields(HungRung))
_Cursor = psycopg.Cursor[tuple[Any, ...]]
_Execute = Callable[..., _Cursor]
_PREPARED_FROM = 0
"""Every statement is prepared when it is first sent."""
# Planned once for all cases. What is not the last of a round need not wait for the disk.
_SETTINGS = """
SELECT set_config('casework.agency', %(agency)s::text, true),
       set_config('casework.person', '', true), set_config('casework.client', '', true),
       set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('synchronous_commit', %(flush)s, true)
"""
_LOCK = "SELECT id FROM casework_case WHERE id = %(case)s FOR UPDATE"
_WRITE = f"""
WITH still AS (
    SELECT FROM (SELECT coalesce(max(id), 0) AS newest,
                        count(*) FILTER (WHERE superseded_at IS NULL) AS standing
                 FROM casework_event WHERE case_id = %(case)s) AS e
    WHERE (e.newest, e.standing) = (%(newest_event)s, %(standing_events)s)
      AND (SELECT count(*) FROM casework_deadlineact a
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
    WHERE r.deadline_id = ANY(ARRAY(SELECT id FROM moved)) AND r.status = 'scheduled'
), hung AS (
    INSERT INTO casework_reminder (agency_id, deadline_id, deadline_version, ref, rung, fire_at,
                                   audience, repeat_minutes, status, settled_at)
    SELECT %(agency)s, moved.id, moved.version, uuidv7(), given.rung, given.fire_at,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What has to be the same under the lock as it was without it."""

    newest_event: int
    standing_events: int
    acts: int
    """Whatever undoes others is one more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMove:
    """One case and what moves in it."""

    case: Case
    stamp: Stamp
    changes: Sequence[tuple[Change, Clock]]
    book: ClockBook


def written(
    agency: Agency, cases: Iterable[CaseMove], *, at: datetime
) -> list[tuple[CaseMove, int]]:
    """Lock each case, ask again, move, hang anew, journal; say how many of its clocks moved.

    Fewer than were to move: something happened in the case meanwhile. All that is said to have
    moved is on the disk. Needs a connection outside any transaction. OperationalError where the
    server goes: what was written by then stays, each case whole.
    """
    sent = []
    with _on_the_way() as execute:
        execute("BEGIN")
        for case, is_last in _until_last(cases):
            given = {**_parameters(agency, case, at), "flush": "on" if is_last else "off"}
            execute(_SETTINGS, given)
            execute(_LOCK, given)
            sent.append((case, execute(_WRITE, given)))
            execute("COMMIT AND CHAIN")
        execute("COMMIT")
    return [(case, int(cursor.fetchall()[0][0])) for case, cursor in sent]


@contextmanager
def _on_the_way() -> Iterator[_Execute]:
    """Run statements that are parsed and planned once, without waiting for the answer to each."""
    connection.ensure_connection()
    server: psycopg.Connection[Any] = connection.connection
    before, server.prepare_threshold = server.prepare_threshold, _PREPARED_FROM

    def execute(statement: LiteralString, given: Mapping[str, Any] | None = None) -> _Cursor:
        return psycopg.Cursor(server).execute(statement, given, prepare=True)

    try:
        with (
            connection.wrap_database_errors,
            server.pipeline(),
            connection.execute_wrapper(_refused),
        ):
            yield execute
    except BaseException:
        connection.close()  # whatever was begun is over
        raise
    server.prepare_threshold = before


def _refused(*_args: object) -> NoReturn:
    """A question that strays in between would be asked in the transaction of some case."""
    msg = "Cases on their way are not mixed with other questions to the server."
    raise RuntimeError(msg)


def _until_last(cases: Iterable[CaseMove]) -> Iterator[tuple[CaseMove, bool]]:
    waiting = None
    for case in cases:
        if waiting:
            yield waiting, False
        waiting = case
    if waiting:
        yield waiting, True


def _parameters(agency: Agency, one: CaseMove, at: datetime) -> dict[str, Any]:
    by = system_principal(agency)
    return {
        **asdict(one.stamp),
        "case": one.case.pk,
        "agency": agency.pk,
        "at": at,
        "actor": f"{by.kind}:{by.ref}",
        "ids": [change.row.pk for change, _ in one.changes],
        "clocks": _json([_clock(change.row) for change, _ in one.changes]),
        "rungs": _json(
            [rung for change, clock in one.changes for rung in _rungs(one, change, clock, at)]
        ),
        "deeds": _json([_deed(one.case, change) for change, _ in one.changes]),
    }


def _clock(row: Deadline) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in MOVABLE}
    return {"id": row.pk, "known_version": row.version - 1, **values}


def _rungs(one: CaseMove, change: Change, clock: Clock, at: datetime) -> Iterator[dict[str, Any]]:
    ladder = one.book.ladder(clock.rule.rungs)
    for rung in hung(change.row, ladder, new=False, at=at):
        yield {"deadline_id": change.row.pk, **_as_row(rung)}


def _as_row(rung: HungRung) -> dict[str, Any]:
    return {name: getattr(rung, name) for name in _OF_A_RUNG}


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
