"""The release before and this one at work side by side: row F22 of the fault matrix."""

import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from casework.domain.permissions import Principal
from config.processes import start
from tests.faults.conftest import OpenHouse
from tests.faults.household import ROOT, Household, wait_until
from tests.faults.planting import lay_out
from tests.faults.quiet import LOOP_ALONE, PROVE, TIMEOUT_SECONDS, all_fired, at_rest, say
from tests.faults.sockets import is_connected

REMINDERS, SECONDS = (10_000, 300) if PROVE else (60, 4)
PREVIOUS = "cf42392"
pytestmark = [pytest.mark.faults, pytest.mark.timeout(TIMEOUT_SECONDS)]


@pytest.fixture
def release_before(tmp_path: Path) -> Path:
    """Its source, taken out of the history; skipped where the history does not reach so far."""
    archive = subprocess.run(
        [
            "git",
            "archive",
            "--format=tar",
            PREVIOUS,
            "manage.py",
            "casework",
            "screening",
            "config",
        ],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        pytest.skip(f"the history here does not hold {PREVIOUS}")
    folder = tmp_path / "before"
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


def test_f22_the_release_before_and_this_one_share_the_work(
    open_house: OpenHouse, alice: Principal, release_before: Path
) -> None:
    house = open_house(LOOP_ALONE)
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    _start_before(house, release_before)
    field.plant(REMINDERS, seconds=SECONDS)
    found = at_rest(field)
    assert found.repeats == 0

    assert house.stop("sweep 1") == 0
    alone = field.plant(20, seconds=0.5)
    assert all_fired(field)
    house.start("sweep 1")
    found = at_rest(field)
    assert house.running["before"].poll() is None, house.log_of("before")
    say("F22", before=PREVIOUS, fired_by_it_alone=alone, census=found.line())
    assert found.repeats == 0


def _start_before(house: Household, folder: Path) -> None:
    process = house.running["before"] = start(
        (sys.executable, "manage.py", "sweep", "--loop", "--every", "0.2"),
        env=house.env,
        cwd=folder,
        log=house.folder / "before.log",
    )
    port = house.postgres.port()
    assert wait_until(lambda: is_connected(process.pid, port), seconds=60), house.log_of("before")
