"""The loops as they are started: once, round and round, and by the queue."""

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from casework import tasks
from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Case, Heartbeat, Notice
from casework.models.journal import JournalLink
from tests import builders
from tests.faults.household import wait_until
from tests.mail import MailServer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def due(case: Case, alice: Principal) -> Case:
    then = datetime.now(UTC) - timedelta(minutes=1)
    builders.record_event(case=case, by=alice, at=then, kind="uac_determined")
    return case


def test_one_round_fires_sends_and_chains(due: Case, mail_server: MailServer) -> None:
    out = StringIO()
    call_command("sweep", stdout=out)
    assert out.getvalue().startswith("fired 1, sent 1, sealed ")
    assert len(mail_server.messages) == 1
    assert due.status == "open"


def test_the_queues_pokes_do_the_same(due: Case, mail_server: MailServer) -> None:
    tasks.sweep()
    tasks.relay()
    tasks.seal()
    assert len(mail_server.messages) == 1
    with agency_context(due.agency_id):
        assert Notice.objects.count() == 1
        assert JournalLink.objects.exists()
        link = JournalLink.objects.order_by("position").first()
        assert str(link) == f"{due.agency_id}#1"
    assert {str(beat).split()[0] for beat in Heartbeat.objects.all()} == {"sweep", "relay"}


@pytest.mark.usefixtures("committed_db")
def test_the_loop_goes_on_until_it_is_told_to_stop(
    due: Case, process_environment: dict[str, str], tmp_path: Path
) -> None:
    argv = [sys.executable, "manage.py", "sweep", "--loop", "--every", "0.1"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(argv, cwd=ROOT, env=process_environment, stdout=log, stderr=log)
    try:
        assert wait_until(_told(due), seconds=20)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.wait()
    # After an outage what is due goes first; the nightly check would be in its way.
    assert not Heartbeat.objects.filter(name__startswith="check").exists()


def _told(case: Case) -> Callable[[], bool]:
    def look() -> bool:
        with agency_context(case.agency_id):
            return Notice.objects.exists()

    return look
