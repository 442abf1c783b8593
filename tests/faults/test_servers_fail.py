"""The database crashes, cuts us off, is locked and refuses: rows F10 to F13 of the fault matrix."""

import time

import psycopg
import pytest

from casework.domain.permissions import Principal
from config import patient_postgresql
from tests.faults.conftest import OpenHouse
from tests.faults.household import Crew, wait_until
from tests.faults.planting import lay_out
from tests.faults.quiet import (
    LOOP_ALONE,
    PROVE,
    TIMEOUT_SECONDS,
    TWO_LOOPS,
    all_fired,
    at_rest,
    fired,
    say,
    session,
)

REMINDERS = 10_000 if PROVE else 150
IN_ORDER = 2_000 if PROVE else 150
"""Where every second transaction is refused, ten thousand take a quarter of an hour."""
CRASHES = 5 if PROVE else 2
CUTTING_SECONDS = 60 if PROVE else 4
HOLDING_SECONDS = 25 if PROVE else 5
LONGEST_RECONNECT_SECONDS = 10
pytestmark = [pytest.mark.faults, pytest.mark.timeout(TIMEOUT_SECONDS)]

_CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'casework'
"""
_BLOCKED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'casework'
      AND wait_event_type = 'Lock'
"""
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
_ROLLED_BACK = "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"
_SAME_NOTICE = """
    INSERT INTO casework_notice (agency_id, ref, recipient_id, key, template, params, created_at)
    SELECT c.agency_id, gen_random_uuid(), c.assignee_id, 'reminder:' || r.ref, '', '{}', now()
    FROM casework_reminder r JOIN casework_deadline d ON d.id = r.deadline_id
    JOIN casework_case c ON c.id = d.case_id WHERE r.rung = 'test_1_1'
"""


def test_f10_a_server_that_crashes_takes_nothing_with_it(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(TWO_LOOPS, OUTBOX_LEASE_SECONDS="10")
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    field.plant(REMINDERS, seconds=CRASHES * 2)
    reconnects = []
    for _ in range(CRASHES):
        time.sleep(1.5)
        house.postgres.crash()
        house.postgres.start()
        began = time.monotonic()
        assert wait_until(lambda: house.at_work() == house.workers, seconds=60, every=0.05)
        reconnects.append(round(time.monotonic() - began, 1))
    found = at_rest(field)
    say("F10", crashes=CRASHES, seconds_to_be_back=reconnects, census=found.line())
    assert max(reconnects) <= LONGEST_RECONNECT_SECONDS
    assert found.repeats <= CRASHES * len(house.workers)


def test_f11_connections_that_are_cut_all_the_time_end_no_loop(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(TWO_LOOPS, OUTBOX_LEASE_SECONDS="10")
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    field.plant(REMINDERS, seconds=CUTTING_SECONDS)
    cuts, until = 0, time.monotonic() + CUTTING_SECONDS
    while time.monotonic() < until:
        time.sleep(0.2)
        cuts += len(house.records.rows(_CUT))
    found = at_rest(field)
    say("F11", cuts=cuts, census=found.line())
    assert cuts > CUTTING_SECONDS
    assert found.repeats <= cuts


def test_f12_a_row_that_somebody_holds_keeps_back_no_other(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(LOOP_ALONE)
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    field.plant(30, seconds=0.1, after=1.0)
    options = str(patient_postgresql.options(HOLDING_SECONDS)["options"])
    with session(house, options) as holder:
        holder.execute("SELECT 1 FROM casework_reminder WHERE rung = 'test_1_7' FOR UPDATE")
        assert wait_until(lambda: fired(field) == 29, seconds=HOLDING_SECONDS)
        time.sleep(0.5)
        assert fired(field) == 29
        # The holder never lets go by itself: the server's limit ends its transaction.
        assert all_fired(field, seconds=2 * HOLDING_SECONDS)
        with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
            holder.execute("SELECT 1")
        holder.close()
    say("F12", held_seconds=0.8 * HOLDING_SECONDS, census=at_rest(field).line())


def test_f13_a_sweep_that_loses_a_deadlock_tries_again(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(LOOP_ALONE)
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    field.plant(30, seconds=0.1, after=1.0)
    with session(house) as other:
        other.execute("SET LOCAL deadlock_timeout = '20s'")
        other.execute(_SAME_NOTICE)
        assert wait_until(lambda: house.records.count(_BLOCKED) > 0, seconds=20, every=0.02)
        other.execute("UPDATE casework_reminder SET rung = rung WHERE rung = 'test_1_2'")
        other.rollback()
    assert wait_until(lambda: house.records.count(_DEADLOCKS) == 1, seconds=20)
    say("F13", deadlocks=1, census=at_rest(field).line())


def test_f13_sweeps_that_the_server_cannot_put_in_order_try_again(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(Crew(sweeps=3, celery=0, beats=0, every=0.01), OUTBOX_LEASE_SECONDS="10")
    field = lay_out(house, (alice,), cases=1)
    house.records.rows("ALTER ROLE casework_app SET default_transaction_isolation = serializable")
    try:
        house.begin()
        house.mail.behave(before_seconds=0, after_seconds=0)
        before = house.records.count(_ROLLED_BACK)
        field.plant(IN_ORDER, seconds=CUTTING_SECONDS)
        found = at_rest(field)
        refused = house.records.count(_ROLLED_BACK) - before
    finally:
        house.records.rows("ALTER ROLE casework_app RESET default_transaction_isolation")
    say("F13", refused=refused, census=found.line())
    assert refused > 0
    assert found.repeats <= refused
