"""The database crashes, cuts us off, is locked and refuses: rows F10 to F13 of the fault matrix."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from casework.domain.permissions import Principal
from config import patient_postgresql
from tests.faults.conftest import OpenHouse
from tests.faults.household import Crew, Household, wait_until
from tests.faults.planted import (
    NO_FAULTS,
    all_fired,
    all_sent,
    letters,
    outcome,
    plant,
    running_clock,
    say,
    slowest,
)

PROVE = os.environ.get("PROVE") == "1"
REMINDERS = 10_000 if PROVE else 300
CRASHES = 5 if PROVE else 2
CUTTING_SECONDS = 60 if PROVE else 5
HOLDING_SECONDS = 25 if PROVE else 4
PATIENCE_SECONDS = 900 if PROVE else 60
LONGEST_RECONNECT_SECONDS = 10
LOOPS_ALONE = Crew(sweeps=2, celery=0, beats=0)
pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_700 if PROVE else 180)]

_CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'casework'
"""
_BLOCKED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'casework'
      AND wait_event_type = 'Lock'
"""
_REFUSED = """
    SELECT deadlocks, xact_rollback FROM pg_stat_database WHERE datname = current_database()
"""
_SAME_NOTICE = """
    INSERT INTO casework_notice (agency_id, ref, recipient_id, key, template, params, created_at)
    SELECT c.agency_id, gen_random_uuid(), c.assignee_id, 'reminder:' || r.ref, '', '{}', now()
    FROM casework_reminder r JOIN casework_deadline d ON d.id = r.deadline_id
    JOIN casework_case c ON c.id = d.case_id WHERE r.rung = 'test_1'
"""


def at_rest(house: Household) -> None:
    """Nothing lost, nothing told twice, no letter missing, no process that had to be started."""
    assert all_fired(house.records, seconds=PATIENCE_SECONDS)
    house.lets_leases_lapse()
    assert all_sent(house.records, seconds=PATIENCE_SECONDS)
    assert house.heal() == []
    assert outcome(house.records).faults == NO_FAULTS
    found = letters(house.records, house.mail)
    assert (found.missing, found.strange) == (0, 0)


@contextmanager
def session(house: Household, options: str = "") -> Iterator[psycopg.Connection[Any]]:
    """Somebody else's transaction, open."""
    url = house.postgres.url("postgres", house.database)
    with psycopg.connect(url, options=options) as connection:
        yield connection


def test_f10_a_server_that_crashes_takes_nothing_with_it(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(LOOPS_ALONE)
    running_clock(alice)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    plant(house.records, REMINDERS, span=CRASHES * 2)
    reconnects = []
    for _ in range(CRASHES):
        time.sleep(1.5)
        house.postgres.crash()
        house.postgres.start()
        began = time.monotonic()
        assert wait_until(lambda: house.at_work() == house.workers, seconds=60, every=0.05)
        reconnects.append(round(time.monotonic() - began, 1))
    at_rest(house)
    repeats = letters(house.records, house.mail).repeats
    say("F10", crashes=CRASHES, seconds_to_be_back=reconnects, repeats=repeats)
    assert max(reconnects) <= LONGEST_RECONNECT_SECONDS
    assert repeats <= CRASHES * len(house.workers)


def test_f11_connections_that_are_cut_all_the_time_end_no_loop(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(LOOPS_ALONE)
    running_clock(alice)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    plant(house.records, REMINDERS, span=CUTTING_SECONDS)
    cuts, until = 0, time.monotonic() + CUTTING_SECONDS
    while time.monotonic() < until:
        time.sleep(0.2)
        cuts += len(house.records.rows(_CUT))
    assert cuts > CUTTING_SECONDS
    at_rest(house)
    repeats = letters(house.records, house.mail).repeats
    say("F11", cuts=cuts, repeats=repeats, slowest_seconds=round(slowest(house.records), 1))
    assert repeats <= cuts


def test_f12_a_row_that_somebody_holds_keeps_back_no_other(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(LOOPS_ALONE)
    running_clock(alice)
    house.begin()
    plant(house.records, 30, begin=1.0)
    options = str(patient_postgresql.options(HOLDING_SECONDS)["options"])
    with session(house, options=options) as holder:
        holder.execute("SELECT 1 FROM casework_reminder WHERE rung = 'test_7' FOR UPDATE")
        began = time.monotonic()
        assert wait_until(lambda: outcome(house.records).fired == 29, seconds=HOLDING_SECONDS)
        others = time.monotonic() - began
        assert outcome(house.records).fired == 29
        # The holder never lets go by itself; the server's limit ends its transaction.
        assert all_fired(house.records, seconds=2 * HOLDING_SECONDS)
        itself = round(slowest(house.records), 1)
        say("F12", seconds_of_the_others=round(others, 1), seconds_of_the_held=itself)
        with pytest.raises(psycopg.OperationalError):
            holder.execute("SELECT 1")
        holder.close()
    at_rest(house)


def test_f13_a_sweep_that_loses_a_deadlock_tries_again(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(Crew(sweeps=1, celery=0, beats=0))
    running_clock(alice)
    house.begin()
    plant(house.records, 30, begin=1.0)
    with session(house) as other:
        other.execute("SET LOCAL deadlock_timeout = '20s'")
        other.execute(_SAME_NOTICE)
        assert wait_until(lambda: house.records.count(_BLOCKED) > 0, seconds=20, every=0.02)
        other.execute("UPDATE casework_reminder SET rung = rung WHERE rung = 'test_2'")
        other.rollback()
    at_rest(house)
    assert wait_until(lambda: house.records.rows(_REFUSED)[0][0] == 1, seconds=20)


def test_f13_sweeps_that_the_server_cannot_put_in_order_try_again(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(Crew(sweeps=3, celery=0, beats=0, every=0.01))
    running_clock(alice)
    house.records.rows("ALTER ROLE casework_app SET default_transaction_isolation = serializable")
    try:
        house.begin()
        house.mail.behave(before_seconds=0, after_seconds=0)
        before = house.records.rows(_REFUSED)[0][1]
        plant(house.records, REMINDERS, span=CUTTING_SECONDS)
        at_rest(house)
        refused = house.records.rows(_REFUSED)[0][1] - before
    finally:
        house.records.rows("ALTER ROLE casework_app RESET default_transaction_isolation")
    say("F13", refused=refused, slowest_seconds=round(slowest(house.records), 1))
    assert refused > 0
    assert letters(house.records, house.mail).repeats == 0
