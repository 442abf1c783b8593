"""When a household has nothing left to do, and what then has to hold of it."""

import os
import sys
from contextlib import AbstractContextManager
from typing import Any

import psycopg

from tests.faults.census import Census, count, is_drained
from tests.faults.household import Crew, Household
from tests.faults.planting import Field
from tests.faults.sockets import wait_until

PROVE = os.environ.get("PROVE") == "1"
PATIENCE_SECONDS = 900 if PROVE else 120
TIMEOUT_SECONDS = 1_700 if PROVE else 240
LOOP_ALONE = Crew(sweeps=1, celery=0, beats=0)
TWO_LOOPS = Crew(sweeps=2, celery=0, beats=0)

_FIRED = """
    SELECT count(*) FROM casework_reminder WHERE ref::text = ANY(%(refs)s) AND status = 'fired'
"""


def fired(field: Field) -> int:
    """How many of the planted have fired."""
    return field.house.records.count(_FIRED, {"refs": sorted(field.refs)})


def all_fired(field: Field, *, seconds: float = PATIENCE_SECONDS) -> bool:
    """Wait until every one of the planted has fired; False when time runs out."""
    return wait_until(lambda: fired(field) == len(field.refs), seconds=seconds)


def at_rest(field: Field) -> Census:
    """Wait until all is fired and sent. Nothing is lost or told twice, and nobody has ended."""
    assert wait_until(lambda: is_drained(field), seconds=PATIENCE_SECONDS)
    assert field.house.heal() == []
    found = count(field)
    assert found.wrong == {}
    return found


def session(house: Household, options: str = "") -> AbstractContextManager[psycopg.Connection[Any]]:
    """Somebody else's transaction on the household's database."""
    return psycopg.connect(house.postgres.url("postgres", house.database), options=options)


def say(row: str, **figures: object) -> None:
    """One line of figures for a row of the fault matrix."""
    told = ", ".join(f"{name.replace('_', ' ')} {figure}" for name, figure in figures.items())
    sys.stdout.write(f"\n{row:<4} {told}\n")
