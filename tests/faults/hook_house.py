"""A partner's system beside a household, seen from outside: up, down, and what it was told."""

import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.test import override_settings

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.services.webhooks import NewWebhook, create_webhook
from config.processes import LOOPBACK, free_port, signal_group, start
from tests.builders import MOMENT
from tests.faults.sockets import listens, wait_until
from tests.hook_sink import kept_counts

ROOT = Path(__file__).parents[2]
_EVENTS = ("deadline.ahead", "deadline.overdue")


@dataclass(slots=True, kw_only=True)
class HookHouse:
    """Each call that came in is one file; the same call twice is two files."""

    folder: Path
    env: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def kept(self) -> Path:
        """One file for each call that came in."""
        return self.folder / "hooks"

    def listen_for(self, administrator: Principal) -> None:
        """The administrator's agency tells us of its reminders from now on."""
        new = NewWebhook(url=f"http://{LOOPBACK}:{self.port}/hooks", events=_EVENTS)
        local = override_settings(WEBHOOKS_TO_LOOPBACK=True)
        with local, agency_context(administrator.agency_id):
            create_webhook(new, by=administrator, at=MOMENT)
        self.up()

    def up(self, mood: str = "slow:0.02") -> None:
        """Listen, on the same port every time; see tests.hook_sink for moods."""
        if self.process is not None:
            return
        argv = (sys.executable, "-m", "tests.hook_sink", str(self.port), str(self.kept), mood)
        log = self.folder / "hooks.log"
        self.process = start(argv, env=self.env, cwd=ROOT, log=log)
        assert wait_until(lambda: listens(self.port), seconds=30), log.read_text(encoding="utf-8")

    def down(self) -> None:
        """Gone at once, whatever it was just receiving."""
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def counts(self) -> Counter[str]:
        """How often each webhook-id came in."""
        return kept_counts(self.kept)
