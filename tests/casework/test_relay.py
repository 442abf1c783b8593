"""The relay: what waits leaves once, repeats share a name, one bad letter holds up no other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from uuid import uuid4

import pytest
from django.db.models import F
from pytest_django import Settings

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.gateways.email import message_id
from casework.models import Agency, Case, Heartbeat, Notice, Referral, User
from casework.models.journal import JournalEntry
from casework.models.outbox import OutboxMessage
from casework.services import outbox
from casework.services.loops import relay_once
from casework.services.pace import Pace
from casework.services.relay import relay_agency, relay_all
from casework.services.sweep import sweep_agency
from casework.services.waiting import give_back
from tests import builders
from tests.mail import MailServer
from tests.waiting import alarms, the_pause_is_over

MINUTE = timedelta(minutes=1)
NO_PORT = 9


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency, bob_user: User, ada_user: User) -> Iterator[None]:  # noqa: ARG001
    with agency_context(harbor.pk):
        yield


@pytest.fixture
def waiting(harbor: Agency, case: Case, alice: Principal) -> OutboxMessage:
    """One letter to Alice about a clock of her case."""
    then = datetime.now(UTC) - MINUTE
    builders.record_event(case=case, by=alice, at=then, kind="uac_determined")
    sweep_agency(harbor)
    return OutboxMessage.objects.get()


def test_a_letter_leaves_once(
    harbor: Agency, waiting: OutboxMessage, mail_server: MailServer
) -> None:
    assert relay_agency(harbor) == 1
    assert relay_agency(harbor) == 0
    waiting.refresh_from_db()
    assert waiting.sent_at is not None
    assert len(mail_server.messages) == 1


@pytest.mark.usefixtures("waiting")
def test_a_letter_names_neither_person_nor_agency_nor_case(
    harbor: Agency, case: Case, mail_server: MailServer
) -> None:
    relay_agency(harbor)
    text = mail_server.messages[0].decode()
    for secret in ("Rosa", "Fuentes", harbor.name, case.number, str(case.ref), str(harbor.ref)):
        assert secret not in text
    letter = message_from_bytes(mail_server.messages[0])
    assert (letter["Subject"], letter["To"]) == ("Reminder", "alice@example.org")
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_repeat_carries_the_same_message_id(
    harbor: Agency, waiting: OutboxMessage, mail_server: MailServer
) -> None:
    relay_agency(harbor)
    OutboxMessage.objects.update(sent_at=None)
    relay_agency(harbor)
    ids = {message_from_bytes(message)["Message-ID"] for message in mail_server.messages}
    assert (len(mail_server.messages), ids) == (2, {message_id(waiting.key)})


def test_what_could_not_be_sent_is_tried_again(
    harbor: Agency, waiting: OutboxMessage, settings: Settings, mail_server: MailServer
) -> None:
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = NO_PORT
    assert relay_agency(harbor) == 0
    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.last_error) == (1, "ConnectionRefusedError")
    settings.EMAIL_PORT = port
    assert relay_agency(harbor) == 0  # the pause is not over
    the_pause_is_over()
    assert relay_agency(harbor) == 1
    assert len(mail_server.messages) == 1


def test_at_the_fifth_failure_supervisor_and_administrator_are_told_once(
    harbor: Agency, waiting: OutboxMessage, mail_server: MailServer, bob_user: User
) -> None:
    mail_server.refused.add("alice@example.org")
    for failures in range(1, 7):
        assert alarms() == (2 if failures > outbox.ATTEMPTS_BEFORE_ALARM else 0)
        relay_agency(harbor)
        the_pause_is_over()
    assert alarms() == 2
    assert Notice.objects.filter(recipient=bob_user, template="message_undelivered").count() == 1
    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.needs_attention, waiting.sent_at) == (6, True, None)


def test_a_letter_that_is_refused_holds_up_no_other(
    harbor: Agency, case: Case, alice: Principal, mail_server: MailServer
) -> None:
    then = datetime.now(UTC) - timedelta(hours=72)
    builders.record_event(case=case, by=alice, at=then, kind="uac_determined")
    sweep_agency(harbor)
    mail_server.refused.add("alice@example.org")
    relay_agency(harbor)
    sent = OutboxMessage.objects.filter(sent_at__isnull=False)
    assert {row.recipient.name for row in sent if row.recipient} == {"Bob"}
    assert len(mail_server.messages) == sent.count() > 1


@pytest.mark.parametrize(("minutes", "subject"), [(5, "Reminder"), (-1, "Reminder: overdue")])
def test_a_warning_that_leaves_late_says_so(
    harbor: Agency,
    waiting: OutboxMessage,
    mail_server: MailServer,
    minutes: int,
    subject: str,
) -> None:
    due = datetime.now(UTC) + minutes * MINUTE
    OutboxMessage.objects.update(template="deadline_ahead", params={"due_at": due.isoformat()})
    relay_agency(harbor)
    letter = message_from_bytes(mail_server.messages[0])
    assert letter["Subject"] == subject
    assert letter["Message-ID"] == message_id(waiting.key)


def test_a_try_is_counted_when_it_is_made(harbor: Agency, waiting: OutboxMessage) -> None:
    owner = uuid4()
    (held,) = outbox.claim(harbor, owner, limit=10)
    give_back(harbor, [held], owner)
    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.lease_owner) == (0, None)
    (held,) = outbox.claim(harbor, owner, limit=10)
    assert outbox.fence(harbor, held, owner) is not None
    waiting.refresh_from_db()
    assert waiting.attempts == 1


def test_what_another_relay_holds_is_left_to_it(
    harbor: Agency, waiting: OutboxMessage, mail_server: MailServer
) -> None:
    first = uuid4()
    assert len(outbox.claim(harbor, first, limit=10)) == 1
    assert relay_agency(harbor) == 0
    waiting.refresh_from_db()
    assert waiting.lease_owner == first
    assert mail_server.messages == []


def test_a_lease_that_ran_out_passes_on_and_its_first_holder_may_not_send(
    harbor: Agency, waiting: OutboxMessage
) -> None:
    first, second = uuid4(), uuid4()
    (held,) = outbox.claim(harbor, first, limit=10)
    OutboxMessage.objects.update(lease_until=F("lease_until") - timedelta(hours=1))
    assert len(outbox.claim(harbor, second, limit=10)) == 1
    assert not outbox.fence(harbor, held, first)
    assert not outbox.mark_sent(harbor, held, first)
    assert outbox.fence(harbor, held, second)
    waiting.refresh_from_db()
    assert waiting.sent_at is None


def test_a_sent_referral_tells_the_other_agencys_people(
    case: Case,
    alice: Principal,
    bob: Principal,
    northside: Agency,
    charlie_user: User,
    nora_user: User,
) -> None:
    at = datetime.now(UTC) - MINUTE
    sent = builders.sent_referral(case=case, recipient=northside, by=alice, reviewer=bob, at=at)
    assert relay_once() == 1
    assert relay_once() == 0
    with agency_context(northside.pk):
        notices = Notice.objects.all()
        assert {row.recipient_id for row in notices} == {charlie_user.pk, nora_user.pk}
        assert {row.template for row in notices} == {"referral_received"}
        assert notices[0].params == {"referral": str(sent.ref)}
        assert JournalEntry.objects.filter(action="referral.received").count() == 1
        assert Referral.objects.count() == 1
    assert Heartbeat.objects.filter(name="relay").exists()


def test_letters_leave_batch_by_batch(
    case: Case, alice: Principal, mail_server: MailServer
) -> None:
    then = datetime.now(UTC) - timedelta(hours=72) - MINUTE
    builders.record_event(case=case, by=alice, at=then, kind="uac_determined")
    sweep_agency(case.agency)
    waiting = OutboxMessage.objects.count()
    assert waiting > 6
    assert relay_all(limit=3) == waiting == len(mail_server.messages)


def test_no_more_is_claimed_than_was_asked_for(
    harbor: Agency, case: Case, alice: Principal, mail_server: MailServer
) -> None:
    then = datetime.now(UTC) - timedelta(hours=72) - MINUTE
    for _ in range(5):
        one = builders.open_case(by=alice, at=then)
        builders.record_event(case=one, by=alice, at=then, kind="uac_determined")
    sweep_agency(harbor)
    assert OutboxMessage.objects.count() > 20
    assert relay_agency(harbor, limit=7) == 7 == len(mail_server.messages)
    assert case.status == "open"


def test_a_round_whose_time_is_over_leaves_the_rest_to_the_next(
    waiting: OutboxMessage, mail_server: MailServer
) -> None:
    assert relay_all(pace=Pace(seconds=0)) == 0
    assert relay_all() == 1
    waiting.refresh_from_db()
    assert waiting.sent_at is not None
    assert len(mail_server.messages) == 1
