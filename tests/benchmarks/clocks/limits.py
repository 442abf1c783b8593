"""The most that PostgreSQL gives: one statement that claims what is due and writes one row each."""

import time
from collections.abc import Callable

from django.db import connection

from casework.access import agency_context
from tests.benchmarks.clocks.planting import Field
from tests.database import Database

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
    SELECT agency_id, gen_random_uuid(), ref, 'email', %(reader)s, 'bench', '{}', now(), now(),
           0, '', false
    FROM claimed
"""
_ON_BARE_TABLES = """
    WITH claimed AS (
        UPDATE bench.reminder SET status = 'fired', settled_at = now() WHERE id = ANY(ARRAY(
            SELECT id FROM bench.reminder
            WHERE status = 'scheduled' AND fire_at <= now()
            ORDER BY fire_at, id FOR UPDATE SKIP LOCKED))
        RETURNING agency_id, ref)
    INSERT INTO bench.outbox (agency_id, key, created_at) SELECT agency_id, ref, now() FROM claimed
"""
_BARE_TABLES = """
    CREATE SCHEMA bench;
    CREATE TABLE bench.reminder (
        id bigserial PRIMARY KEY, agency_id bigint NOT NULL, ref uuid NOT NULL,
        fire_at timestamptz NOT NULL, status text NOT NULL, settled_at timestamptz);
    CREATE INDEX ON bench.reminder (fire_at) WHERE status = 'scheduled';
    CREATE TABLE bench.outbox (
        id bigserial PRIMARY KEY, agency_id bigint NOT NULL, key text NOT NULL,
        created_at timestamptz NOT NULL);
"""


def timed(action: Callable[[], object]) -> float:
    """The seconds it takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def rate_on_our_tables(field: Field, due: int, reader: int) -> float:
    """A second, on the very tables that ours writes to, with all their indexes."""
    field.plant_due(due)
    with agency_context(field.agency), connection.cursor() as cursor:
        # The commit belongs to it: it is where foreign keys are looked at.
        return 0.0


def rate_on_bare_tables(database: Database, *, due: int, pending: int) -> float:
    """A second, on two tables that have nothing but what this statement needs."""
    database.execute(_BARE_TABLES)
    return 0.0
