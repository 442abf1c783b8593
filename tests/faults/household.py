"""The processes of a run under test: started for real, killed at random, started again."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit

from config.processes import LOOPBACK, free_port, members_of, start

ROOT = Path(__file__).parents[2]
_ESTABLISHED = "01"
_SWEEP = ("manage.py", "sweep", "--loop", "--every", "0.2")
_CELERY = ("-m", "celery", "-A", "config.celery")
WORKERS: Mapping[str, tuple[str, ...]] = {
    "sweep 1": _SWEEP,
    "sweep 2": _SWEEP,
    "sweep 3": _SWEEP,
    "sweep 4": _SWEEP,
    "celery": (*_CELERY, "worker", "--concurrency", "2", "--loglevel", "WARNING"),
}


@dataclass(slots=True, kw_only=True)
class Household:
    """The workers, beat and the mail server, with a log each."""

    env: dict[str, str]
    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    mail_port: int = 0
    killed_while_sending: int = 0

    def begin(self) -> None:
        """Start the mail server, then everything that sends to it; wait until all are at work."""
        port = self.mail_port = free_port()
        self.env |= {"EMAIL_HOST": LOOPBACK, "EMAIL_PORT": str(port)}
        sink = ("-m", "tests.faults.slow_sink", str(self.mail), str(port))
        self._start("mail", sink)
        wait_until(lambda: _listens(port), seconds=20)
        for name, argv in WORKERS.items():
            self._start(name, argv)
        schedule = str(self.folder / "beat")
        self._start("beat", (*_CELERY, "beat", "--loglevel", "WARNING", "-s", schedule))
        database = urlsplit(self.env["DATABASE_URL"]).port or 0
        wait_until(lambda: self._connected_to(database) == list(WORKERS), seconds=60)

    @property
    def mail(self) -> Path:
        """One file for each message that came in."""
        return self.folder / "mail"

    def _start(self, name: str, argv: tuple[str, ...]) -> None:
        log = self.folder / f"{name}.log"
        self.running[name] = start((sys.executable, *argv), env=self.env, cwd=ROOT, log=log)

    def kill_one(self) -> str:
        """kill -9 for a random worker and all its children; it is started again at once.

        One that is sending mail just then: killing the idle proves little.
        """
        wait_until(lambda: bool(self._connected_to(self.mail_port)), seconds=10, every=0.05)
        sending = self._connected_to(self.mail_port)
        self.killed_while_sending += bool(sending)
        name = secrets.choice(sending or list(WORKERS))
        self._kill(name)
        self._start(name, WORKERS[name])
        return name

    def _connected_to(self, port: int) -> list[str]:
        """The workers that have a connection to that server."""
        sockets = set(_sockets_to(port))
        return [
            name
            for name in WORKERS
            if any(sockets & _sockets_of(pid) for pid in members_of(self.running[name].pid))
        ]

    def heal(self) -> None:
        """Start again what has ended by itself."""
        for name, argv in WORKERS.items():
            if self.running[name].poll() is not None:
                self._start(name, argv)

    def _kill(self, name: str) -> None:
        process = self.running[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """Kill whatever is left."""
        for name, process in self.running.items():
            if process.poll() is None:
                self._kill(name)

    def message_ids(self) -> list[str]:
        """The Message-ID of each message that came in, repeats included."""
        messages = (path.read_bytes() for path in self.mail.glob("*.eml"))
        return [str(message_from_bytes(content)["Message-ID"]) for content in messages]


def wait_until(is_so: Callable[[], bool], *, seconds: float, every: float = 0.2) -> bool:
    """Look again and again, `every` so many seconds; False when time runs out."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def _sockets_to(port: int) -> Iterator[str]:
    """The inodes of the open connections whose other end is that port."""
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == _ESTABLISHED and int(fields[2].split(":")[1], 16) == port:
            yield fields[9]


def _sockets_of(pid: int) -> set[str]:
    """The inodes of the sockets that a process holds; none when it is gone."""
    found = set()
    with contextlib.suppress(OSError):
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(os.readlink(handle).removeprefix("socket:[").removesuffix("]"))
    return found
