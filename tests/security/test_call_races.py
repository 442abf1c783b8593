"""Several relays at the same moment: what a partner's system is told, it is told once."""

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency
from casework.models.outbox import OutboxMessage
from casework.services.calls import call_all
from tests.hook_sink import HookSink
from tests.hooks import post_cause, webhook
from tests.racing import race

pytestmark = pytest.mark.usefixtures("committed_db")


def test_relays_at_the_same_moment_tell_nobody_twice(
    harbor: Agency, ada: Principal, sink: HookSink
) -> None:
    webhook(by=ada, url=sink.url())
    with agency_context(harbor.pk):
        post_cause(harbor, 60)
    done = race([call_all] * 4)
    assert sum(int(str(one)) for one in done) == 60
    assert (len(sink.counts()), set(sink.counts().values())) == (60, {1})


def test_relays_that_find_it_away_at_the_same_moment_lose_nothing(
    harbor: Agency, ada: Principal, sink: HookSink
) -> None:
    webhook(by=ada, url=sink.url())
    with agency_context(harbor.pk):
        post_cause(harbor, 60)
    sink.mood = "500"
    assert race([call_all] * 4) == [0] * 4
    with agency_context(harbor.pk):
        waiting = OutboxMessage.objects.filter(sent_at__isnull=True, lease_owner__isnull=True)
        assert waiting.count() == 60
