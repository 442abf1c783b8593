"""The disk under the database is full: row F20 of the fault matrix.

The database lies in a tablespace on a small file system of its own, in memory, so that PostgreSQL
meets a real ENOSPC. That takes the right to mount; where it is missing the test is skipped. The
log of the server lies elsewhere: a full disk there stops the whole server, as in F10.
"""

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from casework.domain.permissions import Principal
from config.postgres_files import cluster_place, owner_of
from tests.cast import issue_token
from tests.faults.conftest import OpenHouse
from tests.faults.household import Crew, Household, wait_until
from tests.faults.planting import lay_out
from tests.faults.quiet import PROVE, TIMEOUT_SECONDS, at_rest, fired, say

REMINDERS = 2_000 if PROVE else 300
REFUSALS = 50 if PROVE else 5
LEFT_BYTES = 128 * 1024
_SIZE = "192m"
pytestmark = [pytest.mark.faults, pytest.mark.timeout(TIMEOUT_SECONDS)]

_HALF = """
    SELECT (SELECT count(*) FROM casework_case),
           (SELECT count(*) FROM casework_person),
           (SELECT count(DISTINCT subject) FROM casework_journalentry
            WHERE action = 'case.opened')
"""


@contextmanager
def small_disk(house: Household) -> Iterator[Path]:
    """The household's database on a file system of its own; gives the folder."""
    place = cluster_place(house.postgres.folder)
    account, folder = owner_of(place), place / "small"
    folder.mkdir()
    options = f"size={_SIZE},uid={account.uid},gid={account.gid},mode=700"
    argv = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(argv, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("this needs the right to mount a small file system")
    try:
        _on_server(house, "CREATE TABLESPACE small LOCATION {folder}", folder)
        _on_server(house, "ALTER DATABASE {name} SET TABLESPACE small", folder)
        yield folder
    finally:
        house.end()
        (folder / "filler").unlink(missing_ok=True)
        _on_server(house, "DROP DATABASE {name} WITH (FORCE)", folder)
        _on_server(house, "DROP TABLESPACE small", folder)
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def _on_server(house: Household, statement: str, folder: Path) -> None:
    connections.close_all()
    text = sql.SQL(statement).format(
        name=sql.Identifier(house.database), folder=sql.Literal(str(folder))
    )
    with psycopg.connect(house.postgres.url("postgres", "postgres"), autocommit=True) as server:
        server.execute(text)


def fill(folder: Path) -> None:
    """Take all of the space but a little."""
    room = os.statvfs(folder)
    size = room.f_bavail * room.f_frsize - LEFT_BYTES
    with (folder / "filler").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A partner's system, over HTTP."""

    port: int
    token: str

    def open_case(self) -> tuple[int, str, dict[str, Any]]:
        """Status, kind of content and the answer."""
        body = json.dumps({"door": "hotline", "person": {"name": "Rosa " + "x" * 180}})
        return self._ask(body.encode())

    def list_cases(self) -> int:
        """The status alone."""
        return self._ask(None)[0]

    def _ask(self, body: bytes | None) -> tuple[int, str, dict[str, Any]]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/cases/",
            data=body,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )
        try:
            answer = urllib.request.urlopen(request, timeout=30)  # noqa: S310
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            kind = answer.headers.get_content_type()
            return answer.status, kind, json.loads(answer.read())


def test_f20_a_full_disk_refuses_whole_deeds_and_is_got_over(
    open_house: OpenHouse, alice: Principal, dora: Principal
) -> None:
    house = open_house(Crew(sweeps=1, celery=0, beats=0, web=1), OUTBOX_LEASE_SECONDS="10")
    field = lay_out(house, (alice,), cases=1)
    api = Api(port=house.web_port, token=issue_token("test-partner", "t" * 32, dora.scopes))
    with small_disk(house) as folder:
        house.begin()
        house.mail.behave(before_seconds=0, after_seconds=0)
        assert api.open_case()[0] == 201
        # Planted while there is room for it, and due when there is none.
        field.plant(REMINDERS, seconds=0.1, after=1)
        fill(folder)
        answers = [api.open_case()]
        while sum(status == 503 for status, _, _ in answers) < REFUSALS and len(answers) < 3_000:
            answers.append(api.open_case())
        statuses = Counter(status for status, _, _ in answers)
        refusals = [(kind, body["code"]) for status, kind, body in answers if status == 503]
        assert set(statuses) <= {201, 503}
        assert refusals == [("application/problem+json", "unavailable")] * REFUSALS
        assert api.list_cases() == 200
        opened = 2 + statuses[201]
        assert house.records.rows(_HALF) == [(opened, opened, opened)]
        waited = REMINDERS - fired(field)
        (folder / "filler").unlink()
        assert wait_until(lambda: api.open_case()[0] == 201, seconds=30)
        found = at_rest(field)
        say("F20", answers=dict(statuses), reminders_kept_waiting=waited, census=found.line())
        assert found.repeats <= 2
