"""Calls: what partners' systems are told leaves once, signed, and no webhook holds up another."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from standardwebhooks import Webhook as Receiver

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.domain.referral_flow import ReferralAction
from casework.gateways import webhooks as gateway
from casework.models import Agency, Case, Heartbeat, Referral, User
from casework.models.outbox import OutboxMessage
from casework.services import calls, outbox
from casework.services.calls import call_all
from casework.services.loops import call_once, relay_once
from casework.services.received_referrals import answer_referral
from casework.services.webhooks import Issued, rotate_secret
from tests import builders
from tests.hook_sink import HookSink
from tests.hooks import post_cause, webhook
from tests.waiting import left, rows

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


def test_a_call_leaves_once_and_can_be_verified(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    case = str(uuid4())
    post_cause(harbor, case=case)
    assert (call_all(), call_all(), left()) == (1, 0, 0)
    (heard,) = sink.heard
    told = Receiver(issued.secret).verify(heard.body, dict(heard.headers.items()))
    assert (told["type"], told["data"]) == (EVENT, {"case": case})
    assert heard.headers["Content-Type"] == "application/json"


def test_only_what_a_webhook_wants_to_hear_is_sent_to_it(
    harbor: Agency, ada: Principal, sink: HookSink
) -> None:
    webhook(by=ada, url=sink.url("/met"), events=["deadline.met"])
    webhook(by=ada, url=sink.url("/both"), events=["deadline.met", "deadline.started"])
    post_cause(harbor)
    post_cause(harbor, event="deadline.met")
    assert call_all() == 3
    assert sorted(one.path for one in sink.heard) == ["/both", "/both", "/met"]


def test_each_agency_hears_of_its_own(
    harbor: Agency, northside: Agency, issued: Issued, stranger: Principal, sink: HookSink
) -> None:
    webhook(by=stranger, url=sink.url("/stranger"))
    post_cause(harbor)
    with agency_context(northside.pk):
        post_cause(northside, 2)
    assert call_all() == 3
    assert sorted(one.path for one in sink.heard) == ["/hooks", "/stranger", "/stranger"]
    assert issued.webhook.agency == harbor


def test_the_same_cause_again_adds_nothing(harbor: Agency, issued: Issued) -> None:
    for _ in range(2):
        outbox.post_to_webhooks(harbor, EVENT, {}, "a cause", datetime.now(UTC))
    (row,) = rows()
    assert row.key == f"a cause:webhook:{issued.webhook.ref}"


def test_many_causes_are_queued_by_one_statement(
    harbor: Agency, issued: Issued, ada: Principal, sink: HookSink
) -> None:
    webhook(by=ada, url=sink.url("/other"), events=["deadline.met"])
    called = outbox.calls_from(
        """SELECT id AS agency_id, 'cause:' || n AS key, 'deadline.ahead' AS event,
                  jsonb_build_object('due_at', now() + interval '1 hour') AS params
           FROM casework_agency, generate_series(1, 3) AS n WHERE id = %(agency)s"""
    )
    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {called} SELECT 1", {"agency": harbor.pk})
    assert {row.webhook_id for row in rows()} == {issued.webhook.pk}
    assert len(rows()) == call_all() == 3
    assert set(json.loads(sink.heard[0].body)["data"]) == {"due_at"}


def test_a_repeat_carries_the_same_id(harbor: Agency, issued: Issued, sink: HookSink) -> None:
    post_cause(harbor)
    call_all()
    OutboxMessage.objects.update(sent_at=None)
    call_all()
    assert sink.counts() == {gateway.call_id(rows()[0].key): 2}
    assert issued.secret not in str(sink.heard[0].headers)


@pytest.mark.parametrize(("minutes", "told"), [(5, "deadline.ahead"), (-1, "deadline.overdue")])
def test_a_warning_that_leaves_late_says_so(
    harbor: Agency, issued: Issued, sink: HookSink, minutes: int, told: str
) -> None:
    due = datetime.now(UTC) + minutes * MINUTE
    post_cause(harbor, event="deadline.ahead", due_at=due.isoformat())
    call_all()
    assert json.loads(sink.heard[0].body)["type"] == told
    assert issued.webhook.disabled_at is None


def test_for_a_day_both_secrets_sign(
    harbor: Agency, issued: Issued, ada: Principal, sink: HookSink
) -> None:
    new = rotate_secret(issued.webhook, by=ada, at=datetime.now(UTC))
    post_cause(harbor)
    call_all()
    (heard,) = sink.heard
    for secret in (issued.secret, new.secret):
        Receiver(secret).verify(heard.body, dict(heard.headers.items()))
    assert len(heard.headers["webhook-signature"].split()) == 2


def test_after_the_day_the_new_one_signs_alone(
    harbor: Agency, issued: Issued, ada: Principal, sink: HookSink
) -> None:
    new = rotate_secret(issued.webhook, by=ada, at=datetime.now(UTC) - timedelta(hours=25))
    post_cause(harbor)
    call_all()
    (heard,) = sink.heard
    Receiver(new.secret).verify(heard.body, dict(heard.headers.items()))
    assert len(heard.headers["webhook-signature"].split()) == 1


def test_a_long_queue_is_told_in_one_round(
    harbor: Agency, issued: Issued, sink: HookSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "CLAIMED_EACH", 10)
    post_cause(harbor, 35)
    assert (call_all(), left()) == (35, 0)
    assert set(sink.counts().values()) == {1}
    assert issued.webhook.disabled_at is None


def test_when_the_round_is_over_the_rest_waits_for_the_next(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    post_cause(harbor, 3)
    assert (call_all(seconds=0), len(sink.heard)) == (0, 0)
    assert {(row.attempts, row.lease_owner) for row in rows()} == {(0, None)}
    assert call_all() == 3
    assert issued.webhook.disabled_at is None


def test_letters_do_not_wait_for_calls_nor_calls_for_letters(
    harbor: Agency, issued: Issued
) -> None:
    post_cause(harbor)
    owner = uuid4()
    assert outbox.claim(harbor, owner, limit=9) == []
    (held,) = outbox.claim_calls(harbor, owner, limit=9)
    assert held.webhook_id == issued.webhook.pk


def test_what_another_relay_holds_is_left_to_it(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    post_cause(harbor)
    assert len(outbox.claim_calls(harbor, uuid4(), limit=9)) == 1
    assert (call_all(), sink.heard) == (0, [])
    assert issued.webhook.disabled_at is None


def told(sink: HookSink) -> list[tuple[str, str, dict[str, str]]]:
    contents = [(one.path, json.loads(one.body)) for one in sink.heard]
    return [(path, content["type"], content["data"]) for path, content in contents]


@pytest.fixture
def sent(
    case: Case, alice: Principal, bob: Principal, stranger: Principal, sink: HookSink
) -> Referral:
    """A referral to Northside Legal, which has a webhook of its own."""
    at = datetime.now(UTC) - MINUTE
    webhook(by=stranger, url=sink.url("/stranger"))
    to = Agency.objects.get(pk=stranger.agency_id)
    return builders.sent_referral(case=case, recipient=to, by=alice, reviewer=bob, at=at)


@pytest.mark.usefixtures("issued")
def test_a_referral_is_told_to_the_webhooks_of_whoever_is_told_of_it(
    sent: Referral, charlie: Principal, sink: HookSink
) -> None:
    refs = {"referral": str(sent.ref)}
    relay_once()
    assert call_once() == 1
    with agency_context(charlie.agency_id):
        answer_referral(sent, ReferralAction.ACCEPT, by=charlie, at=datetime.now(UTC) - MINUTE)
    relay_once()
    assert call_once() == 1
    assert told(sink) == [
        ("/stranger", "referral.received", refs),
        ("/hooks", "referral.answered", refs),
    ]
    assert Heartbeat.objects.filter(name="call").exists()
