"""The processes of a run under test: started for real, killed, frozen, and started again.

A household has its own database on a PostgreSQL of its own, its own Redis and its own sinks, so
that each of them may fail. Look at `Household` for the faults, `Crew` for who is at work.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.processes import (
    free_port,
    members_of,
    signal_group,
    signal_process,
    start,
)
from tests.faults.hook_house import HookHouse
from tests.faults.mail_house import MailHouse
from tests.faults.servers import OwnPostgres, OwnRedis, Records
from tests.faults.sockets import is_connected, listens
from tests.faults.sockets import wait_until as wait_until  # noqa: PLC0414 - also from here

ROOT = Path(__file__).parents[2]
CELERY = ("-m", "celery", "-A", "config.celery")
FIRES = "celery due"
"""The worker that fires what is due and does nothing else, wherever Celery is at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who is at work, and who of them lives in a world of their own."""

    sweeps: int = 4
    celery: int = 1
    beats: int = 1
    web: int = 0
    every: float = 0.2
    env_of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By name (`sweep 1`, `celery 1`, `celery due`, `beat 1`, `web 1`): its own variables."""

    def commands(self, folder: Path, web_port: int) -> dict[str, tuple[str, ...]]:
        """What each is started with, by name."""
        sweep = ("manage.py", "sweep", "--loop", "--every", str(self.every))
        worker = (*CELERY, "worker", "--loglevel", "WARNING", "-n")
        others = ("--concurrency", "2", "-X", "sweep")
        web = ("-m", "gunicorn", "config.wsgi", "--threads", "4", "-b", f"127.0.0.1:{web_port}")
        found: dict[str, tuple[str, ...]] = {}
        found |= {f"sweep {n}": sweep for n in range(1, self.sweeps + 1)}
        for n in range(1, self.celery + 1):
            found[f"celery {n}"] = (*worker, f"w{n}@home", *others)
        if self.celery:
            due = ("--concurrency", "1", "-Q", "sweep")
            found[FIRES] = (*worker, "due@home", *due)
        for n in range(1, self.beats + 1):
            schedule = str(folder / f"beat-{n}")
            found[f"beat {n}"] = (*CELERY, "beat", "--loglevel", "WARNING", "-s", schedule)
        if self.web:
            found["web 1"] = web
        return found


@dataclass(slots=True, kw_only=True)
class Household:
    """One run: `begin`, faults, `end`. What happened is read from `records` and the sinks."""

    folder: Path
    postgres: OwnPostgres
    database: str
    redis: OwnRedis
    crew: Crew = field(default_factory=Crew)
    extra: Mapping[str, str] = field(default_factory=dict)
    """Variables of every process."""
    mail: MailHouse = field(init=False)
    hooks: HookHouse = field(init=False)
    web_port: int = field(init=False)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    """Those who stay away although they ended."""
    killed_while_sending: int = 0

    def __post_init__(self) -> None:
        self.mail = MailHouse(folder=self.folder, env=dict(os.environ))
        self.hooks = HookHouse(folder=self.folder, env=dict(os.environ))
        self.web_port = free_port()

    @property
    def env(self) -> dict[str, str]:
        """What every process is started with; the servers come back where they were."""
        return {
            **os.environ,
            **self.postgres.environment(self.database),
            "REDIS_URL": self.redis.url,
            "DATA_DIR": str(self.folder / "data"),
            "JOURNAL_ANCHOR_FILE": str(self.folder / "anchors"),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail.port),
            "FAULT_POINTS_ALLOWED": "1",
            "WEBHOOKS_TO_LOOPBACK": "1",
            **self.extra,
        }

    @property
    def records(self) -> Records:
        """The database as it is, read from outside the application."""
        return Records(url=self.postgres.url("postgres", self.database))

    @property
    def commands(self) -> dict[str, tuple[str, ...]]:
        """What everyone of the crew is started with."""
        return self.crew.commands(self.folder, self.web_port)

    @property
    def workers(self) -> list[str]:
        """Those that fire and send: all but beat and web."""
        return [name for name in self.commands if name.split()[0] in {"sweep", "celery"}]

    def begin(self, *, only: Sequence[str] = ("sweep", "celery", "beat", "web")) -> None:
        """Start the servers and the sink, then everyone of those kinds; wait until all work."""
        self.redis.start()
        self.mail.up()
        names = [name for name in self.commands if name.split()[0] in only]
        for name in names:
            self.start(name)
        wait_until(lambda: self._are_ready(names), seconds=120)
        for name in names:
            log = self.log_of(name)[-2000:]
            assert self.running[name].poll() is None, f"{name} ended: {log}"
        assert self._are_ready(names), f"at work: {self.at_work()}"

    def _are_ready(self, names: Sequence[str]) -> bool:
        """All are at work; also true when someone has ended, who need not be waited for."""
        if any(self.running[name].poll() is not None for name in names):
            return True
        waiting = {name for name in names if not name.startswith("web")}
        return waiting <= set(self.at_work()) and ("web 1" not in names or listens(self.web_port))

    def end(self) -> None:
        """Kill whatever is left of us."""
        for process in self.running.values():
            self._kill_group(process)
        self.mail.down()
        self.hooks.down()
        self.redis.stop()

    def start(self, name: str, **env: str) -> None:
        """Start one of the crew, or start it again; `env` is for this time."""
        argv = self.commands[name]
        self.start_other(name, argv, env={**self.crew.env_of.get(name, {}), **env})

    def start_other(
        self, name: str, argv: Sequence[str], *, env: Mapping[str, str] | None = None
    ) -> None:
        """Start any program of ours under a name; it gets a log of that name."""
        self.running[name] = start(
            (sys.executable, *argv),
            env={**self.env, **(env or {})},
            cwd=ROOT,
            log=self.folder / f"{name}.log",
        )

    def log_of(self, name: str) -> str:
        """What it said."""
        path = self.folder / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def heal(self) -> list[str]:
        """Start again what has ended by itself; gives the names."""
        ended = [
            name
            for name in self.commands
            if name in self.running
            and name not in self.resting
            and self.running[name].poll() is not None
        ]
        for name in ended:
            self.start(name)
        return ended

    def kill_one(self, chance: random.Random) -> str:
        """kill -9 for a worker by chance; it is started again at once.

        One that is sending mail just then, where there is any: killing the idle proves little.
        Of Celery either the whole group dies, or one of its children.
        """
        wait_until(lambda: bool(self.sending()), seconds=2, every=0.05)
        sending = self.sending()
        self.killed_while_sending += bool(sending)
        name = chance.choice(sending or self.workers)
        if name.startswith("celery") and chance.random() < 0.5:
            self.kill_child(name, chance)
        else:
            self.kill(name)
            self.start(name)
        return name.split()[0]

    def kill(self, name: str) -> None:
        """kill -9 for the whole group at once."""
        self._kill_group(self.running[name])

    def kill_child(self, name: str, chance: random.Random) -> None:
        """kill -9 for one child; its parent is left to cope."""
        parent = self.running[name].pid
        children = [pid for pid in members_of(parent) if pid != parent]
        if children:
            signal_process(chance.choice(children), signal.SIGKILL)

    def stop(self, name: str, *, seconds: float = 30) -> int | None:
        """SIGTERM, as a deploy does, and wait; None when it did not go within the time."""
        process = self.running[name]
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None

    def freeze(self, name: str) -> None:
        """SIGSTOP for the whole group."""
        signal_group(self.running[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """It goes on as if nothing had been."""
        signal_group(self.running[name].pid, signal.SIGCONT)

    def post(self, path: str, body: Mapping[str, object], *, token: str) -> int:
        """What the API answers to a partner; 0 when nobody answers."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self._ask("POST", path, json.dumps(body), headers)[0]

    def readiness(self) -> dict[str, Any]:
        """What /readyz says."""
        return dict(json.loads(self._ask("GET", "/readyz", "", {})[1] or "{}"))

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def at_work(self) -> list[str]:
        """The sweeps that are connected to the database, celery and beat that are to the broker."""
        database, broker = self.postgres.port(), self.redis.port
        return [
            name
            for name in self.running
            if self.is_connected(name, database if name.startswith("sweep") else broker)
            and not name.startswith("web")
        ]

    def sending(self) -> list[str]:
        """The workers that are connected to the mail server."""
        return [name for name in self.workers if self.is_connected(name, self.mail.port)]

    def is_connected(self, name: str, port: int) -> bool:
        """Whether one of the crew has a connection to that port."""
        return name in self.running and is_connected(self.running[name].pid, port)

    def lets_leases_lapse(self) -> int:
        """As if a lease's length had passed for what is being sent now; gives how many."""
        return len(
            self.records.rows(
                "UPDATE casework_outboxmessage SET lease_until = now() - interval '1 second'"
                " WHERE lease_until > now() AND sent_at IS NULL RETURNING id"
            )
        )

    def _kill_group(self, process: subprocess.Popen[bytes]) -> None:
        signal_group(process.pid, signal.SIGKILL)
        process.wait()
