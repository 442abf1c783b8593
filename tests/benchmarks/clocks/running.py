"""Starts each peer as a process of its own and takes its time."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

from config.processes import start
from tests.benchmarks.clocks.celery_peer import QUEUE, app, fire
from tests.database import Database
from tests.faults.household import ROOT, wait_until

_PEER = "import django; django.setup(); from tests.benchmarks.clocks.peers import main; main()"
_CELERY = "import django; django.setup(); from celery.__main__ import main; main()"
_PUBLISHED_A_SECOND, _HEAD_START_SECONDS = 800, 4.0
_PATIENCE_SECONDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where peers run: their environment, whose reminders, and who hears of them."""

    env: Mapping[str, str]
    database: Database
    agency: int
    reader: int
    folder: Path

    def run(self, peer: str, *, most_seconds: float = 60) -> float:
        """Reminders a second of a peer that works until nothing is due, or that long."""
        argv = [peer, str(self.agency), str(self.reader), str(most_seconds)]
        done = subprocess.run(
            [sys.executable, "-c", _PEER, *argv],
            env=dict(self.env),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=most_seconds + 60,
        )
        fired, seconds = done.stdout.split()
        return int(fired) / float(seconds)

    def run_celery(self, count: int, *, everything: bool, most_seconds: float = 30) -> float:
        """The same of so many tasks that all come due at once and lie in the worker's memory."""
        self.database.execute("DELETE FROM casework_outboxmessage WHERE key LIKE 'celery:%'")
        self.database.execute("DELETE FROM casework_notice WHERE key LIKE 'celery:%'")
        with self._celery_worker():
            fire.delay(self.agency, self.reader, "celery:warm")
            if not wait_until(lambda: self._written() == 1, seconds=_PATIENCE_SECONDS):
                raise TimeoutError((self.folder / "celery.log").read_text(encoding="utf-8"))
            eta = datetime.now(UTC) + timedelta(
                seconds=_HEAD_START_SECONDS + count / _PUBLISHED_A_SECOND
            )
            with app.producer_pool.acquire(block=True) as producer:
                # What our own code may never do is what is measured here.
                delayed: dict[str, Any] = {"eta": eta, "producer": producer}
                for number in range(count):
                    key = f"celery:{number}"
                    given = (self.agency, self.reader, key)
                    fire.apply_async(given, {"everything": everything}, **delayed)
            if datetime.now(UTC) >= eta:
                raise RuntimeError("Celery was not given the time to take all tasks in")
            time.sleep((eta - datetime.now(UTC)).total_seconds())
            wait_until(lambda: self._written() > count, seconds=most_seconds)
        return self._written() / (self._last_written() - eta).total_seconds()

    @contextmanager
    def _celery_worker(self) -> Iterator[None]:
        options = ("worker", "--concurrency", "2", "-Q", QUEUE, "--loglevel", "WARNING")
        argv = (sys.executable, "-c", _CELERY, "-A", "tests.benchmarks.clocks.celery_peer")
        worker = start(
            (*argv, *options, "--without-gossip", "--without-mingle"),
            env=self.env,
            cwd=ROOT,
            log=self.folder / "celery.log",
        )
        try:
            yield
        finally:
            worker.terminate()
            try:
                worker.wait(timeout=20)
            finally:
                worker.kill()
            app.control.purge()

    def _written(self) -> int:
        return int(str(self._of_celery("count(*)")))

    def _last_written(self) -> datetime:
        return datetime.fromisoformat(str(self._of_celery("max(created_at)")))

    def _of_celery(self, what: LiteralString) -> object:
        query = f"SELECT {what} FROM casework_outboxmessage WHERE key LIKE 'celery:%'"  # noqa: S608
        row = self.database.execute(query).fetchone()
        return row[0] if row else None
