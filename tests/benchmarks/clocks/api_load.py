"""A real gunicorn of the application, and partners who ask it this and that at an even pace."""

import http.client
import itertools
import json
import random
import statistics
import sys
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.processes import LOOPBACK, free_port, start
from config.supervisor import answers, last_lines
from tests.faults.household import ROOT, wait_until

CLIENTS, SECONDS_BETWEEN = 4, 0.12
_MIX = ("list",) * 5 + ("detail",) * 4 + ("create",)


@contextmanager
def gunicorn(env: Mapping[str, str], folder: Path) -> Iterator[int]:
    """As `make run` starts it; gives the port."""
    port, log = free_port(), folder / "web.log"
    argv = (sys.executable, "-m", "gunicorn", "config.wsgi:application")
    listen = ("--bind", f"{LOOPBACK}:{port}", "--workers", "2", "--threads", "4")
    web = start((*argv, *listen, "--no-control-socket"), env=env, cwd=ROOT, log=log)
    try:
        if not wait_until(lambda: answers(port), seconds=60):
            raise TimeoutError(last_lines(log, 20))
        yield port
    finally:
        web.terminate()
        web.wait(timeout=30)


@dataclass(slots=True, kw_only=True)
class Load:
    """Clients with one token, each asking a few times a second; what they waited is kept."""

    port: int
    token: str
    cases: Sequence[str]
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Ask and ask until the block is left; an answer that is none of success is raised."""
        self._over.clear()
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(self._ask, number) for number in range(CLIENTS)]
            try:
                yield
            finally:
                self._over.set()
            for client in clients:
                client.result()

    def p95(self, kind: str = "") -> float:
        """In milliseconds, of one kind of request or of all together."""
        took = self.took[kind] if kind else list(itertools.chain(*self.took.values()))
        return statistics.quantiles(took, n=20)[-1] * 1_000

    def report(self) -> str:
        """p95 of each kind, in one line."""
        kinds = [f"{kind} {self.p95(kind):.0f} ms" for kind in sorted(self.took)]
        asked = sum(map(len, self.took.values()))
        return f"p95 {self.p95():.0f} ms of {asked} requests ({', '.join(kinds)})"

    def _ask(self, number: int) -> None:
        pick = random.Random(number)  # noqa: S311 - the same requests each time
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=30)
        next_at = time.monotonic() + pick.random() * SECONDS_BETWEEN
        while not self._over.wait(max(0.0, next_at - time.monotonic())):
            kind = pick.choice(_MIX)
            began = time.monotonic()
            self._request(connection, kind, pick.random())
            self.took[kind].append(time.monotonic() - began)
            next_at = max(next_at + SECONDS_BETWEEN, time.monotonic())
        connection.close()

    def _request(self, connection: http.client.HTTPConnection, kind: str, number: float) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        method, path, body = "GET", "/api/v1/cases/", None
        if kind == "detail":
            path += f"{self.cases[int(number * len(self.cases))]}/"
        if kind == "create":
            method, headers["Idempotency-Key"] = "POST", str(uuid.uuid4())
            body = json.dumps({"door": "hotline", "person": {"name": "Rosa Fuentes"}})
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        response.read()
        if response.status not in {200, 201}:
            raise RuntimeError(f"{method} {path}: {response.status}")
