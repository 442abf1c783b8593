"""A partner's system for tests, and webhooks that lead to it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.domain.webhook_events import WebhookEvent
from casework.services.webhooks import Issued, NewWebhook, create_webhook
from tests.builders import MOMENT
from tests.hook_sink import HookSink, hook_sink

EVERYTHING = [event.value for event in WebhookEvent]


@pytest.fixture
def sink(settings: Settings) -> Iterator[HookSink]:
    """Listens on a port of its own; webhooks may lead to it."""
    settings.WEBHOOKS_TO_LOOPBACK = True
    with hook_sink() as sink:
        yield sink


def webhook(*, by: Principal, url: str, events: list[str] | None = None) -> Issued:
    """A webhook of the principal's agency; of every event unless named."""
    new = NewWebhook(url=url, events=EVERYTHING if events is None else events)
    with agency_context(by.agency_id):
        return create_webhook(new, by=by, at=MOMENT)
