"""How fast due reminders leave the schedule, as a share of what PostgreSQL can do at all.

The limit: one statement that claims the same rows and inserts one bare row for each. Ours also
looks at the clock again under the lock, finds the readers, writes notice, e-mail and journal entry.
"""

import itertools
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency
from casework.services.sweep import sweep_all
from tests import builders

DUE = 20_000
_RUNS = itertools.count()
LEAST_SHARE = 0.1
"""Far below what is measured (see the printed figure): a guard against a lost index, no target."""

_PLANT = """
    INSERT INTO casework_reminder
        (agency_id, deadline_id, deadline_version, ref, rung, fire_at, audience, status)
    SELECT r.agency_id, r.deadline_id, r.deadline_version, gen_random_uuid(),
           %s || '_' || n,
           now() - interval '1 minute', '{assignee}', 'scheduled'
    FROM (SELECT * FROM casework_reminder WHERE agency_id = %s LIMIT 1) r,
         generate_series(1, %s) n
"""
_LIMIT = """
    WITH claimed AS (
        UPDATE casework_reminder SET status = 'fired', settled_at = now() WHERE id IN (
            SELECT id FROM casework_reminder
            WHERE agency_id = %s AND status = 'scheduled' AND fire_at <= now()
            ORDER BY fire_at, id FOR UPDATE SKIP LOCKED)
        RETURNING id, agency_id, ref)
    INSERT INTO casework_notice (agency_id, ref, recipient_id, key, template, params, created_at)
    SELECT agency_id, ref, %s, ref, 'bench', '{}', now() FROM claimed
"""


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _raw_limit(agency: Agency, reader_id: int) -> None:
    with agency_context(agency.pk), connection.cursor() as cursor:
        cursor.execute(_LIMIT, [agency.pk, reader_id])


def _plant(agency: Agency) -> None:
    with agency_context(agency.pk), connection.cursor() as cursor:
        cursor.execute(_PLANT, [next(_RUNS), agency.pk, DUE])


@pytest.fixture
def running_clock(
    committed_db: None,  # noqa: ARG001
    harbor: Agency,
    alice: Principal,
    at: datetime,
) -> Agency:
    """A clock of alice's that runs, so that its reminders find their reader."""
    case = builders.open_case(by=alice, at=at)
    builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    sweep_all()
    return harbor


def test_the_sweep_keeps_a_share_of_the_raw_limit(running_clock: Agency, alice: Principal) -> None:
    shares = []
    reader = alice.user_id or 0
    for _ in range(3):
        _plant(running_clock)
        limit = _timed(lambda: _raw_limit(running_clock, reader))
        _plant(running_clock)
        ours = _timed(lambda: sweep_all(limit=2_000))
        shares.append(limit / ours)
        sys.stdout.write(
            f"\n{DUE} due: raw limit {DUE / limit:,.0f}/s, sweep {DUE / ours:,.0f}/s, "
            f"share {limit / ours:.3f}"
        )
    assert statistics.median(shares) >= LEAST_SHARE
