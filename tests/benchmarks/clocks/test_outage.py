"""The morning after: 100,000 reminders due at once, while partners go on asking the API."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import pytest

from casework.domain.permissions import Principal, Scope
from config.processes import LOOPBACK, start
from tests import builders
from tests.benchmarks.clocks.api_load import Load, gunicorn
from tests.benchmarks.clocks.planting import Field
from tests.benchmarks.clocks.sizes import at_size
from tests.cast import issue_token
from tests.database import Database
from tests.faults.household import ROOT, wait_until
from tests.faults.mail_house import MailHouse

DUE = at_size(100_000)
QUIET_SECONDS = 20
PATIENCE_SECONDS = 300
MOST_TIMES_QUIET = 2.0

_NOT_IN_ORDER = """
    SELECT count(*) FROM (
        SELECT fire_at, max(fire_at) OVER earlier AS newest_before FROM casework_reminder
        WHERE agency_id = %s AND rung LIKE 'due_%%' AND status = 'fired'
        WINDOW earlier AS (ORDER BY settled_at RANGE BETWEEN UNBOUNDED PRECEDING
                           AND '1 microsecond' PRECEDING)) AS settled
    WHERE fire_at < newest_before
"""


@pytest.fixture
def two_fields(field: Field, charlie: Principal) -> tuple[Field, Field]:
    """A large agency and a smaller one."""
    now = builders.MOMENT
    case = builders.open_case(by=charlie, at=now)
    builders.record_event(case=case, by=charlie, at=now, kind="uac_determined")
    smaller = Field(database=field.database, agency=charlie.agency_id)
    return field, smaller


@pytest.fixture
def load(
    two_fields: tuple[Field, Field],  # noqa: ARG001
    dora: Principal,
    process_environment: dict[str, str],
    as_superuser: Database,
    tmp_path: Path,
) -> Iterator[Load]:
    """Partners of the larger agency at a real gunicorn."""
    token = issue_token("test-partner", "token of the load", frozenset(Scope))
    query = "SELECT ref::text FROM casework_case WHERE agency_id = %s ORDER BY id LIMIT 500"
    with gunicorn(process_environment, tmp_path) as port:
        cases = as_superuser.execute(query, [dora.agency_id]).fetchall()
        yield Load(port=port, token=token, cases=[str(ref) for (ref,) in cases])


@contextmanager
def _sweeping(env: dict[str, str], folder: Path) -> Iterator[None]:
    """The plain loop as `make run` starts it, and a mail server that takes its letters."""
    argv = (sys.executable, "manage.py", "sweep", "--loop")
    mail = MailHouse(folder=folder, env=env)
    mail.up()
    env = {**env, "EMAIL_HOST": LOOPBACK, "EMAIL_PORT": str(mail.port)}
    loop = start(argv, env=env, cwd=ROOT, log=folder / "sweep.log")
    try:
        yield
    finally:
        loop.kill()
        loop.wait()
        mail.down()


def _count(database: Database, query: LiteralString) -> int:
    row = database.execute(query).fetchone()
    return int(str(row[0])) if row else 0


_WAITING: LiteralString = (
    "SELECT count(*) FROM casework_reminder WHERE status = 'scheduled' AND rung LIKE 'due_%'"
)


@pytest.mark.timeout(600)
def test_a_day_of_reminders_leaves_in_order_and_nobody_waits_for_the_api(
    two_fields: tuple[Field, Field],
    load: Load,
    process_environment: dict[str, str],
    as_superuser: Database,
    tmp_path: Path,
) -> None:
    for place, share in zip(two_fields, (0.7, 0.3), strict=True):
        place.plant_clocks(round(DUE * share))
        place.plant_due(round(DUE * share), since="1 day")
    with load.going_on():  # the first requests pay for imports and cold caches
        time.sleep(3)
    load.took.clear()
    with load.going_on():
        time.sleep(QUIET_SECONDS)
    quiet, said = load.p95(), load.report()
    load.took.clear()
    with _sweeping(process_environment, tmp_path):
        began_at = _count(as_superuser, _WAITING)
        wait_until(lambda: _count(as_superuser, _WAITING) < began_at, seconds=60, every=0.05)
        began = time.monotonic()
        with load.going_on():
            gone = wait_until(
                lambda: _count(as_superuser, _WAITING) == 0, seconds=PATIENCE_SECONDS, every=0.5
            )
        seconds = time.monotonic() - began
    sys.stdout.write(
        f"\n{DUE:,} due after a day's outage, drained in {seconds:.1f} s ({DUE / seconds:,.0f}/s)"
        f"\n  API, quiet:    {said}\n  API, meanwhile: {load.report()}"
        f"\n  {load.p95() / quiet:.2f} times the quiet p95\n"
    )
    assert gone
    for place in two_fields:
        row = as_superuser.execute(_NOT_IN_ORDER, [place.agency]).fetchone()
        assert row == (0,)
    assert load.p95() <= MOST_TIMES_QUIET * quiet
