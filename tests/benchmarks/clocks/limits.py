"""The most that PostgreSQL gives: one statement that claims what is due and writes one row each.

On our tables, with every index and foreign key that they have; and, to know what those cost, on
two tables that have nothing but what the statement needs.
"""

import time
from collections.abc import Callable

from django.db import connection

from casework.access import agency_context
from tests.benchmarks.clocks.planting import Field
from tests.database import Database

SCHEMA = "bench"
"""Where tables stand that are no part of the application."""
_ON_OUR_TABLES = """
    WITH claimed AS (
        UPDATE casework_reminder SET status = 'fired', settled_at = now() WHERE id = ANY(ARRAY(
            SELECT id FROM casework_reminder
            WHERE agency_id = %(agency)s AND status = 'scheduled' AND fire_at <= now()
            ORDER BY fire_at, id FOR UPDATE SKIP LOCKED))
        RETURNING agency_id, ref)
    INSERT INTO casework_outboxmessage
        (agency_id, ref, key, channel, recipient_id, template, params, created_at, not_before,
         attempts, last_error, needs_attention)
    SELECT agency_id, uuidv7(), 'limit:' || ref, 'email', %(reader)s, 'bench', '{}',
           now(), now(), 0, '', false
    FROM claimed
"""
_ON_BARE_TABLES = """
    WITH claimed AS (
        UPDATE bench.reminder SET status = 'fired', settled_at = now() WHERE id = ANY(ARRAY(
            SELECT id FROM bench.reminder
            WHERE status = 'scheduled' AND fire_at <= now()
            ORDER BY fire_at, id FOR UPDATE SKIP LOCKED))
        RETURNING ref)
    INSERT INTO bench.outbox (key, created_at) SELECT ref, now() FROM claimed
"""
_BARE_TABLES = """
    CREATE TABLE bench.reminder (
        id bigserial PRIMARY KEY, ref uuid NOT NULL, fire_at timestamptz NOT NULL,
        status text NOT NULL, settled_at timestamptz);
    CREATE TABLE bench.outbox (
        id bigserial PRIMARY KEY, key text NOT NULL, created_at timestamptz NOT NULL);
    INSERT INTO bench.reminder (ref, fire_at, status)
    SELECT ref, fire_at, status FROM casework_reminder;
    CREATE INDEX ON bench.reminder (fire_at) WHERE status = 'scheduled';
"""


def timed(action: Callable[[], object]) -> float:
    """The seconds it takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def raw_limit(field: Field, reader: int) -> None:
    """Everything due, by the application's own role."""
    with agency_context(field.agency), connection.cursor() as cursor:
        cursor.execute(_ON_OUR_TABLES, {"agency": field.agency, "reader": reader})


def copy_to_bare_tables(database: Database) -> None:
    """Everything that is planted, due or not, on a table with two indexes."""
    database.execute(_BARE_TABLES)
    database.execute("VACUUM ANALYZE bench.reminder")
    database.execute("CHECKPOINT")


def bare_limit(database: Database) -> None:
    """Everything due, on bare tables, by the superuser."""
    database.execute(_ON_BARE_TABLES)
