"""The servers from wheels: two roles, nothing personal in the log, healed after a kill."""

import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from psycopg import errors

from config.embedded import main
from config.local_postgres import PostgresUrls, ensure_postgres, postgres_pid, stop_postgres
from config.local_redis import ensure_redis, redis_pid
from config.postgres_files import cluster_place, forget_cluster
from config.processes import LOOPBACK, free_port, signal_process, wait_until_gone
from config.throwaway import stop_servers, sweep_leftovers, throwaway


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="casework-servers-"))
    yield made
    stop_servers(made)
    forget_cluster(made)
    shutil.rmtree(made)


@pytest.fixture
def urls(folder: Path) -> PostgresUrls:
    return ensure_postgres(folder, fast=True)


def killed(pid: int | None) -> bool:
    assert pid is not None
    signal_process(pid, signal.SIGKILL)
    return wait_until_gone(pid, seconds=10)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
    ],
)
def test_the_application_role_can_make_nothing(urls: PostgresUrls, statement: str) -> None:
    with (
        psycopg.connect(urls.app_url, autocommit=True) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


@pytest.mark.parametrize("role", ["casework_owner", "casework_app"])
def test_no_role_of_ours_is_above_row_security(urls: PostgresUrls, role: str) -> None:
    asked = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = %s"
    with psycopg.connect(urls.superuser_url) as connection:
        assert connection.execute(asked, (role,)).fetchone() == (False,)


def test_what_was_said_never_reaches_the_servers_log(urls: PostgresUrls, folder: Path) -> None:
    canary = "Quetzalcoatl-canary"
    with psycopg.connect(urls.owner_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS named (name text PRIMARY KEY)")
        connection.execute("INSERT INTO named VALUES (%s) ON CONFLICT DO NOTHING", (canary,))
        with pytest.raises(errors.UniqueViolation):
            connection.execute("INSERT INTO named VALUES (%s)", (canary,))
        with pytest.raises(errors.InvalidTextRepresentation):
            connection.execute("SELECT %s::uuid", (canary,))
    log = (cluster_place(folder) / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert canary not in log


def test_a_running_server_is_used_again(urls: PostgresUrls, folder: Path) -> None:
    pid = postgres_pid(folder)
    assert ensure_postgres(folder, fast=True) == urls
    assert postgres_pid(folder) == pid


def test_postgresql_comes_back_on_its_port_after_a_kill(urls: PostgresUrls, folder: Path) -> None:
    assert killed(postgres_pid(folder))
    assert postgres_pid(folder) is None
    assert ensure_postgres(folder, fast=True) == urls


def test_redis_comes_back_on_its_port_with_what_it_held(folder: Path) -> None:
    address = ensure_redis(folder)
    with redis.Redis.from_url(address) as client:
        client.set("kept", "yes")
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert ensure_redis(folder) == address
    assert killed(redis_pid(folder))
    assert redis_pid(folder) is None
    assert ensure_redis(folder) == address
    with redis.Redis.from_url(address) as client:
        assert client.get("kept") == b"yes"


def test_a_stopped_server_can_be_stopped_again(urls: PostgresUrls, folder: Path) -> None:
    assert urls.app_url.endswith("/casework")
    stop_postgres(folder)
    stop_postgres(folder)
    assert postgres_pid(folder) is None


def test_by_hand_start_status_stop(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    where = ["--data-dir", str(folder)]
    assert main(["start", *where]) == 0
    assert "DATABASE_URL=postgresql://casework_app:" in capfd.readouterr().out
    assert main(["status", *where]) == 0
    assert main(["stop", *where]) == 0
    assert main(["status", *where]) == 3
    assert "postgres: stopped" in capfd.readouterr().out


def test_throw_away_servers_leave_nothing(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    assert main(["exec", "sh", "-c", "echo $DATABASE_URL; exit 7"]) == 7
    assert "casework_app" in capfd.readouterr().out
    assert list(folder.glob("casework-throwaway-*")) == []


def test_servers_in_the_environment_are_preferred(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "given")
    assert main(["exec", "sh", "-c", "echo $DATABASE_URL"]) == 0
    assert capfd.readouterr().out == "given\n"


def test_a_run_that_lives_is_not_swept_away(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with throwaway() as added:
        sweep_leftovers(folder)
        assert Path(added["DATA_DIR"]).exists()


def test_a_run_that_was_killed_is_swept_away(folder: Path) -> None:
    left = folder / "casework-throwaway-left"
    left.mkdir()
    (left / "in-use").touch()
    sweep_leftovers(folder)
    assert not left.exists()


def test_a_port_is_none_that_the_system_lends_to_outgoing_connections() -> None:
    lent = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()
    assert all(free_port() < int(lent[0]) for _ in range(20))


def test_a_port_that_somebody_has_is_not_given() -> None:
    with socket.socket() as somebody:
        somebody.bind((LOOPBACK, free_port()))
        taken = somebody.getsockname()[1]
        assert free_port(taken) != taken
