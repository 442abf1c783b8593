"""Events, facts, sweeps and sealers at the same moment: one clock, one telling, one chain."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Event, Notice, Reminder
from casework.models.journal import JournalEntry, JournalLink
from casework.models.outbox import OutboxMessage
from casework.services.events import retract_event
from casework.services.facts import known_facts, retract_fact
from casework.services.journal import seal, verify
from casework.services.relay import relay_agency
from casework.services.sweep import sweep_agency
from tests import builders
from tests.mail import MailServer
from tests.racing import race, winners, within

pytestmark = pytest.mark.usefixtures("committed_db")
AT_ONCE = 6
HOUR = timedelta(hours=1)


def test_events_at_the_same_moment_leave_one_clock_and_one_set_of_reminders(
    harbor: Agency, alice: Principal, at: datetime
) -> None:
    for _ in range(5):
        case = builders.open_case(by=alice, at=at)
        deed = partial(builders.record_event, case=case, by=alice, at=at, kind="uac_determined")
        assert len(winners(race([deed] * 4))) == 4
        with agency_context(harbor.pk):
            assert Event.objects.filter(case=case).count() == 4
            rows = Reminder.objects.filter(
                status="scheduled", deadline__case=case, deadline__rule="UAC-TRANSFER-72H"
            )
            rungs = rows.values_list("rung", flat=True)
            assert len(rungs) == len(set(rungs)) == 8


def test_an_event_is_retracted_once(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    event, _ = builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    deed = within(harbor.pk, lambda: retract_event(event, by=alice, at=at))
    assert len(winners(race([deed] * AT_ONCE))) == 1


def test_sweeps_at_the_same_moment_tell_nobody_twice(
    harbor: Agency, case: Case, alice: Principal, bob: Principal, mail_server: MailServer
) -> None:
    then = datetime.fromisoformat("2026-01-05T12:00:00+00:00")
    for _ in range(10):
        one = builders.open_case(by=alice, at=then)
        builders.record_event(case=one, by=alice, at=then, kind="uac_determined")
    with agency_context(harbor.pk):
        due = Reminder.objects.filter(status="scheduled").count()
    settled = race([lambda: sweep_agency(harbor)] * AT_ONCE)
    assert sum(int(str(number)) for number in settled) == due == 100
    race([lambda: relay_agency(harbor, limit=50)] * AT_ONCE)
    with agency_context(harbor.pk):
        told = Notice.objects.count()
        assert told == 150
        assert JournalEntry.objects.filter(action="reminder.fired").count() == due
        assert OutboxMessage.objects.filter(sent_at__isnull=False).count() == told
    assert len(mail_server.messages) == told
    assert (case.status, bob.label) == ("open", "Bob")


def test_sealers_at_the_same_moment_make_one_chain(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    for _ in range(10):
        builders.open_case(by=alice, at=at)
    race([within(harbor.pk, lambda: seal(harbor, at=at))] * AT_ONCE)
    with agency_context(harbor.pk):
        seal(harbor, at=at)
        assert verify(harbor).broken == ""
        assert JournalLink.objects.count() == JournalEntry.objects.count()
    assert case.status == "open"


def test_facts_at_the_same_moment_are_all_kept(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    deeds = [
        partial(builders.assert_fact, case=case, by=alice, at=at, code=code, value=True)
        for code in ("in_custody", "tied_visa", "present_in_us", "unaccompanied_child")
    ]
    for _ in range(5):
        assert len(winners(race(deeds))) == len(deeds)
    with agency_context(harbor.pk):
        assert set(known_facts(case)) == {
            "in_custody",
            "tied_visa",
            "present_in_us",
            "unaccompanied_child",
        }


def test_a_fact_is_retracted_once(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    fact = builders.assert_fact(case=case, by=alice, at=at, code="in_custody", value=True)
    deed = within(harbor.pk, partial(retract_fact, case, fact, by=alice, at=at))
    assert len(winners(race([deed] * AT_ONCE))) == 1
