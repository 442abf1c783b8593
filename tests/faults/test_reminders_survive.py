"""Acceptance: kills, crashes, a Redis and a mail server that go away, drawn from a seed each time.

Small with every `make test`; with PROVE=1 once at full size and once for each further seed.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction

from casework.access import set_context
from casework.domain.permissions import Principal
from casework.models import Agency
from casework.services.journal import verify
from tests.faults import census
from tests.faults.conftest import OpenHouse
from tests.faults.fates import Blow, Fates
from tests.faults.household import Crew, wait_until
from tests.faults.planting import lay_out

PROVE = os.environ.get("PROVE") == "1"
LAG_P99_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: its seed, its size, and what befalls it."""

    seed: int
    reminders: int
    cases: int
    seconds: float
    lease: int
    crew: Crew
    blows: tuple[Blow, ...]
    patience: float

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.reminders} reminders"


FULL = Run(
    seed=0,
    reminders=10_000,
    cases=100,
    seconds=300,
    lease=60,
    crew=Crew(sweeps=4, celery=1, beats=1),
    blows=(
        Blow(kind="kill", times=150),
        Blow(kind="crash", times=5),
        Blow(kind="flush", times=10),
        Blow(kind="redis away", times=2, seconds=20),
        Blow(kind="mail away", times=2, seconds=10),
        Blow(kind="mail busy", times=1, seconds=5),
    ),
    patience=900,
)


def _seeded(seed: int) -> Run:
    return Run(
        seed=seed,
        reminders=500,
        cases=10,
        seconds=24,
        lease=8,
        crew=Crew(sweeps=3, celery=1, beats=1),
        blows=(
            Blow(kind="kill", times=8),
            Blow(kind="crash"),
            Blow(kind="flush", times=2),
            Blow(kind="redis away", seconds=5),
            Blow(kind="mail away", seconds=4),
        ),
        patience=180,
    )


SMALL = Run(
    seed=1,
    reminders=240,
    cases=4,
    seconds=14,
    lease=5,
    crew=Crew(sweeps=2, celery=1, beats=1),
    blows=(
        Blow(kind="kill", times=4),
        Blow(kind="crash"),
        Blow(kind="freeze"),
        Blow(kind="replace"),
        Blow(kind="flush"),
        Blow(kind="redis away", seconds=2),
        Blow(kind="redis locked", seconds=1),
        Blow(kind="mail away", seconds=2),
    ),
    patience=90,
)
RUNS = [FULL, *(_seeded(seed) for seed in range(1, 20))] if PROVE else [SMALL]


@pytest.mark.faults
@pytest.mark.timeout(1_700 if PROVE else 280)
@pytest.mark.parametrize("run", RUNS, ids=str)
def test_nothing_is_lost_and_nobody_is_told_twice(
    open_house: OpenHouse,
    alice: Principal,
    charlie: Principal,
    run: Run,
    record_property: Callable[[str, object], None],
) -> None:
    house = open_house(run.crew, OUTBOX_LEASE_SECONDS=str(run.lease))
    field = lay_out(house, (alice, charlie), cases=run.cases // 2)
    house.begin()
    field.plant(run.reminders, seconds=run.seconds)
    fates = Fates(house=house, chance=random.Random(run.seed))  # noqa: S311 - to be drawn again
    fates.strike(list(run.blows), seconds=run.seconds)
    house.heal()
    drained = wait_until(lambda: census.is_drained(field), seconds=run.patience, every=1)
    house.end()
    found = census.count(field, fates.outages)
    allowed = fates.done["kill"] if run is FULL else fates.repeats_allowed
    record_property(
        "faults", f"{run}: {dict(fates.done)}\n{found.line()} (repeats allowed {allowed})"
    )
    assert drained
    assert found.wrong == {}
    assert found.repeats <= allowed
    assert found.lag(0.99) <= LAG_P99_SECONDS
    _journals_are_whole()


def _journals_are_whole() -> None:
    for agency in Agency.objects.all():
        with transaction.atomic():
            set_context(agency_id=agency.pk)
            result = verify(agency)
        assert result.broken == ""
