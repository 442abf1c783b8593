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
from casework.services.relay import relay_agency, relay_all
from casework.services.sweep import sweep_agency
from casework.services.waiting import give_back
from tests import builders
from tests.mail import MailServer

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


def alarms() -> int:
    return Notice.objects.filter(template="message_undelivered").count()


def the_pause_is_over() -> None:
    OutboxMessage.objects.update(not_before=F("not_before") - timedelta(hours=1))


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


def test_a_letter_to_someone_who_left_asks_for_attention_and_is_kept(
    harbor: Agency, waiting: OutboxMessage, mail_server: MailServer
) -> None:
    User.objects.filter(name="Alice").update(is_active=False)
    relay_agency(harbor)
    waiting.refresh_from_db()
    assert (waiting.last_error, waiting.sent_at) == ("UndeliverableError", None)
    assert waiting.needs_attention
    assert mail_server.messages == []
    assert alarms() == 2


def test_an_unknown_template_is_kept_and_not_sent(
    harbor: Agency, waiting: OutboxMessage, mail_server: MailServer
) -> None:
    OutboxMessage.objects.update(template="nonsense")
    relay_agency(harbor)
    waiting.refresh_from_db()
    assert (waiting.last_error, waiting.needs_attention) == ("NotFoundError", True)
    assert mail_server.messages == []
    assert alarms() == 2


def test_when_it_can_be_sent_again_it_is(
    harbor: Agency, waiting: OutboxMessage, mail_server: MailServer
) -> None:
    User.objects.filter(name="Alice").update(is_active=False)
    relay_agency(harbor)
    User.objects.filter(name="Alice").update(is_active=True)
    the_pause_is_over()
    assert relay_agency(harbor) == len(mail_server.messages) == 1
    waiting.refresh_from_db()
    assert (waiting.last_error, waiting.needs_attention) == ("", False)


@pytest.mark.usefixtures("mail_server")
def test_what_nobody_foresaw_is_that_messages_own_trouble(
    harbor: Agency, northside: Agency, waiting: OutboxMessage
) -> None:
    at = datetime.now(UTC) - 2 * MINUTE
    for key, template, params in (
        ("no such words", "nonsense", {"referral": "x"}),
        ("no referral", "referral_received", {}),
    ):
        outbox.post_to_agency(harbor, northside, key=key, template=template, params=params, at=at)
    assert relay_agency(harbor) == 1
    waiting.refresh_from_db()
    assert waiting.sent_at is not None
    left = OutboxMessage.objects.filter(sent_at__isnull=True).order_by("key")
    assert [(row.key, row.last_error, row.needs_attention) for row in left] == [
        ("no referral", "KeyError", False),
        ("no such words", "UndeliverableError", True),
    ]


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


def copies(of: OutboxMessage, number: int) -> None:
    """More letters to the same reader."""
    for turn in range(number):
        of.pk, of.ref, of.key = None, uuid4(), f"{of.key}:{turn}"
        of.save()


def test_while_the_mail_server_is_away_one_letter_asks_for_all(
    harbor: Agency, waiting: OutboxMessage, settings: Settings, mail_server: MailServer
) -> None:
    copies(waiting, 5)
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = NO_PORT
    for turn in range(1, 6):
        assert relay_agency(harbor) == 0
        rows = OutboxMessage.objects.all()
        assert {row.attempts for row in rows} == {turn}
        assert relay_agency(harbor) == 0  # nothing is due while it rests
        the_pause_is_over()
    assert {row.needs_attention for row in OutboxMessage.objects.all()} == {True}
    assert 2 <= alarms() <= 4  # not one for each letter that waits
    settings.EMAIL_PORT = port
    assert relay_agency(harbor) == len(mail_server.messages) == 6


def test_one_letter_at_which_the_connection_breaks_holds_up_no_other(
    harbor: Agency, waiting: OutboxMessage, mail_server: MailServer
) -> None:
    copies(waiting, 4)
    mail_server.breaks_at = message_id(OutboxMessage.objects.order_by("pk")[0].key)
    assert relay_agency(harbor) == len(mail_server.messages) == 4
    left = OutboxMessage.objects.get(sent_at__isnull=True)
    assert (left.attempts, left.last_error) == (1, "SMTPServerDisconnected")


@pytest.mark.usefixtures("mail_server")
def test_words_to_another_agency_leave_though_the_mail_server_is_away(
    harbor: Agency, northside: Agency, waiting: OutboxMessage, settings: Settings
) -> None:
    copies(waiting, 3)
    settings.EMAIL_PORT = NO_PORT
    words = {"referral": str(uuid4())}
    outbox.post_to_agency(
        harbor,
        northside,
        key="a referral",
        template="referral_received",
        params=words,
        at=datetime.now(UTC) - MINUTE,
    )
    assert relay_agency(harbor) == 1


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
