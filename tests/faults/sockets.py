"""Who is connected to which server, as the kernel tells it."""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from config.processes import LOOPBACK, members_of

_ESTABLISHED = "01"


def wait_until(is_so: Callable[[], bool], *, seconds: float, every: float = 0.2) -> bool:
    """Look again and again, `every` so many seconds; False when time runs out."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def is_connected(group: int, port: int) -> bool:
    """Whether a process of that group has a connection to that loopback port."""
    sockets = set(_sockets_to(port))
    return any(sockets & _sockets_of(pid) for pid in members_of(group))


def _sockets_to(port: int) -> Iterator[str]:
    """The inodes of the open connections whose other end is that port."""
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == _ESTABLISHED and int(fields[2].split(":")[1], 16) == port:
            yield fields[9]


def _sockets_of(pid: int) -> set[str]:
    """The inodes of the sockets that a process holds; none when it is gone."""
    found = set()
    with contextlib.suppress(OSError):
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(os.readlink(handle).removeprefix("socket:[").removesuffix("]"))
    return found
