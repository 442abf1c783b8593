"""The one place where other programs are started, known again and ended."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import randbelow

from casework.domain.errors import CaseworkError

LOOPBACK = "127.0.0.1"
_PROC = Path("/proc")
_PORTS, _PORT_TRIES = range(20_000, 32_000), 100


class ProcessError(CaseworkError):
    """A program could not be run."""

    code = "process"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The user that a program runs as."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Tells one process from a later one that was given the same number."""

    pid: int
    started: str
    """Clock ticks since this boot, then the boot's own id; empty where there is no /proc."""


def current_account() -> Account:
    """Whoever we are."""
    return Account(uid=os.geteuid(), gid=os.getegid())


def unprivileged_account() -> Account:
    """Ourselves, or `nobody` when we are root; raises ProcessError without such a user."""
    if os.geteuid() != 0:
        return current_account()
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as problem:
        raise ProcessError("as root, a user named nobody is needed to run PostgreSQL") from problem
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def run(argv: Sequence[str], *, account: Account, timeout_seconds: float = 60) -> str:
    """Run a program to its end as that account, from `/`, with a bare environment; give its output.

    Raises ProcessError with the program's own last words when it fails.
    """
    is_other = account != current_account()
    try:
        done = subprocess.run(
            argv,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_seconds,
            check=False,
            umask=0o077,
            user=account.uid if is_other else None,
            group=account.gid if is_other else None,
            extra_groups=[] if is_other else None,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise ProcessError(f"{argv[0]} cannot be run: {problem}") from problem
    if done.returncode != 0:
        raise ProcessError(f"{Path(argv[0]).name} failed: {done.stdout.strip()[-2000:]}")
    return done.stdout


def start(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path | None
) -> subprocess.Popen[bytes]:
    """Start a program: with a `log` in a session of its own, without one on our terminal."""
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log else None
        return subprocess.Popen(
            argv,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=log is not None,
        )


def found_on_path(*names: str) -> Path | None:
    """The first of the programs that the search path has."""
    found = (shutil.which(name) for name in names)
    return next((Path(path) for path in found if path), None)


def _stat_fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent, group …; none when it is gone."""
    try:
        content = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return content.rpartition(")")[2].split()


def identify(pid: int) -> Identity:
    """What to note down about a running process so that it can be known again."""
    fields = _stat_fields(pid)
    if not fields:
        return Identity(pid=pid, started="")
    boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return Identity(pid=pid, started=f"{fields[19]} {boot}")


def is_alive(pid: int) -> bool:
    """Whether that process runs; one that has ended and waits to be collected does not."""
    if _PROC.joinpath("self").exists():
        fields = _stat_fields(pid)
        return bool(fields) and fields[0] not in {"Z", "X"}
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def command_of(pid: int) -> str:
    """The command line of a process, its words parted by blanks; empty when it cannot be read."""
    try:
        raw = (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode("utf-8", errors="replace").strip()


def members_of(group: int) -> Iterator[int]:
    """The living processes of a process group."""
    for entry in _PROC.glob("[0-9]*"):
        pid = int(entry.name)
        fields = _stat_fields(pid)
        if fields and fields[0] not in {"Z", "X"} and int(fields[2]) == group:
            yield pid


def signal_process(pid: int, number: signal.Signals) -> None:
    """Send a signal to one process; one that is gone is no matter."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to a whole process group; one that is gone is no matter."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def wait_until_gone(pid: int, *, seconds: float) -> bool:
    """Wait for a process that is not our child to end; False when time runs out."""
    until = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def is_free(port: int) -> bool:
    """Whether a server could listen on that loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """The preferred loopback port when nobody has it, else one that nobody has.

    It lies below those that the system lends to outgoing connections: a server that is down for a
    moment would else find its port lent out, and come back on another.
    """
    if preferred and is_free(preferred):
        return preferred
    for _ in range(_PORT_TRIES):
        port = _PORTS.start + randbelow(len(_PORTS))
        if is_free(port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
