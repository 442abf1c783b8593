"""Calls: what partners' systems are told leaves once, signed, and no webhook holds up another."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from standardwebhooks import Webhook as Receiver

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.domain.referral_flow import ReferralAction
from casework.gateways import webhooks as gateway
from casework.models import Agency, Case, Heartbeat, Notice, Referral, User, Webhook
from casework.models.journal import JournalEntry
from casework.models.outbox import OutboxMessage
from casework.services import calls, outbox
from casework.services.calls import call_all
from casework.services.loops import call_once, relay_once
from casework.services.received_referrals import answer_referral
from casework.services.waiting import STRANDED
from casework.services.webhooks import Issued, disable_webhook, rotate_secret
from tests import builders
from tests.hook_sink import HookSink
from tests.hooks import webhook

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


def post(agency: Agency, number: int = 1, *, event: str = EVENT, **params: str) -> list[str]:
    """So many causes; their keys."""
    keys = [f"cause:{uuid4()}" for _ in range(number)]
    at = datetime.now(UTC) - MINUTE
    for key in keys:
        outbox.post_to_webhooks(agency, event, {"case": str(uuid4()), **params}, key, at)
    return keys


def rows() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.order_by("pk"))


def left() -> int:
    return OutboxMessage.objects.filter(sent_at__isnull=True).count()


def the_pause_is_over() -> None:
    OutboxMessage.objects.update(not_before=F("not_before") - timedelta(hours=1))


def alarms(template: str = "message_undelivered") -> int:
    return Notice.objects.filter(template=template).count()


def test_a_call_leaves_once_and_can_be_verified(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    case = str(uuid4())
    post(harbor, case=case)
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
    post(harbor)
    post(harbor, event="deadline.met")
    assert call_all() == 3
    assert sorted(one.path for one in sink.heard) == ["/both", "/both", "/met"]


def test_each_agency_hears_of_its_own(
    harbor: Agency, northside: Agency, issued: Issued, stranger: Principal, sink: HookSink
) -> None:
    webhook(by=stranger, url=sink.url("/stranger"))
    post(harbor)
    with agency_context(northside.pk):
        post(northside, 2)
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
    post(harbor)
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
    post(harbor, event="deadline.ahead", due_at=due.isoformat())
    call_all()
    assert json.loads(sink.heard[0].body)["type"] == told
    assert issued.webhook.disabled_at is None


def test_for_a_day_both_secrets_sign(
    harbor: Agency, issued: Issued, ada: Principal, sink: HookSink
) -> None:
    new = rotate_secret(issued.webhook, by=ada, at=datetime.now(UTC))
    post(harbor)
    call_all()
    (heard,) = sink.heard
    for secret in (issued.secret, new.secret):
        Receiver(secret).verify(heard.body, dict(heard.headers.items()))
    assert len(heard.headers["webhook-signature"].split()) == 2


def test_after_the_day_the_new_one_signs_alone(
    harbor: Agency, issued: Issued, ada: Principal, sink: HookSink
) -> None:
    new = rotate_secret(issued.webhook, by=ada, at=datetime.now(UTC) - timedelta(hours=25))
    post(harbor)
    call_all()
    (heard,) = sink.heard
    Receiver(new.secret).verify(heard.body, dict(heard.headers.items()))
    assert len(heard.headers["webhook-signature"].split()) == 1


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
    post(harbor)
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
    post(harbor)
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
    post(harbor, 30)
    sink.mood = "500"
    for turn in range(1, 6):
        call_all()
        assert {row.attempts for row in rows()} == {turn}
        assert call_all() == 0  # nothing is due while it rests
        the_pause_is_over()
    assert len(sink.heard) <= 5 * calls.AT_A_TIME_EACH
    assert {row.needs_attention for row in rows()} == {True}
    assert 0 < alarms() <= 2 * (calls.AT_A_TIME_EACH + 1)
    sink.mood = "200"
    assert call_all() == 30
    assert issued.webhook.disabled_at is None


def test_it_is_left_alone_for_as_long_as_it_asks(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    post(harbor, 5)
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
    keys = post(harbor, 20)
    sink.refused = {gateway.call_id(f"{key}:webhook:{issued.webhook.ref}") for key in keys[:6]}
    for _ in range(3):
        call_all()
        the_pause_is_over()
    assert left() == 6
    post(harbor)
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
    post(harbor, 40)
    began = time.monotonic()
    assert call_all() == 40
    assert time.monotonic() - began < 4 * brief
    quick = [one for one in sink.heard if one.path == "/quick"]
    slow = [row for row in rows() if row.sent_at is None]
    assert (len(quick), len(slow)) == (40, 40)
    assert {row.last_error for row in slow} == {"TimeoutError"}
    assert max(one.at for one in quick) - min(one.at for one in quick) < 4 * brief


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
    post(harbor, 8)
    with agency_context(northside.pk):
        post(northside, 8)
    assert call_all() == 8


def test_a_long_queue_is_told_in_one_round(
    harbor: Agency, issued: Issued, sink: HookSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "CLAIMED_EACH", 10)
    post(harbor, 35)
    assert (call_all(), left()) == (35, 0)
    assert set(sink.counts().values()) == {1}
    assert issued.webhook.disabled_at is None


def test_when_the_round_is_over_the_rest_waits_for_the_next(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    post(harbor, 3)
    assert (call_all(seconds=0), len(sink.heard)) == (0, 0)
    assert {(row.attempts, row.lease_owner) for row in rows()} == {(0, None)}
    assert call_all() == 3
    assert issued.webhook.disabled_at is None


def test_one_that_is_gone_is_closed_and_those_who_can_replace_it_are_told(
    harbor: Agency, issued: Issued, sink: HookSink, bob_user: User, ada_user: User
) -> None:
    post(harbor, 9)
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
    assert len(sink.heard) <= calls.AT_A_TIME_EACH
    post(harbor)
    assert len(rows()) == 9


def test_what_waits_for_a_disabled_one_is_kept_and_asks_for_a_person(
    harbor: Agency, issued: Issued, ada: Principal, sink: HookSink
) -> None:
    post(harbor, 2)
    disable_webhook(issued.webhook, by=ada, at=datetime.now(UTC))
    assert (call_all(), sink.heard) == (0, [])
    assert {(one.needs_attention, one.sent_at) for one in rows()} == {(True, None)}
    assert alarms("webhook_disabled") == 2
    call_all()
    assert alarms("webhook_disabled") == 2


def test_one_that_is_disabled_between_claim_and_call_is_not_called(
    harbor: Agency, issued: Issued, ada: Principal, sink: HookSink
) -> None:
    post(harbor)
    owner = uuid4()
    (held,) = outbox.claim_calls(harbor, owner, limit=9)
    disable_webhook(issued.webhook, by=ada, at=datetime.now(UTC))
    assert calls._call_of(harbor, held, datetime.now(UTC)) is None
    assert sink.heard == []


def test_an_event_that_nobody_knows_is_kept_and_asks_for_a_person(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    post(harbor, 2)
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
    post(harbor)
    assert (call_all(), sink.heard) == (0, [])
    (row,) = rows()
    assert (row.needs_attention, row.attempts) == (True, 1)
    assert alarms() == 2


def test_a_sealed_secret_that_does_not_open_sends_nothing(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    Webhook.objects.update(secret=b"\x01" + b"0" * 60)
    post(harbor)
    assert (call_all(), sink.heard) == (0, [])
    (row,) = rows()
    assert (row.needs_attention, row.last_error) == (True, "SealBrokenError")
    assert issued.webhook.disabled_at is None


def test_letters_do_not_wait_for_calls_nor_calls_for_letters(
    harbor: Agency, issued: Issued
) -> None:
    post(harbor)
    owner = uuid4()
    assert outbox.claim(harbor, owner, limit=9) == []
    (held,) = outbox.claim_calls(harbor, owner, limit=9)
    assert held.webhook_id == issued.webhook.pk


def test_what_another_relay_holds_is_left_to_it(
    harbor: Agency, issued: Issued, sink: HookSink
) -> None:
    post(harbor)
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
