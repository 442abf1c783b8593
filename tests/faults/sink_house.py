"""A receiver beside a household, as a process of its own: up, down, and what it kept."""

import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from config.processes import free_port, signal_group, start
from tests.faults.sockets import listens, wait_until

ROOT = Path(__file__).parents[2]


@dataclass(slots=True, kw_only=True)
class SinkHouse:
    """What came in is a file each; the same thing twice is two files."""

    name: ClassVar[str]
    module: ClassVar[str]
    folder: Path
    env: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def kept(self) -> Path:
        """The folder of these files."""
        return self.folder / self.name

    def listen(self, *arguments: str) -> None:
        """From now on, on the same port every time."""
        if self.process is not None:
            return
        argv = (sys.executable, "-m", self.module, *arguments)
        log = self.folder / f"{self.name}.log"
        self.process = start(argv, env=self.env, cwd=ROOT, log=log)
        assert wait_until(lambda: listens(self.port), seconds=30), log.read_text(encoding="utf-8")

    def down(self) -> None:
        """Gone at once, whatever it was just receiving."""
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None
