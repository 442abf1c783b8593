"""Acceptance, and rows F1 and F2: kills, crashes, a Redis and sinks that go away, all at once.

Small with every `make test`; with PROVE=1 once at full size and once for each further seed.
"""

import pytest
from django.db import transaction

from casework.access import set_context
from casework.domain.permissions import Principal
from casework.models import Agency
from casework.services.journal import verify
from casework.services.relay import STRIKES
from tests.faults.conftest import OpenHouse
from tests.faults.fates import Blow
from tests.faults.household import Crew
from tests.faults.runs import PROVE, Cast, Note, Run, live_through

LAG_P99_SECONDS = 30.0 if PROVE else 90.0
"""A worker's start takes seconds, and many on a machine where all the other tests run, too."""
FULL = Run(
    name="seed 0, 10,000 reminders",
    seed=0,
    reminders=10_000,
    cases=100,
    seconds=420,
    lease=60,
    crew=Crew(sweeps=4, celery=1, beats=1),
    blows=(
        Blow(kind="kill", times=150),
        Blow(kind="crash", times=5),
        Blow(kind="flush", times=10),
        Blow(kind="redis away", times=2, seconds=20),
        Blow(kind="mail away", times=2, seconds=10),
        Blow(kind="mail busy", seconds=5),
        Blow(kind="hooks away", seconds=10),
    ),
    patience=900,
)
SMALL = Run(
    name="small",
    reminders=160,
    cases=4,
    seconds=10,
    lease=4,
    crew=Crew(sweeps=2, celery=1, beats=1),
    blows=(
        Blow(kind="kill", times=3),
        Blow(kind="crash"),
        Blow(kind="freeze", seconds=6),
        Blow(kind="replace"),
        Blow(kind="flush"),
        Blow(kind="redis away", seconds=2),
        Blow(kind="redis locked", seconds=1),
        Blow(kind="mail away", seconds=2),
    ),
    patience=90,
)


def _seeded(seed: int) -> Run:
    return Run(
        name=f"seed {seed}, 500 reminders",
        seed=seed,
        reminders=500,
        cases=10,
        seconds=24,
        crew=Crew(sweeps=3, celery=1, beats=1),
        blows=(
            Blow(kind="kill", times=7),
            Blow(kind="kill group", times=1),
            Blow(kind="crash"),
            Blow(kind="flush", times=2),
            Blow(kind="redis away", seconds=5),
            Blow(kind="mail away", seconds=4),
        ),
        patience=180,
    )


_FULL = pytest.param(FULL, marks=pytest.mark.alone, id=str(FULL))
RUNS = [_FULL, *(_seeded(seed) for seed in range(1, 20))] if PROVE else [SMALL]


@pytest.mark.faults
@pytest.mark.timeout(1_700 if PROVE else 280)
@pytest.mark.parametrize("run", RUNS, ids=str)
def test_nothing_is_lost_and_nobody_is_told_twice(
    open_house: OpenHouse,
    alice: Principal,
    charlie: Principal,
    ada: Principal,
    run: Run,
    record_property: Note,
) -> None:
    cast = Cast(holders=(alice, charlie), listener=ada)
    found, fates = live_through(run, open_house, cast, record_property)
    allowed = fates.done["kill"] if run is FULL else fates.repeats_allowed
    assert found.repeats <= allowed
    # Only the first two calls of a round are under way together.
    assert found.calls_repeated <= (allowed if run is FULL else STRIKES * allowed)
    assert found.lag(0.99) <= LAG_P99_SECONDS
    _journals_are_whole()


def _journals_are_whole() -> None:
    for agency in Agency.objects.all():
        with transaction.atomic():
            set_context(agency_id=agency.pk)
            result = verify(agency)
        assert result.broken == ""
