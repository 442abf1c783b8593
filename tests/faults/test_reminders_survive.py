"""Reminders survive kill -9 and a Redis that goes away, counted from outside the application."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString

import pytest
from django.db import connection, transaction

from casework.access import agency_context, set_context
from casework.domain.permissions import Principal
from casework.gateways.email import message_id
from casework.models import Agency
from casework.services.journal import verify
from casework.services.outbox import LEASE_SECONDS
from config.local_redis import ensure_redis, stop_redis
from tests import builders
from tests.database import Database
from tests.faults.household import Household, wait_until

PROVE = os.environ.get("PROVE") == "1"
REMINDERS, KILLS, CASES = (10_000, 150, 200) if PROVE else (1_000, 20, 20)
SECONDS_BETWEEN_KILLS = 1.5
WORK_SECONDS = int(KILLS * SECONDS_BETWEEN_KILLS)
REDIS_AWAY_SECONDS = 10
PATIENCE_SECONDS = LEASE_SECONDS + (600 if PROVE else 60)

_PLANT = """
    INSERT INTO casework_reminder
        (agency_id, deadline_id, deadline_version, ref, rung, fire_at, audience, status)
    SELECT d.agency_id, d.id, d.version, gen_random_uuid(), 'test_' || n,
           now() + make_interval(secs => %(seconds)s * n / %(each)s::float),
           '{assignee}', 'scheduled'
    FROM casework_deadline d, generate_series(1, %(each)s) n
    WHERE d.agency_id = %(agency)s AND d.rule = 'UAC-TRANSFER-72H'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was found afterwards, in the database and at the mail server."""

    lost: int
    told_twice: int
    sent_again: int
    unknown_ids: int
    fired_twice: int

    def report(self, kills: Counter[str], sending: int, seconds: float) -> str:
        """A small table."""
        return "\n".join(
            [
                "",
                f"reminders {REMINDERS}, kills {KILLS} ({sending} while sending) {dict(kills)}, "
                f"Redis away {REDIS_AWAY_SECONDS} s, whole run {seconds:.0f} s",
                f"  lost                 {self.lost:>6}   allowed 0",
                f"  told twice in-app    {self.told_twice:>6}   allowed 0",
                f"  journaled twice      {self.fired_twice:>6}   allowed 0",
                f"  sent again           {self.sent_again:>6}   allowed {KILLS}",
                f"  under another id     {self.unknown_ids:>6}   allowed 0",
                "",
            ]
        )


@pytest.fixture
def household(process_environment: dict[str, str], tmp_path: Path) -> Iterator[Household]:
    redis_url = ensure_redis(tmp_path / "servers", fast=True)
    env = process_environment | {
        "REDIS_URL": redis_url,
        "DATA_DIR": str(tmp_path / "data"),
        "JOURNAL_ANCHOR_FILE": str(tmp_path / "anchors"),
    }
    household = Household(env=env, folder=tmp_path)
    try:
        household.begin()
        yield household
    finally:
        household.end()
        stop_redis(tmp_path / "servers")


@pytest.fixture
def due(household: Household, alice: Principal, charlie: Principal) -> int:  # noqa: ARG001
    """Reminders of two agencies, coming due one after another while the workers are killed."""
    then = datetime.now(UTC)
    for by in (alice, charlie):
        for _ in range(CASES // 2):
            case = builders.open_case(by=by, at=then)
            builders.record_event(case=case, by=by, at=then, kind="uac_determined")
        with agency_context(by.agency_id), connection.cursor() as cursor:
            cursor.execute(
                _PLANT,
                {"agency": by.agency_id, "each": REMINDERS // CASES, "seconds": WORK_SECONDS},
            )
    return REMINDERS + CASES  # each clock's own first rung is due at once as well


@pytest.mark.faults
@pytest.mark.timeout(1_700 if PROVE else 400)
def test_nothing_is_lost_and_nothing_told_twice(
    household: Household, due: int, as_superuser: Database, tmp_path: Path
) -> None:
    began = time.monotonic()
    kills = Counter(_kill_and_starve(household, tmp_path / "servers"))
    everything_left = wait_until(
        lambda: _drained(household, as_superuser, due), seconds=PATIENCE_SECONDS
    )
    household.end()
    outcome = _outcome(household, as_superuser, due)
    sys.stdout.write(
        outcome.report(kills, household.killed_while_sending, time.monotonic() - began)
    )
    assert everything_left
    assert outcome.sent_again <= KILLS
    assert (outcome.lost, outcome.told_twice, outcome.fired_twice, outcome.unknown_ids) == (0,) * 4
    _journals_are_whole()


def _kill_and_starve(household: Household, servers: Path) -> list[str]:
    """Kill one after another; a third of the way in, Redis goes away for a while."""
    killed, away_since = [], None
    for number in range(KILLS):
        time.sleep(SECONDS_BETWEEN_KILLS)
        if number == KILLS // 3:
            stop_redis(servers)
            away_since = time.monotonic()
        if away_since and time.monotonic() - away_since > REDIS_AWAY_SECONDS:
            ensure_redis(servers, fast=True)
            away_since = None
        killed.append(household.kill_one())
        household.heal()
    return killed


def _drained(household: Household, database: Database, due: int) -> bool:
    household.heal()
    waiting = _number(
        database,
        "SELECT (SELECT count(*) FROM casework_reminder WHERE status = 'scheduled'"
        "   AND rung LIKE 'test_%') + (SELECT count(*) FROM casework_outboxmessage"
        "   WHERE sent_at IS NULL) + (SELECT count(*) FROM casework_journalpending)",
    )
    return waiting == 0 and len(list(household.mail.glob("*.eml"))) >= due


def _outcome(household: Household, database: Database, due: int) -> Outcome:
    notices = _number(database, "SELECT count(*) FROM casework_notice")
    told = _number(
        database,
        "SELECT count(DISTINCT (n.recipient_id, n.key)) FROM casework_notice n"
        " JOIN casework_reminder r ON n.key = 'reminder:' || r.ref AND r.status = 'fired'",
    )
    journaled = _number(
        database,
        "SELECT count(*) FROM casework_journalentry WHERE action = 'reminder.fired'",
    )
    keys = database.execute(
        "SELECT 'reminder:' || r.ref || ':email:' || n.recipient_id FROM casework_reminder r"
        " JOIN casework_notice n ON n.key = 'reminder:' || r.ref"
    ).fetchall()
    expected = {message_id(str(key)) for (key,) in keys}
    ids = household.message_ids()
    return Outcome(
        lost=(due - told) + len(expected - set(ids)),
        told_twice=notices - told,
        fired_twice=journaled - due,
        sent_again=len(ids) - len(set(ids)),
        unknown_ids=len(set(ids) - expected),
    )


def _number(database: Database, query: LiteralString) -> int:
    row = database.execute(query).fetchone()
    return int(str(row[0])) if row else 0


def _journals_are_whole() -> None:
    for agency in Agency.objects.all():
        with transaction.atomic():
            set_context(agency_id=agency.pk)
            result = verify(agency)
        assert (result.broken, result.waiting) == ("", 0)
