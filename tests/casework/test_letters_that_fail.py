"""Letters that cannot be sent: kept, told to people, and none holds up another."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.gateways.email import message_id
from casework.models import Agency, Case, User
from casework.models.outbox import OutboxMessage
from casework.services import outbox
from casework.services.relay import relay_agency
from casework.services.sweep import sweep_agency
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
