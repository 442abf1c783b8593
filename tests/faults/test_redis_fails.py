"""Rows F6 to F8: Redis forgets, is gone, changes its lock or is full. What is due is in the
database, and the plain loop needs no Redis; partners go on writing, and readiness says so.

A little of it is in the small run of test_reminders_survive; these are for PROVE=1.
"""

from dataclasses import replace

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal, Scope
from casework.models import PartnerClient
from tests.cast import issue_token
from tests.faults.conftest import OpenHouse
from tests.faults.fates import Blow
from tests.faults.household import Crew
from tests.faults.runs import PROVE, Cast, Note, Run, live_through

LAG_SECONDS = 60.0
WRITES = 20
CREW = Crew(sweeps=1, celery=1, beats=1, web=1, every=1.0)
ROWS = (
    (Run(name="F6 flushed every 2 s", crew=CREW, blows=(Blow(kind="flush", times=30),)), 0),
    (
        Run(
            name="F7 away for 120 s, then with nothing",
            crew=CREW,
            blows=(Blow(kind="redis away", seconds=120),),
            seconds=150,
        ),
        1,
    ),
    (
        Run(
            name="F7 another password, twice",
            crew=CREW,
            blows=(Blow(kind="redis locked", seconds=15, times=2),),
        ),
        2,
    ),
    (Run(name="F8 full", crew=CREW, blows=(Blow(kind="redis full", seconds=40),)), 1),
)
pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not PROVE, reason="takes minutes: make prove"),
]


@pytest.mark.parametrize(("run", "outages"), ROWS, ids=[str(run) for run, _ in ROWS])
def test_reminders_and_the_api_do_without_redis(
    open_house: OpenHouse,
    alice: Principal,
    dora: Principal,
    run: Run,
    outages: int,
    record_property: Note,
) -> None:
    with agency_context(dora.agency_id):
        client = PartnerClient.objects.get(ref=dora.ref).client_id
    cast = Cast(holders=(alice,), token=issue_token(client, "faults", frozenset(Scope)))
    run = _with_writes(run)
    found, fates = live_through(run, open_house, cast, record_property)
    assert found.repeats == 0
    assert found.lag(1) <= LAG_SECONDS
    assert (fates.done["written"], fates.done["refused"]) == (WRITES, 0)
    assert fates.done["said degraded"] == outages


def _with_writes(run: Run) -> Run:
    return replace(run, blows=(*run.blows, Blow(kind="write", times=WRITES)))
