"""A backup of some minutes ago is put back: row F21 of the fault matrix."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from casework.domain.permissions import Principal
from config.local_postgres import APP, OWNER
from config.postgres_files import programs
from config.processes import current_account, run
from tests.faults.conftest import OpenHouse
from tests.faults.household import ROOT, Household, wait_until
from tests.faults.planting import lay_out
from tests.faults.quiet import LOOP_ALONE, PROVE, TIMEOUT_SECONDS, at_rest, say

REMINDERS, SECONDS = (10_000, 300) if PROVE else (60, 4)
pytestmark = [pytest.mark.faults, pytest.mark.timeout(TIMEOUT_SECONDS)]

_SENT = "SELECT count(*) FROM casework_outboxmessage WHERE sent_at IS NOT NULL"


def test_f21_after_a_restore_nothing_is_lost_and_nothing_sent_again(
    open_house: OpenHouse, alice: Principal, tmp_path: Path
) -> None:
    journal = tmp_path / "sends"
    house = open_house(LOOP_ALONE, SEND_JOURNAL_FILE=str(journal))
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    field.plant(REMINDERS, seconds=SECONDS)
    time.sleep(SECONDS / 3)
    dump = tmp_path / "backup"
    _run_tool("pg_dump", "-Fc", "-f", str(dump), house.postgres.url("postgres", house.database))
    at_rest(field)
    before = house.mail.count()
    assert house.stop("sweep 1") == 0

    _put_back(house, dump)
    forgotten = before - house.records.count(_SENT)
    with journal.open("ab") as file:
        file.write(b'\n{"agency":"cut short by the cra')
    said = _replay(house, journal)
    house.start("sweep 1")
    assert wait_until(lambda: house.at_work() == house.workers, seconds=60)
    found = at_rest(field)
    say("F21", sent_since_the_backup=forgotten, replay=said, census=found.line())
    assert forgotten > 0
    assert said == f"marked {forgotten} as sent, {before - forgotten} were, 1 lines not understood"
    assert found.repeats == 0
    assert house.mail.count() == before


def _run_tool(name: str, *arguments: str) -> None:
    run([str(programs(current_account()) / name), *arguments], account=current_account())


def _put_back(house: Household, dump: Path) -> None:
    """The database is gone, and comes back as it was when the backup was made."""
    connections.close_all()
    names = {"name": house.database, "owner": OWNER, "app": APP}
    identifiers = {key: sql.Identifier(value) for key, value in names.items()}
    with psycopg.connect(house.postgres.url("postgres", "postgres"), autocommit=True) as server:
        for statement in (
            sql.SQL("DROP DATABASE {name} WITH (FORCE)"),
            sql.SQL("CREATE DATABASE {name} OWNER {owner} TEMPLATE template0"),
            sql.SQL("GRANT CONNECT ON DATABASE {name} TO {app}"),
        ):
            server.execute(statement.format(**identifiers))
    _run_tool("pg_restore", "-d", house.postgres.url("postgres", house.database), str(dump))


def _replay(house: Household, journal: Path) -> str:
    argv = [sys.executable, "manage.py", "replay_sends", str(journal)]
    done = subprocess.run(
        argv, cwd=ROOT, env=house.env, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.strip()
