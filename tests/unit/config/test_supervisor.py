"""`make run` in small: refusals before anything starts, then a whole run that heals itself."""

import json
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config.data_folder import DataFolder, locked
from config.env import read_environment
from config.local_redis import redis_pid
from config.postgres_files import forget_cluster
from config.processes import (
    LOOPBACK,
    ProcessError,
    free_port,
    is_alive,
    is_free,
    signal_process,
)
from config.supervisor import BASE_DIR, Supervisor, answers, last_lines, main
from config.throwaway import stop_servers


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """A run on a free port with a data folder of its own, and nothing named from outside."""
    home = Path(tempfile.mkdtemp(prefix="casework-run-"))
    home.chmod(0o711)
    for name in ("DEMO", "SECRET_KEY", "CASEWORK_KEK", "CASEWORK_INDEX_KEY", "SECURE_TRANSPORT"):
        monkeypatch.delenv(name, raising=False)
    given = {"PORT": str(free_port()), "DATA_DIR": str(home)}
    environment = read_environment(given, base_dir=BASE_DIR)
    folder = DataFolder.for_port(environment.data_dir, environment.port)
    yield Supervisor(environment=environment, folder=folder)
    stop_servers(folder.home)
    forget_cluster(folder.home)
    shutil.rmtree(home)


def eventually(condition: Callable[[], bool], seconds: float = 120) -> bool:
    """A whole run begins with all tables and seeds, a minute and more beside other tests."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    return condition()


def test_a_port_that_is_taken_is_refused(supervisor: Supervisor) -> None:
    server = socket.create_server((LOOPBACK, supervisor.environment.port))
    with server, pytest.raises(ProcessError, match="is taken"):
        supervisor.run()


def test_a_second_run_on_the_port_is_refused(supervisor: Supervisor) -> None:
    supervisor.folder.make()
    with (
        locked(supervisor.folder.run / "lock"),
        pytest.raises(ProcessError, match="already going"),
    ):
        supervisor.run()


def test_an_odd_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "none")
    assert main() == 1
    assert "PORT must be a port" in capsys.readouterr().err


def test_only_the_end_of_a_log_is_shown(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("one\ntwo\nthree\n")
    assert last_lines(tmp_path / "web.log", 2) == "two\nthree"
    assert last_lines(tmp_path / "none.log", 2) == ""


def test_the_log_ins_are_shown_with_the_demo_alone(
    supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor.welcome()
    assert "alice@demo.example" not in capsys.readouterr().out
    supervisor.environment = replace(supervisor.environment, demo=True)
    supervisor.welcome()
    assert "alice@demo.example" in capsys.readouterr().out


def test_a_run_that_cannot_prepare_says_why_and_ends(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = f"postgresql://nobody@{LOOPBACK}:1/nothing"
    supervisor.environment = replace(
        supervisor.environment,
        database_url=nowhere,
        database_owner_url=nowhere,
        redis_url=f"redis://{LOOPBACK}:1/0",
    )
    monkeypatch.setenv("DATABASE_URL", nowhere)
    monkeypatch.setenv("DATABASE_OWNER_URL", nowhere)
    assert supervisor.run() == 1
    assert "prepare failed" in capsys.readouterr().out


@pytest.mark.timeout(420)
def test_a_whole_run_heals_and_ends_without_remains(
    supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    port, home = supervisor.environment.port, supervisor.folder.home
    status: list[int] = []
    running = threading.Thread(target=lambda: status.append(supervisor.run()))
    running.start()
    try:
        assert eventually(lambda: answers(port) or not running.is_alive())
        pids = [entry["pid"] for entry in json.loads(supervisor.notes.read_text())]
        for pid in (*pids, redis_pid(home)):
            assert pid is not None
            signal_process(pid, signal.SIGKILL)
        assert eventually(lambda: not any(is_alive(pid) for pid in pids))
        assert eventually(lambda: answers(port) and redis_pid(home) is not None)
    finally:
        supervisor.stopping.set()
        running.join(timeout=30)
    assert status == [0], capsys.readouterr().out
    assert is_free(port)
    assert not supervisor.notes.exists()
