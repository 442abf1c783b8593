"""The programs that make up a run: started, watched, healed when they die, ended in order."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.data_folder import write_atomically
from config.processes import (
    Identity,
    command_of,
    identify,
    members_of,
    signal_group,
    signal_process,
    start,
    wait_until_gone,
)

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
STEADY_SECONDS = 30.0
"""After running this long a part counts as healthy and its next wait is short again."""

_LOG_LIMIT_BYTES = 10_000_000
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One program of the run."""

    name: str
    argv: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class _Running:
    part: Part
    process: subprocess.Popen[bytes]
    since: float
    wait: float = FIRST_WAIT_SECONDS
    start_again_at: float | None = None


def next_wait(previous: float, *, ran_seconds: float) -> float:
    """Seconds to wait before starting a part again: doubled each time, short after a steady run."""
    if ran_seconds >= STEADY_SECONDS:
        return FIRST_WAIT_SECONDS
    return min(previous * 2, LONGEST_WAIT_SECONDS)


@dataclass(slots=True, kw_only=True)
class Family:
    """The running parts; each is the head of a process group and noted down to be found again."""

    env: Mapping[str, str]
    cwd: Path
    logs: Path
    notes: Path
    """Where the process numbers are kept for `end_orphans` after we were killed."""
    say: Say
    _running: list[_Running] = field(default_factory=list)

    def start(self, part: Part) -> None:
        """Start a part and note its process down."""
        log = self.log_of(part.name)
        if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        process = start(part.argv, env=self.env, cwd=self.cwd, log=log)
        self._running.append(_Running(part=part, process=process, since=time.monotonic()))
        self._note_down()

    def log_of(self, name: str) -> Path:
        """Where that part's output goes."""
        return self.logs / f"{name}.log"

    def tend(self) -> None:
        """Start again what has died, each after its wait; to be called a few times a second."""
        now = time.monotonic()
        for one in list(self._running):
            if one.start_again_at is not None:
                if now >= one.start_again_at:
                    self._restart(one)
            elif one.process.poll() is not None:
                self._mourn(one, now)

    def stop(self, *, seconds: float) -> None:
        """Ask every part to end, in the order of their start; kill what has not after that long."""
        for one in self._running:
            signal_group(one.process.pid, signal.SIGTERM)
        until = time.monotonic() + seconds
        for one in self._running:
            try:
                one.process.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{one.part.name} did not end in time and is killed")
            signal_group(one.process.pid, signal.SIGKILL)
            one.process.wait()
        self._running.clear()
        self.notes.unlink(missing_ok=True)

    def _mourn(self, one: _Running, now: float) -> None:
        # What it leaves behind in its group would do its work a second time.
        signal_group(one.process.pid, signal.SIGKILL)
        one.wait = next_wait(one.wait, ran_seconds=now - one.since)
        one.start_again_at = now + one.wait
        self.say(
            f"{one.part.name} ended ({_ending(one.process.returncode)}); "
            f"started again in {one.wait:g} s, its log is {self.log_of(one.part.name)}"
        )

    def _restart(self, one: _Running) -> None:
        self._running.remove(one)
        self.start(one.part)
        self._running[-1].wait = one.wait

    def _note_down(self) -> None:
        identities = [identify(one.process.pid) for one in self._running]
        notes = [{"pid": each.pid, "started": each.started} for each in identities]
        write_atomically(self.notes, json.dumps(notes))


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def end_orphans(notes: Path, *, program: str = sys.executable) -> int:
    """End what a killed run has left behind; gives how many processes.

    A process is ended only when it is in a group that was noted down, the head of that group is
    gone or still the very same process, and its command line names our own `program`.
    """
    if not notes.exists():
        return 0
    heads = [Identity(**entry) for entry in json.loads(notes.read_text(encoding="utf-8"))]
    found = [pid for head in heads for pid in _orphans_of(head, program)]
    for number, seconds in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 2.0)):
        left = [pid for pid in found if program in command_of(pid)]
        for pid in left:
            signal_process(pid, number)
        until = time.monotonic() + seconds
        for pid in left:
            wait_until_gone(pid, seconds=until - time.monotonic())
    notes.unlink()
    return len(found)


def _orphans_of(head: Identity, program: str) -> list[int]:
    now = identify(head.pid)
    if now.started and now.started != head.started:
        return []
    return [pid for pid in members_of(head.pid) if program in command_of(pid)]
