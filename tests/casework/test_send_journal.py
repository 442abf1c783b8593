"""The send journal: one line a message that left, and what a replay makes of the lines."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case
from casework.models.outbox import OutboxMessage
from casework.services.loops import relay_once
from casework.services.send_journal import note_sent, replay
from casework.services.sweep import sweep_agency
from tests import builders
from tests.mail import MailServer


@pytest.fixture
def journal(settings: Settings, tmp_path: Path) -> Path:
    settings.SEND_JOURNAL_FILE = str(tmp_path / "sends")
    return tmp_path / "sends"


@pytest.fixture
def sent(
    harbor: Agency,
    case: Case,
    alice: Principal,
    journal: Path,  # noqa: ARG001
    mail_server: MailServer,  # noqa: ARG001
) -> OutboxMessage:
    """One letter that left and was noted."""
    then = datetime.now(UTC) - timedelta(minutes=1)
    builders.record_event(case=case, by=alice, at=then, kind="uac_determined")
    sweep_agency(harbor)
    assert relay_once() > 0
    with agency_context(harbor.pk):
        return OutboxMessage.objects.order_by("pk")[0]


def replayed(journal: Path) -> str:
    out = StringIO()
    call_command("replay_sends", str(journal), stdout=out)
    return out.getvalue().strip()


def test_what_left_is_noted_by_key_and_by_no_address(sent: OutboxMessage, journal: Path) -> None:
    lines = [json.loads(line) for line in journal.read_text(encoding="ascii").split("\n")[1:]]
    assert sent.key in {line["key"] for line in lines}
    assert all(set(line) == {"agency", "key", "channel", "template", "at"} for line in lines)
    assert "@" not in journal.read_text(encoding="ascii")


def test_a_message_that_the_database_forgot_to_have_sent_is_not_sent_again(
    harbor: Agency, sent: OutboxMessage, journal: Path, mail_server: MailServer
) -> None:
    came = len(mail_server.messages)
    with agency_context(harbor.pk):
        OutboxMessage.objects.filter(pk=sent.pk).update(sent_at=None)
    assert replayed(journal) == f"marked 1 as sent, {came - 1} were, 0 lines not understood"
    relay_once()
    assert len(mail_server.messages) == came


def test_a_message_that_the_database_never_held_is_put_there_as_sent(
    harbor: Agency, journal: Path
) -> None:
    note_sent(harbor, key="reminder:x:email:1", channel="email", template="deadline_ahead")
    assert replayed(journal).startswith("marked 1 ")
    assert replayed(journal).startswith("marked 0 as sent, 1 were")
    with agency_context(harbor.pk):
        row = OutboxMessage.objects.get(key="reminder:x:email:1")
        assert row.sent_at is not None


def test_a_line_that_was_cut_short_spoils_no_other(harbor: Agency, journal: Path) -> None:
    note_sent(harbor, key="a", channel="email", template="deadline_ahead")
    with journal.open("a", encoding="ascii") as file:
        file.write('\n{"agency":"' + str(harbor.ref) + '","key":"cu')
    note_sent(harbor, key="b", channel="email", template="deadline_ahead")
    done = replay(journal.read_text(encoding="ascii").split("\n"))
    assert (done.marked, done.known, done.unread) == (2, 0, 1)


@pytest.mark.usefixtures("harbor")
def test_a_line_of_an_agency_that_is_not_here_is_counted_as_not_understood() -> None:
    line = {"agency": "x", "key": "a", "channel": "email", "template": "t", "at": "2026-01-01"}
    assert replay([json.dumps(line), json.dumps({"key": "a"})]).unread == 2


def test_a_journal_that_cannot_be_written_stops_nothing(
    harbor: Agency, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SEND_JOURNAL_FILE = str(tmp_path / "no" / "folder")
    note_sent(harbor, key="a", channel="email", template="deadline_ahead")
    assert "send_journal.not_written" in caplog.text


@pytest.mark.usefixtures("db")
def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        replayed(tmp_path / "none")
