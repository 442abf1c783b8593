"""A partner's system beside a household, seen from outside: up, down, and what it was told."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from django.test import override_settings

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.services.webhooks import NewWebhook, create_webhook
from config.processes import LOOPBACK
from tests.builders import MOMENT
from tests.faults.sink_house import SinkHouse
from tests.hook_sink import kept_counts

_EVENTS = ("deadline.ahead", "deadline.overdue")


@dataclass(slots=True, kw_only=True)
class HookHouse(SinkHouse):
    """Each call that came in is one file; the same call twice is two files."""

    name: ClassVar[str] = "hooks"
    module: ClassVar[str] = "tests.hook_sink"

    def listen_for(self, administrator: Principal) -> None:
        """The administrator's agency tells us of its reminders from now on."""
        new = NewWebhook(url=f"http://{LOOPBACK}:{self.port}/hooks", events=_EVENTS)
        local = override_settings(WEBHOOKS_TO_LOOPBACK=True)
        with local, agency_context(administrator.agency_id):
            create_webhook(new, by=administrator, at=MOMENT)
        self.up()

    def up(self, mood: str = "slow:0.02") -> None:
        """Listen; see tests.hook_sink for moods."""
        self.listen(str(self.port), str(self.kept), mood)

    def counts(self) -> Counter[str]:
        """How often each webhook-id came in."""
        return kept_counts(self.kept)
