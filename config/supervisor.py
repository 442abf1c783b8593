"""`make run`: brings every part up in order, keeps it up, and takes it down on Ctrl-C."""

import contextlib
import http.client
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from casework.domain.errors import CaseworkError
from config.data_folder import DataFolder, kept_secrets, locked
from config.env import SECRET_NAMES, Environment, MailServer, read_environment
from config.local_postgres import ensure_postgres, postgres_pid, stop_postgres
from config.local_redis import ensure_redis, redis_pid, stop_redis
from config.parts import Family, Part, end_orphans
from config.processes import LOOPBACK, ProcessError, free_port, is_free, start

BASE_DIR = Path(__file__).resolve().parent.parent
READY_WITHIN_SECONDS = 90.0
PARTS_STOP_WITHIN_SECONDS = 6.0
_SERVERS_LOOKED_AT_EVERY_SECONDS = 2.0
_PYTHON = sys.executable
DEMO_NOTE = """\
  people (password demo-only-passphrase):
    alice@demo.example    caseworker, Harbor House
    bob@demo.example      supervisor, Harbor House
    charlie@demo.example  caseworker, Northside Legal
    ada@demo.example      administrator
  partners (client : secret, token from POST /oauth/token):
    demo-partner : demo-partner-secret      of Harbor House
    demo-stranger : demo-stranger-secret    of another agency
  Everybody in the demo is invented. Only DEMO=1 gives these log-ins, their cases, and
  signing in without a second factor."""


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """One run on one port, from the first check to the last part ended."""

    environment: Environment
    folder: DataFolder
    stopping: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)

    def say(self, line: str) -> None:
        """Show a line of progress with the seconds since the start."""
        show(f"[{time.monotonic() - self.began:6.1f} s] {line}")

    def run(self) -> int:
        """Start everything, stay until told to stop, stop everything; gives the exit status."""
        self.folder.make()
        with locked(self.folder.run / "lock", wait=False) as is_ours:
            if not is_ours:
                raise ProcessError(f"a run on port {self.environment.port} is already going")
            left_over = end_orphans(self.notes)
            if left_over:
                self.say(f"ended {left_over} processes that a killed run had left behind")
            if not is_free(self.environment.port):
                raise ProcessError(
                    f"port {self.environment.port} is taken; choose another: make run PORT=8001"
                )
            return self._run_in_order()

    @property
    def notes(self) -> Path:
        """Where the process numbers of the parts are kept."""
        return self.folder.run / "parts.json"

    def _run_in_order(self) -> int:
        family: Family | None = None
        try:
            env = self._start_servers()
            if not self._prepare(env):
                return 0 if self.stopping.is_set() else 1
            family = Family(
                env=env, cwd=BASE_DIR, logs=self.folder.logs, notes=self.notes, say=self.say
            )
            for part in self._parts(env):
                family.start(part)
            if self._wait_until_ready(family):
                self.welcome()
                self._watch(family)
            return 0 if self.stopping.is_set() else 1
        finally:
            self._stop(family)

    def _start_servers(self) -> dict[str, str]:
        """Start the servers that were not named; gives the environment of every part."""
        made = kept_secrets(self.folder.home)
        given = self.environment.secrets
        added = {name: made[name] for name in SECRET_NAMES if name not in given}
        added |= self._database_env() | self._broker_env() | self._mail_env()
        added |= {
            "PORT": str(self.environment.port),
            "DEMO": "1" if self.environment.demo else "0",
            "DATA_DIR": str(self.folder.home),
            "JOURNAL_ANCHOR_FILE": str(self.folder.home / "journal-anchor"),
            "SEND_JOURNAL_FILE": str(self.folder.home / "send-journal"),
        }
        return {"PYTHONUNBUFFERED": "1", **os.environ, **added}

    def _database_env(self) -> dict[str, str]:
        if self.environment.database_url:
            self.say("PostgreSQL: the one that DATABASE_URL names")
            return {}
        urls = ensure_postgres(self.folder.home)
        self.say(f"PostgreSQL: our own, its files in {self.folder.home / 'postgres'}")
        return {"DATABASE_URL": urls.app_url, "DATABASE_OWNER_URL": urls.owner_url}

    def _broker_env(self) -> dict[str, str]:
        if self.environment.redis_url:
            self.say("Redis: the one that REDIS_URL names")
            return {}
        redis_url = ensure_redis(self.folder.home)
        self.say(f"Redis: our own, its files in {self.folder.home / 'redis'}")
        return {"REDIS_URL": redis_url}

    def _mail_env(self) -> dict[str, str]:
        sink = MailServer(host=LOOPBACK, port=free_port())
        server = self.environment.mail or sink
        return {"EMAIL_HOST": server.host, "EMAIL_PORT": str(server.port)}

    def _prepare(self, env: Mapping[str, str]) -> bool:
        """Bring tables, seeds, demo and assets up to date; False when that fails or is stopped."""
        demo = ["--demo"] if self.environment.demo else []
        log = self.folder.logs / "prepare.log"
        log.unlink(missing_ok=True)
        self.say("database: tables, seeds" + (", the demo" if demo else "") + "; assets")
        command = [_PYTHON, "manage.py", "prepare", *demo]
        process = start(command, env=env, cwd=BASE_DIR, log=log)
        while process.poll() is None:
            if self.stopping.wait(0.05):
                process.terminate()
                process.wait()
                return False
        if process.returncode != 0:
            self.say(f"prepare failed:\n{last_lines(log, 25)}")
            return False
        return True

    def _parts(self, env: Mapping[str, str]) -> list[Part]:
        celery = (_PYTHON, "-m", "celery", "-A", "config.celery")
        quiet = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle")
        worker = (*celery, "worker", "--pool", "prefork", *quiet, "-n")
        beat_file = str(self.folder.run / "beat-schedule")
        parts = [
            Part(name="web", argv=self._gunicorn()),
            Part(name="worker", argv=(*worker, "worker@%h", "--concurrency", "2", "-X", "sweep")),
            Part(name="due", argv=(*worker, "due@%h", "--concurrency", "1", "-Q", "sweep")),
            Part(
                name="beat",
                argv=(
                    *(*celery, "beat", "--loglevel", "WARNING"),
                    *("--schedule", beat_file, "--pidfile", ""),
                ),
            ),
            Part(name="sweep", argv=(_PYTHON, "manage.py", "sweep", "--loop")),
        ]
        if self.environment.mail is None:
            sink = (_PYTHON, "-m", "config.mail_sink", "--folder", str(self.folder.mail))
            parts.insert(0, Part(name="mail", argv=(*sink, "--port", env["EMAIL_PORT"])))
        return parts

    def _gunicorn(self) -> tuple[str, ...]:
        listen = f"{LOOPBACK}:{self.environment.port}"
        return (
            *(_PYTHON, "-m", "gunicorn", "config.wsgi:application", "--bind", listen),
            *("--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "5"),
            *("--no-control-socket", "--log-level", "warning"),
        )

    def _wait_until_ready(self, family: Family) -> bool:
        until = time.monotonic() + READY_WITHIN_SECONDS
        while not self.stopping.wait(0.1):
            if answers(self.environment.port):
                return True
            family.tend()
            if time.monotonic() > until:
                self.say(
                    f"/healthz does not answer with 200:\n{last_lines(family.log_of('web'), 25)}"
                )
                return False
        return False

    def welcome(self) -> None:
        """Show where everything is, and in the demo who can log in."""
        self.say(f"ready: http://{LOOPBACK}:{self.environment.port}/  (Ctrl-C stops everything)")
        lines = [f"  logs: {self.folder.logs}"]
        if self.environment.mail is None:
            lines.append(f"  mail: {self.folder.mail} (nothing leaves this machine)")
        lines.append(DEMO_NOTE if self.environment.demo else "  no demo: start with DEMO=1 for it")
        show("\n".join(lines))

    def _watch(self, family: Family) -> None:
        look_at = time.monotonic()
        while not self.stopping.wait(0.2):
            family.tend()
            if time.monotonic() >= look_at:
                self._mend_servers()
                look_at = time.monotonic() + _SERVERS_LOOKED_AT_EVERY_SECONDS

    def _mend_servers(self) -> None:
        home = self.folder.home
        try:
            if not self.environment.database_url and postgres_pid(home) is None:
                self.say("PostgreSQL has ended; starting it again")
                ensure_postgres(home)
            if not self.environment.redis_url and redis_pid(home) is None:
                self.say("Redis has ended; starting it again")
                ensure_redis(home)
        except (CaseworkError, OSError) as problem:
            self.say(f"not yet: {problem}")

    def _stop(self, family: Family | None) -> None:
        self.say("stopping")
        if family is not None:
            family.stop(seconds=PARTS_STOP_WITHIN_SECONDS)
        try:
            if not self.environment.redis_url:
                stop_redis(self.folder.home)
        finally:
            if not self.environment.database_url:
                stop_postgres(self.folder.home)
        self.say("stopped; the data is kept")


def show(text: str) -> None:
    """Write to the terminal; when that has gone away, the run goes on without it."""
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def answers(port: int) -> bool:
    """Whether the web part says, at /healthz, that it lives."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def last_lines(log: Path, count: int) -> str:
    """The end of a log."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])


def main() -> int:
    """Run until stopped; gives the exit status."""
    try:
        environment = read_environment(os.environ, base_dir=BASE_DIR)
        folder = DataFolder.for_port(environment.data_dir, environment.port)
        supervisor = Supervisor(environment=environment, folder=folder)

        def stop(_number: int, _frame: FrameType | None) -> None:
            supervisor.stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
            signal.signal(signal.SIGHUP, stop)
        return supervisor.run()
    except CaseworkError as problem:
        sys.stderr.write(f"{problem.detail}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
