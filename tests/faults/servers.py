"""A PostgreSQL and a Redis of our own: to be crashed, starved and cut without anyone else noticing.

Both are the programs of the local default with the settings of production: what was committed is
on disk before the answer, so that a crash may take nothing back.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit

import environ
import psycopg
import redis
from django.db import connections
from psycopg import sql

from config.data_folder import kept_secrets
from config.local_postgres import APP, OWNER, ensure_postgres, postgres_pid, stop_postgres
from config.local_redis import ensure_redis, stop_redis
from config.postgres_files import forget_cluster, programs
from config.processes import LOOPBACK, current_account, run, signal_process, wait_until_gone

_TEMPLATE = "household_template"
_WRONG = "another password"


@dataclass(slots=True, kw_only=True)
class OwnPostgres:
    """The server; each household gets a database of its own on it."""

    folder: Path
    made: int = 0
    knows: bool = False

    def start(self) -> None:
        """Start it, or find it running; after a crash it recovers on the way. Same port again."""
        ensure_postgres(self.folder)

    def crash(self) -> None:
        """What `pg_ctl stop -m immediate` does: every server process drops dead, nothing is tidied.

        Connections of this process are closed with it; the next query opens new ones.
        """
        pid = postgres_pid(self.folder)
        if pid is not None:
            signal_process(pid, signal.SIGQUIT)
            wait_until_gone(pid, seconds=20)
        connections.close_all()

    def stop(self) -> None:
        """Stop it in order."""
        connections.close_all()
        stop_postgres(self.folder)

    def forget(self) -> None:
        """Stop it for good and remove what it kept."""
        self.stop()
        forget_cluster(self.folder)

    def learn(self, source_url: str) -> None:
        """Copy tables and knowledge from the database at that address, once."""
        self.start()
        if self.knows:
            return
        dump = self.folder / "knowledge.dump"
        tools = programs(current_account())
        run([str(tools / "pg_dump"), "-Fc", "-f", str(dump), source_url], account=current_account())
        self._create(_TEMPLATE, source="template0")
        target = self.url("postgres", _TEMPLATE)
        run([str(tools / "pg_restore"), "-d", target, str(dump)], account=current_account())
        self.knows = True

    def fresh_database(self) -> str:
        """A new database with the tables and the knowledge, and nobody in it; gives its name."""
        self.start()
        self.made += 1
        name = f"household_{self.made}"
        self._create(name, source=_TEMPLATE)
        return name

    def url(self, role: str, database: str) -> str:
        """The address of a database for that role."""
        password = kept_secrets(self.folder)[role]
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self.port()}/{database}"

    def port(self) -> int:
        """Where it listens, or last did."""
        return int((self.folder / "postgres.port").read_text(encoding="ascii"))

    def environment(self, database: str) -> dict[str, str]:
        """What a process of ours needs to work there."""
        return {
            "DATABASE_URL": self.url(APP, database),
            "DATABASE_OWNER_URL": self.url(OWNER, database),
            "DATABASE_SUPERUSER_URL": self.url("postgres", database),
        }

    def _create(self, name: str, *, source: str) -> None:
        names = {
            key: sql.Identifier(value)
            for key, value in {"name": name, "source": source, "owner": OWNER, "app": APP}.items()
        }
        statements: list[LiteralString] = [
            "CREATE DATABASE {name} OWNER {owner} TEMPLATE {source}",
            "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {name} TO {app}",
        ]
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement).format(**names))


@dataclass(slots=True, kw_only=True)
class Records:
    """What really stands in the database, read as the superuser over a connection of its own."""

    url: str

    def rows(self, query: LiteralString, values: dict[str, Any] | None = None) -> list[Any]:
        """All rows of an answer; none for a statement that gives none."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=10) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def number(self, query: LiteralString, values: dict[str, Any] | None = None) -> float:
        """The one number that the query gives; nought for null."""
        found = self.rows(query, values)
        return float(found[0][0] or 0) if found else 0.0

    def count(self, query: LiteralString, values: dict[str, Any] | None = None) -> int:
        """The one whole number that the query gives."""
        return int(self.number(query, values))


@dataclass(slots=True, kw_only=True)
class OwnRedis:
    """The broker. It keeps nothing on disk: stopped and started again, it has forgotten all."""

    folder: Path
    url: str = ""

    def start(self) -> None:
        """Start it, or find it running; the port stays."""
        self.url = ensure_redis(self.folder, fast=True)

    @property
    def port(self) -> int:
        """Where it listens, or last did."""
        return urlsplit(self.url).port or 0

    def stop(self) -> None:
        """Gone, and everything in it."""
        stop_redis(self.folder)

    def flush(self) -> None:
        """Forget every queue and every message."""
        self._tell("FLUSHALL")

    def change_password(self) -> None:
        """From now on everyone's password is wrong, also of those connected."""
        self._tell("CONFIG", "SET", "requirepass", _WRONG)
        self._tell("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes", password=_WRONG)

    def restore_password(self) -> None:
        """The password that everyone knows is right again."""
        right = str(urlsplit(self.url).password)
        self._tell("CONFIG", "SET", "requirepass", right, password=_WRONG)

    def limit_memory(self, amount: str) -> None:
        """`1kb`: every write is refused, since nothing may be thrown out for it; `0`: no limit."""
        self._tell("CONFIG", "SET", "maxmemory", amount)

    def _tell(self, *words: str, password: str | None = None) -> None:
        right = str(urlsplit(self.url).password)
        client = redis.Redis(
            host=LOOPBACK, port=self.port, password=password or right, socket_timeout=5
        )
        try:
            client.execute_command(*words)  # type: ignore[no-untyped-call]
        finally:
            client.close()


@contextmanager
def django_on(environment: dict[str, str]) -> Iterator[None]:
    """This process's own Django works on that database meanwhile."""
    kept = {alias: dict(connections[alias].settings_dict) for alias in ("default", "owner")}
    connections.close_all()
    for alias, name in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        address = environ.Env.db_url_config(environment[name])
        connections[alias].settings_dict.update(
            {key: address[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        )
    try:
        yield
    finally:
        connections.close_all()
        for alias, settings in kept.items():
            connections[alias].settings_dict.update(settings)
