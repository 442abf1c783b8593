"""A real PostgreSQL under the data folder, for running and testing without set-up."""

import shlex
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from config.data_folder import kept_secrets, locked, make_private
from config.postgres_files import cluster_place, owner_of, programs
from config.processes import (
    LOOPBACK,
    Account,
    ProcessError,
    command_of,
    free_port,
    is_alive,
    run,
)

DATABASE = "casework"
OWNER = "casework_owner"
APP = "casework_app"
_SUPERUSER = "postgres"
_START_TRIES = 4
_LOG_LIMIT_BYTES = 5_000_000
# Nothing a person said may reach the server's log: no statements, no parameters, no DETAIL lines,
# and no ERROR lines at all, since their first line can quote a value.
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "idle_in_transaction_session_timeout": "60s",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
_Connection = psycopg.Connection[tuple[object, ...]]
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresUrls:
    """One address a role."""

    owner_url: str
    app_url: str
    superuser_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cluster:
    place: Path
    account: Account
    bin: Path

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "postgres.log"


def ensure_postgres(data_dir: Path, *, fast: bool = False) -> PostgresUrls:
    """Start the cluster of that folder, or find it running; make it, its roles and its database.

    `fast` gives up durability and is for throw-away clusters. The port stays the same from start to
    start while it is free. Raises ProcessError or DataFolderError.
    """
    make_private(data_dir, mode=0o711)
    with locked(data_dir / "servers.lock"):
        passwords = kept_secrets(data_dir)
        cluster = _cluster(data_dir)
        if not cluster.data.exists():
            _create(cluster, passwords[_SUPERUSER], fast=fast)
        port = _running_port(cluster) or _start(cluster, data_dir / "postgres.port", fast=fast)
        urls = _urls(port, passwords)
        _bootstrap(urls, passwords)
        return urls


def stop_postgres(data_dir: Path) -> None:
    """Stop the cluster of that folder in order; one that does not run is no matter."""
    if not (data_dir / "postgres").exists():
        return
    cluster = _cluster(data_dir)
    if _running_port(cluster) is None:
        return
    stop = [str(cluster.bin / "pg_ctl"), "stop", "-D", str(cluster.data), "-w", "-t", "8", "-m"]
    try:
        run([*stop, "fast"], account=cluster.account)
    except ProcessError:
        run([*stop, "immediate"], account=cluster.account)


def postgres_pid(data_dir: Path) -> int | None:
    """The number of the running server process, if there is one."""
    if not (data_dir / "postgres").exists():
        return None
    place = cluster_place(data_dir)
    return _running_pid(place / "data")


def _cluster(data_dir: Path) -> _Cluster:
    place = cluster_place(data_dir)
    account = owner_of(place)
    return _Cluster(place=place, account=account, bin=programs(account))


def _urls(port: int, passwords: dict[str, str]) -> PostgresUrls:
    def url(role: str, database: str) -> str:
        return f"postgresql://{role}:{passwords[role]}@{LOOPBACK}:{port}/{database}"

    return PostgresUrls(
        owner_url=url(OWNER, DATABASE),
        app_url=url(APP, DATABASE),
        superuser_url=url(_SUPERUSER, "postgres"),
    )


def _create(cluster: _Cluster, password: str, *, fast: bool) -> None:
    """Make a cluster beside its final place and move it there, so that none is ever half made."""
    fresh = cluster.place / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    pass_file = cluster.place / "superuser"
    pass_file.touch(mode=0o600)
    pass_file.write_text(password, encoding="ascii")
    shutil.chown(pass_file, cluster.account.uid, cluster.account.gid)
    options = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    options += ["--builtin-locale=C.UTF-8", "--auth=scram-sha-256", f"--username={_SUPERUSER}"]
    options += [f"--pwfile={pass_file}", *(["--no-sync"] if fast else ["--data-checksums"])]
    try:
        run(
            [str(cluster.bin / "initdb"), f"--pgdata={fresh}", *options],
            account=cluster.account,
            timeout_seconds=120,
        )
    finally:
        pass_file.unlink()
    fresh.rename(cluster.data)


def _pid_file_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _running_pid(data: Path) -> int | None:
    lines = _pid_file_lines(data)
    if len(lines) < 4 or not lines[0].isdecimal():
        return None
    pid = int(lines[0])
    ours = is_alive(pid) and (not command_of(pid) or str(data) in command_of(pid))
    return pid if ours else None


def _running_port(cluster: _Cluster) -> int | None:
    """The port of the running server; a note left by a dead one is removed on the way."""
    if _running_pid(cluster.data) is not None:
        return int(_pid_file_lines(cluster.data)[3])
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    return None


def _start(cluster: _Cluster, port_file: Path, *, fast: bool) -> int:
    """Start the server, on another port when somebody was quicker; gives the port."""
    _shorten(cluster.log)
    kept = port_file.read_text(encoding="ascii") if port_file.exists() else ""
    preferred = int(kept) if kept.isdecimal() else None
    problem = ProcessError("PostgreSQL did not start")
    for attempt in range(_START_TRIES):
        port = free_port(preferred)
        settings = {**_SETTINGS, **(_FAST if fast else {}), "port": str(port)}
        options = shlex.join(part for item in settings.items() for part in ("-c", "=".join(item)))
        start = ["pg_ctl", "start", "-w", "-t", "60", "-D", str(cluster.data)]
        start[0] = str(cluster.bin / start[0])
        try:
            run(
                [*start, "-l", str(cluster.log), "-o", options],
                account=cluster.account,
                timeout_seconds=90,
            )
        except ProcessError as failure:
            # After a kill -9 the old server's children need a moment to let go of its memory.
            problem = ProcessError(f"{failure.detail} {_last_lines(cluster.log)}")
            time.sleep(0.5 * attempt)
        else:
            port_file.write_text(str(port), encoding="ascii")
            return port
    raise problem


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
        log.unlink()


def _last_lines(log: Path) -> str:
    if not log.exists():
        return ""
    return " / ".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])


def _bootstrap(urls: PostgresUrls, passwords: dict[str, str]) -> None:
    """Make the two roles and the database, or set them right again."""
    with psycopg.connect(urls.superuser_url, autocommit=True, connect_timeout=10) as connection:
        _ensure_role(connection, OWNER, sql.SQL("CREATEDB"), passwords[OWNER])
        _ensure_role(connection, APP, sql.SQL("NOCREATEDB NOINHERIT"), passwords[APP])
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(known, (DATABASE,)).fetchone() is None:
            _run_sql(connection, "CREATE DATABASE {db} OWNER {owner} TEMPLATE template0")
        _run_sql(connection, "REVOKE ALL ON DATABASE {db} FROM PUBLIC")
        _run_sql(connection, "GRANT CONNECT ON DATABASE {db} TO {app}")
    in_database = urls.superuser_url.removesuffix("/postgres") + f"/{DATABASE}"
    with psycopg.connect(in_database, autocommit=True, connect_timeout=10) as connection:
        _run_sql(connection, "ALTER SCHEMA public OWNER TO {owner}")
        _run_sql(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        _run_sql(connection, "GRANT USAGE ON SCHEMA public TO {app}")


def _ensure_role(connection: _Connection, role: str, rights: sql.SQL, password: str) -> None:
    known = "SELECT 1 FROM pg_roles WHERE rolname = %s"
    is_there = connection.execute(known, (role,)).fetchone() is not None
    statement = sql.SQL(
        "{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION {rights} "
        "PASSWORD {password}"
    )
    connection.execute(
        statement.format(
            verb=sql.SQL("ALTER") if is_there else sql.SQL("CREATE"),
            role=sql.Identifier(role),
            rights=rights,
            password=sql.Literal(password),
        )
    )


def _run_sql(connection: _Connection, statement: LiteralString) -> None:
    names = {"db": DATABASE, "owner": OWNER, "app": APP}
    parts = {name: sql.Identifier(value) for name, value in names.items()}
    connection.execute(sql.SQL(statement).format(**parts))
