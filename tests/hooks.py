"""A partner's system for tests, and webhooks that lead to it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.domain.webhook_events import WebhookEvent
from casework.models import Agency
from casework.services import outbox
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


def post_cause(
    agency: Agency, number: int = 1, *, event: str = "deadline.started", **params: str
) -> list[str]:
    """Something that every webhook of the agency is to hear of, so many times; the causes' keys."""
    keys = [f"cause:{uuid4()}" for _ in range(number)]
    at = datetime.now(UTC) - timedelta(minutes=1)
    for key in keys:
        outbox.post_to_webhooks(agency, event, {"case": str(uuid4()), **params}, key, at)
    return keys
