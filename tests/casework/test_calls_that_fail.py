"""Calls that fail: tried again without end, told to people, and none holds up another."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.gateways import webhooks as gateway
from casework.models import Agency, Notice, User, Webhook
from casework.models.journal import JournalEntry
from casework.models.outbox import OutboxMessage
from casework.services import calls, outbox
from casework.services.calls import call_all
from casework.services.relay import STRIKES
from casework.services.waiting import STRANDED
from casework.services.webhooks import Issued, disable_webhook
from tests.hook_sink import HookSink
from tests.hooks import post_cause, webhook
from tests.waiting import alarms, left, rows, the_pause_is_over

MINUTE = timedelta(minutes=1)
EVENT = "deadline.started"


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency, bob_user: User, ada_user: User) -> Iterator[None]:  # noqa: ARG001
    with agency_context(harbor.pk):
        yield


@pytest.fixture
def issued(ada: Principal, sink: HookSink) -> Issued:
    """A webhook of Harbor House that hears of everything."""
    return webhook(by=ada, url=sink.url())


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        *(("500", "HTTP 500"), ("429", "HTTP 429"), ("404", "HTTP 404"), ("redirect", "HTTP 302")),
        *(("dead", "BadAnswerError"), ("nonsense", "BadAnswerError")),
    ],
)  # fmt: skip
def test_what_was_not_taken_is_tried_again(
    harbor: Agency, issued: Issued, sink: HookSink, mood: str, error: str
) -> None:
    post_cause(harbor)
    sink.mood = mood
    assert call_all() == 0
    (row,) = rows()
    assert (row.attempts, row.last_error, row.sent_at) == (1, error, None)
    assert call_all() == 0  # the pause is not over
    assert {one.path for one in sink.heard} == {"/hooks"}  # no redirect was followed
    sink.mood = "200"
    the_pause_is_over()
    assert (call_all(), len(sink.heard)) == (1, 2)
    assert issued.webhook.disabled_at is None


def test_at_the_fifth_failure_people_are_told_and_it_goes_on(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    post_cause(harbor)
    sink.mood = "503"
    for failures in range(1, 8):
        assert alarms() == (2 if failures > outbox.ATTEMPTS_BEFORE_ALARM else 0)
        call_all()
        the_pause_is_over()
    (row,) = rows()
    assert (row.attempts, row.needs_attention, row.sent_at) == (7, True, None)
    sink.mood = "200"
    assert call_all() == 1
    (row,) = rows()
    assert (row.needs_attention, row.last_error) == (False, "")
    assert issued.webhook.disabled_at is None


def test_one_that_does_not_answer_is_asked_by_a_few_for_all(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    post_cause(harbor, 30)
    sink.mood = "500"
    for turn in range(1, 6):
        call_all()
        assert {row.attempts for row in rows()} == {turn}
        assert call_all() == 0  # nothing is due while it rests
        the_pause_is_over()
    assert len(sink.heard) <= 5 * STRIKES
    assert {row.needs_attention for row in rows()} == {True}
    assert 0 < alarms() <= 2 * (STRIKES + 1)
    sink.mood = "200"
    assert call_all() == 30
    assert issued.webhook.disabled_at is None


def test_it_is_left_alone_for_as_long_as_it_asks(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    post_cause(harbor, 5)
    sink.mood, sink.retry_after = "429", "120"
    call_all()
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        now = cursor.fetchone()[0]
    assert {round((row.not_before - now).total_seconds()) for row in rows()} == {120}
    assert issued.webhook.disabled_at is None


def test_a_call_that_always_fails_holds_up_no_other(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    keys = post_cause(harbor, 20)
    sink.refused = {gateway.call_id(f"{key}:webhook:{issued.webhook.ref}") for key in keys[:6]}
    for _ in range(5):
        call_all()
        the_pause_is_over()
    assert left() == 6
    post_cause(harbor)
    assert call_all() == 1


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> float:
    """Seconds that a call may take."""
    monkeypatch.setattr(gateway, "CALL_SECONDS", 0.5)
    return 0.5


@pytest.mark.parametrize("mood", ["slow", "200:3"])
def test_a_slow_one_costs_its_own_time_and_no_more(
    harbor: Agency, ada: Principal, sink: HookSink, brief: float, mood: str
) -> None:
    sink.moods["/slow"] = mood
    webhook(by=ada, url=sink.url("/slow"))
    webhook(by=ada, url=sink.url("/quick"))
    post_cause(harbor, 40)
    began = time.monotonic()
    assert call_all() == 40
    assert time.monotonic() - began < 20 * brief  # one after another they would take 40
    quick = [one for one in sink.heard if one.path == "/quick"]
    slow = [row for row in rows() if row.sent_at is None]
    assert (len(quick), len(slow)) == (40, 40)
    assert {row.last_error for row in slow} == {"TimeoutError"}
    assert sink.counts().total() - len(quick) <= STRIKES


@pytest.mark.usefixtures("brief")
def test_a_slow_one_at_one_agency_holds_up_no_other_agency(
    harbor: Agency,
    northside: Agency,
    ada: Principal,
    stranger: Principal,
    sink: HookSink,
) -> None:
    sink.moods["/slow"] = "slow"
    webhook(by=ada, url=sink.url("/slow"))
    webhook(by=stranger, url=sink.url("/quick"))
    post_cause(harbor, 8)
    with agency_context(northside.pk):
        post_cause(northside, 8)
    assert call_all() == 8


def test_one_that_is_gone_is_closed_and_those_who_can_replace_it_are_told(
    harbor: Agency, issued: Issued, sink: HookSink, bob_user: User, ada_user: User
) -> None:
    post_cause(harbor, 9)
    sink.mood = "410"
    call_all()
    call_all()
    row = Webhook.objects.get()
    assert row.disabled_at is not None
    assert row.disabled_because == "gone"
    told = Notice.objects.filter(template="webhook_disabled")
    assert {notice.recipient_id for notice in told} == {bob_user.pk, ada_user.pk}
    assert len(told) == 2
    assert told[0].params == {"webhook": str(issued.webhook.ref)}
    assert JournalEntry.objects.filter(action="webhook.disabled").count() == 1
    assert {(one.needs_attention, one.last_error) for one in rows()} == {(True, STRANDED)}
    assert len(sink.heard) <= STRIKES
    post_cause(harbor)
    assert len(rows()) == 9


def test_what_waits_for_a_disabled_one_is_kept_and_asks_for_a_person(
    harbor: Agency, issued: Issued, ada: Principal, sink: HookSink
) -> None:
    post_cause(harbor, 2)
    disable_webhook(issued.webhook, by=ada, at=datetime.now(UTC))
    assert (call_all(), sink.heard) == (0, [])
    assert {(one.needs_attention, one.sent_at) for one in rows()} == {(True, None)}
    assert alarms("webhook_disabled") == 2
    call_all()
    assert alarms("webhook_disabled") == 2


def test_one_that_is_disabled_between_claim_and_call_is_not_called(
    harbor: Agency, issued: Issued, ada: Principal, sink: HookSink
) -> None:
    post_cause(harbor)
    owner = uuid4()
    (held,) = outbox.claim_calls(harbor, owner, limit=9)
    disable_webhook(issued.webhook, by=ada, at=datetime.now(UTC))
    assert calls._call_of(harbor, held, datetime.now(UTC)) is None
    assert sink.heard == []


def test_an_event_that_nobody_knows_is_kept_and_asks_for_a_person(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    post_cause(harbor, 2)
    OutboxMessage.objects.filter(pk=rows()[0].pk).update(template="nonsense")
    assert (call_all(), len(sink.heard)) == (1, 1)
    bad = rows()[0]
    assert (bad.needs_attention, bad.last_error) == (True, "UndeliverableError")
    assert alarms() == 2
    assert issued.webhook.disabled_at is None


def test_a_name_that_leads_inwards_is_never_called(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    Webhook.objects.filter(pk=issued.webhook.pk).update(url="https://10.0.0.8/")
    post_cause(harbor)
    assert (call_all(), sink.heard) == (0, [])
    (row,) = rows()
    assert (row.needs_attention, row.attempts) == (True, 1)
    assert alarms() == 2


def test_a_sealed_secret_that_does_not_open_sends_nothing(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    Webhook.objects.update(secret=b"\x01" + b"0" * 60)
    post_cause(harbor)
    assert (call_all(), sink.heard) == (0, [])
    (row,) = rows()
    assert (row.needs_attention, row.last_error) == (True, "SealBrokenError")
    assert issued.webhook.disabled_at is None
