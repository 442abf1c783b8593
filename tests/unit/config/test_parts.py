"""The parts of a run are healed when they die and leave nothing behind."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.parts import Family, Part, end_orphans, next_wait
from config.processes import identify, is_alive, members_of, signal_process, wait_until_gone

SLEEPER = Part(name="sleeper", argv=(sys.executable, "-c", "import time; time.sleep(60)"))
STUBBORN = Part(
    name="stubborn",
    argv=(
        sys.executable,
        "-c",
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); "
        "time.sleep(60)",
    ),
)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def family(tmp_path: Path, said: list[str]) -> Iterator[Family]:
    one = Family(
        env={}, cwd=tmp_path, logs=tmp_path, notes=tmp_path / "parts.json", say=said.append
    )
    yield one
    one.stop(seconds=0)


def noted(family: Family) -> list[int]:
    return [entry["pid"] for entry in json.loads(family.notes.read_text())]


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return condition()


def test_waits_double_up_to_half_a_minute() -> None:
    waits = [0.5]
    while len(waits) < 9:
        waits.append(next_wait(waits[-1], ran_seconds=1))
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_the_wait_is_short_again_after_a_steady_run() -> None:
    assert next_wait(30, ran_seconds=30) == 0.5


def test_a_killed_part_is_started_again(family: Family, said: list[str]) -> None:
    family.start(SLEEPER)
    (first,) = noted(family)
    signal_process(first, signal.SIGKILL)

    def healed() -> bool:
        family.tend()
        return noted(family) != [first]

    assert eventually(healed)
    assert is_alive(noted(family)[0])
    assert "sleeper ended (signal 9)" in said[0]


def test_a_part_that_will_not_end_is_killed(family: Family, said: list[str]) -> None:
    family.start(STUBBORN)
    (pid,) = noted(family)
    assert eventually(lambda: family.log_of("stubborn").read_text() == "up\n")
    family.stop(seconds=0.2)
    assert not is_alive(pid)
    assert said == ["stubborn did not end in time and is killed"]
    assert not family.notes.exists()


def test_a_long_log_is_set_aside(family: Family) -> None:
    family.log_of("sleeper").write_bytes(bytes(10_000_001))
    family.start(SLEEPER)
    assert family.log_of("sleeper").stat().st_size == 0


def test_what_a_killed_run_left_behind_is_ended(family: Family) -> None:
    family.start(SLEEPER)
    family.start(STUBBORN)
    pids = noted(family)
    assert end_orphans(family.notes) == 2
    assert not any(is_alive(pid) for pid in pids)
    assert not family.notes.exists()


def test_a_strangers_process_with_our_number_is_left_alone(family: Family, tmp_path: Path) -> None:
    family.start(SLEEPER)
    (pid,) = noted(family)
    notes = tmp_path / "old.json"
    notes.write_text(json.dumps([{"pid": pid, "started": "1 another-boot"}]))
    assert end_orphans(notes) == 0
    assert is_alive(pid)


def test_another_program_in_our_group_is_left_alone(family: Family, tmp_path: Path) -> None:
    family.start(SLEEPER)
    (pid,) = noted(family)
    assert end_orphans(family.notes, program=str(tmp_path / "python")) == 0
    assert is_alive(pid)


def test_no_notes_no_orphans(tmp_path: Path) -> None:
    assert end_orphans(tmp_path / "none.json") == 0


def test_a_process_is_known_again_by_when_it_started(family: Family) -> None:
    family.start(SLEEPER)
    (pid,) = noted(family)
    assert identify(pid) == identify(pid)
    assert list(members_of(pid)) == [pid]
    family.stop(seconds=5)
    assert wait_until_gone(pid, seconds=1)
    assert identify(pid).started == ""
