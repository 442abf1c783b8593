"""Rows F2, F4 and F5: whole groups killed, workers frozen beyond their lease, rolling restarts.

A little of each is in the small run of test_reminders_survive; these are for PROVE=1.
"""

import pytest

from casework.domain.permissions import Principal
from tests.faults.conftest import OpenHouse
from tests.faults.fates import Blow
from tests.faults.household import Crew
from tests.faults.runs import PROVE, Cast, Note, Run, live_through

ROWS = (
    Run(
        name="F2 whole Celery killed, 20 times",
        crew=Crew(sweeps=0, celery=2, beats=1),
        blows=(Blow(kind="kill group", times=20),),
        seconds=90,
    ),
    Run(
        name="F4 frozen for 1.5 leases, 20 times",
        crew=Crew(sweeps=4, celery=1, beats=1),
        lease=4,
        blows=(Blow(kind="freeze", times=20, seconds=6),),
        seconds=140,
    ),
    Run(
        name="F5 replaced in turn, 50 times",
        crew=Crew(sweeps=3, celery=1, beats=1),
        blows=(Blow(kind="replace", times=50),),
        seconds=150,
    ),
)
pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not PROVE, reason="takes minutes: make prove"),
]


@pytest.mark.parametrize("run", ROWS, ids=str)
def test_no_more_repeats_than_workers_that_were_stopped(
    open_house: OpenHouse, alice: Principal, run: Run, record_property: Note
) -> None:
    found, fates = live_through(run, open_house, Cast(holders=(alice,)), record_property)
    assert found.repeats <= fates.repeats_allowed
