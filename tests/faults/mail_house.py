"""The mail server of a household, seen from outside: up, down, misbehaving, and what came in."""

import signal
import subprocess
import sys
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from config.processes import free_port, signal_group, start
from tests.faults.sockets import listens, wait_until
from tests.faults.switches import Switches

ROOT = Path(__file__).parents[2]


@dataclass(slots=True, kw_only=True)
class MailHouse:
    """Each message that came in is one file; the same message twice is two files."""

    folder: Path
    env: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def kept(self) -> Path:
        """One file for each message that came in."""
        return self.folder / "mail"

    def up(self) -> None:
        """Listen, on the same port every time."""
        if self.process is not None:
            return
        argv = (sys.executable, "-m", "tests.faults.slow_sink", str(self.kept), str(self.port))
        log = self.folder / "mail.log"
        self.process = start(argv, env=self.env, cwd=ROOT, log=log)
        assert wait_until(lambda: listens(self.port), seconds=30), log.read_text(encoding="utf-8")

    def down(self) -> None:
        """Gone at once, whatever it was just receiving."""
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def behave(self, **changes: Any) -> None:  # noqa: ANN401
        """From the next message on, as `Switches` says; what is not named stays."""
        replace(Switches.read(self.kept), **changes).write(self.kept)

    def count(self) -> int:
        """How many came in, repeats included."""
        return sum(1 for _ in self.kept.glob("*.eml"))

    def messages(self) -> list[Message]:
        """All that came in, in the order in which it came."""
        return [message_from_bytes(path.read_bytes()) for path in sorted(self.kept.glob("*.eml"))]

    def message_ids(self) -> list[str]:
        """The Message-ID of each message, repeats included."""
        return [str(message["Message-ID"]) for message in self.messages()]
