"""Row F3: processes that drop dead exactly between two steps, many times at each place."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from casework.domain.permissions import Principal
from casework.services.fault_points import EXIT_STATUS, POINTS, SEND
from tests.faults import census
from tests.faults.conftest import OpenHouse
from tests.faults.household import ROOT, Crew, Household
from tests.faults.planting import Field, lay_out

PROVE = os.environ.get("PROVE") == "1"
DEATHS = 200 if PROVE else 4
AT_ONCE = 2
NOBODY = Crew(sweeps=0, celery=0, beats=0)
Round = Callable[[str], int]


@pytest.mark.faults
@pytest.mark.timeout(1_700 if PROVE else 240)
def test_f3_only_between_sending_and_marking_can_a_letter_repeat(
    open_house: OpenHouse, alice: Principal, record_property: Callable[[str, object], None]
) -> None:
    house = open_house(NOBODY)
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0.0, after_seconds=0.0)
    repeats = 0
    with _rounds(house) as go_round:
        for point in POINTS:
            _die_at(point, field, go_round)
            _recover(field, go_round)
            found = census.count(field)
            new, repeats = found.repeats - repeats, found.repeats
            record_property("faults", f"F3 {DEATHS} deaths at {point}, {new} repeats")
            assert found.wrong == {}
            assert new == (DEATHS if point == SEND else 0), point


@contextmanager
def _rounds(house: Household) -> Iterator[Round]:
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.faults.fork_rounds"),
        env=house.env,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    talk = process.stdin, process.stdout

    def go_round(point: str) -> int:
        assert talk[0] is not None
        assert talk[1] is not None
        talk[0].write(f"{point}\n")
        talk[0].flush()
        return int(talk[1].readline())

    with process:
        try:
            yield go_round
        finally:
            process.kill()


def _die_at(point: str, field: Field, go_round: Round) -> None:
    """So many rounds that end there; what they had claimed is free again when its lease is over,
    which is made to be soon.
    """
    for _ in range(DEATHS):
        field.plant(AT_ONCE, seconds=0)
        assert go_round(point) == EXIT_STATUS
        field.house.lets_leases_lapse()


def _recover(field: Field, go_round: Round) -> None:
    """Rounds that nothing befalls, until all is sent; each takes 500 reminders and more letters."""
    for _ in range(1 + DEATHS * AT_ONCE // 400):
        assert go_round("-") == 0
    assert census.is_drained(field)
