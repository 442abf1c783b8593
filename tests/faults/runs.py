"""One run: reminders fall due while blows fall; afterwards all is counted."""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass

from casework.domain.permissions import Principal
from tests.faults import census
from tests.faults.census import Census
from tests.faults.conftest import OpenHouse
from tests.faults.fates import Blow, Fates
from tests.faults.household import Crew, wait_until
from tests.faults.planting import lay_out

PROVE = os.environ.get("PROVE") == "1"
Note = Callable[[str, object], None]
"""`record_property`: what is noted as `faults` stands in the table at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Its seed, its size, who is at work, and what befalls them over the seconds."""

    name: str
    seed: int = 1
    reminders: int = 1_000
    cases: int = 20
    seconds: float = 60
    lease: int = 6
    crew: Crew
    blows: tuple[Blow, ...]
    patience: float = 300
    """How long it may take afterwards until everything has left."""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who holds the cases; whose agency tells a partner's system of them; who writes meanwhile."""

    holders: tuple[Principal, ...]
    listener: Principal | None = None
    token: str = ""


def live_through(run: Run, open_house: OpenHouse, cast: Cast, note: Note) -> tuple[Census, Fates]:
    """Begin, strike, wait until everything has left, end, count."""
    house = open_house(run.crew, OUTBOX_LEASE_SECONDS=str(run.lease))
    field = lay_out(house, cast.holders, cases=-(-run.cases // len(cast.holders)))
    if cast.listener is not None:
        house.hooks.listen_for(cast.listener)
    house.begin()
    field.plant(run.reminders, seconds=run.seconds)
    chance = random.Random(run.seed)  # noqa: S311 - so that it can be drawn again
    fates = Fates(house=house, chance=chance, token=cast.token)
    fates.strike(list(run.blows), seconds=run.seconds)
    house.heal()
    drained = wait_until(lambda: census.is_drained(field), seconds=run.patience, every=1)
    house.end()
    found = census.count(field, fates.outages)
    note("faults", f"{run}: {dict(fates.done)}\n{found.line()}")
    assert drained, f"not everything left within {run.patience} s: {found.line()}"
    assert found.wrong == {}
    return found, fates
