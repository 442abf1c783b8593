"""Rows F9 and F15: beat absent, beat three times, and workers whose clocks are two hours off.

What is due is asked of the database, so nothing may come early, late or twice. A worker's wrong
clock is made by Debian's libfaketime; its sense of how long something takes is left alone.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from casework.domain.permissions import Principal
from tests.faults import census
from tests.faults.conftest import OpenHouse
from tests.faults.household import FIRES, Crew, wait_until
from tests.faults.planting import Field, lay_out
from tests.faults.runs import PROVE, Note

REMINDERS, SECONDS = (3_000, 60) if PROVE else (60, 6)
LOOP_SECONDS = 1.0
BEAT_SECONDS = 5.0
BUSY_SECONDS = 3.0 if PROVE else 15.0
"""What a round may take on a machine where others work too."""
LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
pytestmark = [
    pytest.mark.faults,
    pytest.mark.alone,
    pytest.mark.timeout(600 if PROVE else 240),
]


def off_by(hours: int) -> dict[str, str]:
    """The variables of a process whose clock is so many hours off."""
    if LIBRARY is None:
        missing = "libfaketime is not installed; on Debian: apt-get install libfaketime"
        pytest.fail(missing) if PROVE else pytest.skip(missing)
    return {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME": f"{hours:+}h",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


def test_the_clocks_are_really_off() -> None:
    say_hour = (sys.executable, "-c", "import time; print(time.time())")
    honest, *wrong = (
        float(subprocess.check_output(say_hour, env=env)) for env in ({}, off_by(2), off_by(-2))
    )
    assert [round((moment - honest) / 3600, 2) for moment in wrong] == [2, -2]


def test_three_beats_then_none_and_clocks_two_hours_off(
    open_house: OpenHouse, alice: Principal, record_property: Note
) -> None:
    """The three beats have Celery alone, with an honest clock; then the beats are gone and there
    are the plain loops, one fast and one slow; then Celery comes back, fast, and the beats, too.
    """
    crew = Crew(
        sweeps=2,
        celery=1,
        beats=3,
        every=LOOP_SECONDS,
        env_of={"sweep 1": off_by(2), "sweep 2": off_by(-2)},
    )
    house = open_house(crew)
    field = lay_out(house, (alice,), cases=2)
    house.begin(only=("celery", "beat"))
    # With nobody beside it Celery must let go of a connection that a crash has cut.
    field.plant(4, seconds=0)
    assert wait_until(lambda: census.is_drained(field), seconds=60)
    house.postgres.crash()
    house.postgres.start()
    _let_fall_due(field, "F9 beat three times", BEAT_SECONDS, record_property)
    for number in (1, 2, 3):
        house.kill(f"beat {number}")
    for name in ("celery 1", FIRES):
        house.kill(name)
    house.begin(only=("sweep",))
    _let_fall_due(field, "F9, F15 no beat, clocks off", LOOP_SECONDS, record_property)
    if PROVE:
        for name in ("celery 1", FIRES):
            house.start(name, **off_by(2))
        house.begin(only=("beat",))
        _let_fall_due(field, "F15 Celery's clock off as well", LOOP_SECONDS, record_property)


def _let_fall_due(field: Field, name: str, period: float, note: Note) -> None:
    """As many as there are to fall due; each at most a period late, and what a round takes."""
    field.refs = set()
    field.plant(REMINDERS, seconds=SECONDS, after=1)
    assert wait_until(lambda: census.is_drained(field), seconds=SECONDS + 120)
    found = census.count(field)
    note("faults", f"{name}\n{found.line()}")
    assert found.wrong == {}
    assert found.repeats == 0
    assert found.lag(1) <= period + BUSY_SECONDS
