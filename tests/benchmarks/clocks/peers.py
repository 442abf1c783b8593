"""How others fire what is due, each at its best.

Some write what ours writes for each reminder (notice, e-mail, journal), some no more than one
e-mail row in the outbox. They run as the superuser, so that row security costs them nothing. Run
as processes of their own by `running.py`; what they print is the seconds it took.
"""

import asyncio
import contextlib
import logging
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

import procrastinate
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from psycopg_pool import AsyncConnectionPool

from casework.models import Notice, Reminder
from casework.models.journal import JournalEntry, JournalPending
from casework.models.outbox import OutboxMessage
from tests.benchmarks.clocks.limits import SCHEMA

IN_SCHEMA = {"options": f"-c search_path={SCHEMA}"}
_INSERT = """
    INSERT INTO public.casework_outboxmessage
        (agency_id, ref, key, channel, recipient_id, template, params, created_at, not_before,
         attempts, last_error, needs_attention)
    VALUES (%(agency)s, uuidv7(), %(key)s, 'email', %(reader)s, 'bench', '{}',
            clock_timestamp(), now(), 0, '', false)
"""


def write_one(agency: int, reader: int, key: str) -> None:
    """The row that counts as fired."""
    now = datetime.now(UTC)
    OutboxMessage.objects.create(
        agency_id=agency,
        key=key,
        channel="email",
        recipient_id=reader,
        template="bench",
        created_at=now,
        not_before=now,
    )


def write_all(agency: int, reader: int, key: str) -> None:
    """What our sweep writes for one reminder and one reader."""
    now = datetime.now(UTC)
    with transaction.atomic():
        Notice.objects.create(
            agency_id=agency, recipient_id=reader, key=key, template="bench", created_at=now
        )
        write_one(agency, reader, key)
        entry = JournalEntry.objects.create(
            agency_id=agency, at=now, actor="system:bench", action="fired", subject=key
        )
        JournalPending.objects.create(agency_id=agency, entry=entry)


def _due(agency: int) -> QuerySet[Reminder]:
    due = Reminder.objects.filter(
        agency_id=agency, status="scheduled", fire_at__lte=datetime.now(UTC)
    )
    return due.order_by("fire_at")


def naive(agency: int, reader: int, seconds: float) -> int:
    """Read what is due, then row by row: write, mark, commit."""
    fired, until = 0, time.monotonic() + seconds
    for reminder in _due(agency):
        if time.monotonic() > until:
            break
        with transaction.atomic():
            write_one(agency, reader, f"naive:{reminder.ref}")
            reminder.status = "fired"
            reminder.settled_at = datetime.now(UTC)
            reminder.save(update_fields=["status", "settled_at"])
        fired += 1
    return fired


def claiming(
    agency: int, reader: int, seconds: float, *, write: Callable[[int, int, str], None] = write_one
) -> int:
    """As healthchecks does: look for the first, claim it by a conditional UPDATE, then notify."""
    fired, until = 0, time.monotonic() + seconds
    while time.monotonic() < until and (first := _due(agency).first()):
        mine = Reminder.objects.filter(pk=first.pk, status="scheduled")
        if mine.update(status="fired", settled_at=datetime.now(UTC)) == 1:
            write(agency, reader, f"claim:{first.ref}")
            fired += 1
    return fired


def queued(agency: int, reader: int, seconds: float) -> int:
    """procrastinate's own worker with four jobs at a time."""
    return asyncio.run(_procrastinate(agency, reader, seconds))


async def _procrastinate(agency: int, reader: int, seconds: float) -> int:
    url = settings.DATABASE_URL
    pool = AsyncConnectionPool(url, min_size=4, open=False, kwargs={"autocommit": True})
    connector = procrastinate.PsycopgConnector(conninfo=url, kwargs=IN_SCHEMA, max_size=6)
    app = procrastinate.App(connector=connector)
    fired = 0

    @app.task(name="fire")
    async def fire(key: str) -> None:
        nonlocal fired
        async with pool.connection() as own:
            await own.execute(_INSERT, {"agency": agency, "reader": reader, "key": key})
        fired += 1

    async with pool, app.open_async():
        worker = app.run_worker_async(
            wait=False, concurrency=4, install_signal_handlers=False, shutdown_graceful_timeout=1
        )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(worker, seconds)
    return fired


PEERS: Mapping[str, Callable[[int, int, float], int]] = {
    "naive": naive,
    "claiming": claiming,
    "claiming_all": partial(claiming, write=write_all),
    "queued": queued,
}


def main() -> None:
    """PEER AGENCY READER SECONDS; prints how many were fired and how long it took."""
    name, agency, reader, seconds = sys.argv[1:]
    logging.disable(logging.WARNING)
    connection.ensure_connection()
    began = time.perf_counter()
    fired = PEERS[name](int(agency), int(reader), float(seconds))
    sys.stdout.write(f"{fired} {time.perf_counter() - began}\n")
