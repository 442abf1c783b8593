"""The sweep: every rung fires once, to those who answer for it, and says nothing of the person."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F

from casework.access import agency_context
from casework.domain.permissions import Principal, Role
from casework.models import Agency, Case, Deadline, Heartbeat, Membership, Notice, Reminder, User
from casework.models.journal import JournalEntry
from casework.models.outbox import OutboxMessage
from casework.services.database_clock import database_now
from casework.services.loops import sweep_once
from casework.services.sweep import sweep_agency, sweep_all
from tests import builders

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
RULE = "UAC-TRANSFER-72H"


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency, bob_user: User, ada_user: User) -> Iterator[None]:  # noqa: ARG001
    with agency_context(harbor.pk):
        yield


def now() -> datetime:
    """The moment of this transaction: the database's clock, which the sweep goes by."""
    with connection.cursor() as cursor:
        return database_now(cursor)


def determined(case: Case, by: Principal, ago: timedelta) -> Deadline:
    """A child determined to be unaccompanied so long ago, recorded there and then."""
    then = now() - ago
    builders.record_event(case=case, by=by, at=then, kind="uac_determined")
    only_this_clock_speaks()
    return Deadline.objects.get(case=case, rule=RULE)


def only_this_clock_speaks() -> None:
    others = Reminder.objects.exclude(deadline__rule=RULE)
    others.update(status="superseded", settled_at=now())


def an_hour_passes() -> None:
    """The same as waiting, seen from the rows: the database's own clock cannot be set."""
    Deadline.objects.update(due_at=F("due_at") - HOUR, started_at=F("started_at") - HOUR)
    Reminder.objects.filter(status="scheduled").update(fire_at=F("fire_at") - HOUR)


def told(user: User) -> list[tuple[str, str]]:
    """Rung and wording of each notice the user has, oldest first."""
    rows = Notice.objects.filter(recipient=user).order_by("pk")
    return [(str(row.params["rung"]), row.template) for row in rows]


def test_ahead_of_time_the_caseworker_hears(
    harbor: Agency, case: Case, alice: Principal, alice_user: User, bob_user: User
) -> None:
    determined(case, alice, 48 * HOUR + MINUTE)
    sweep_agency(harbor)
    assert sorted(told(alice_user)) == [
        ("left_24h", "deadline_ahead"),
        ("left_48h", "deadline_ahead"),
        ("started", "deadline_ahead"),
    ]
    assert told(bob_user) == []


def test_nothing_fires_before_its_moment(
    harbor: Agency, case: Case, alice: Principal, alice_user: User
) -> None:
    determined(case, alice, 24 * HOUR - MINUTE)
    sweep_agency(harbor)
    assert told(alice_user) == [("started", "deadline_ahead")]


def test_at_the_due_instant_the_supervisor_hears_too(
    harbor: Agency, case: Case, alice: Principal, alice_user: User, bob_user: User
) -> None:
    determined(case, alice, 72 * HOUR)
    sweep_agency(harbor)
    assert ("due", "deadline_overdue") in told(alice_user)
    assert ("due", "deadline_overdue") in told(bob_user)


def test_afterwards_supervisor_and_administrator_hear_every_hour(
    harbor: Agency, case: Case, alice: Principal, bob_user: User, ada_user: User
) -> None:
    determined(case, alice, 73 * HOUR + MINUTE)
    for _ in range(3):
        sweep_agency(harbor)
        an_hour_passes()
    hourly = [(f"overdue_{turn}", "deadline_overdue") for turn in (1, 2, 3)]
    assert told(ada_user) == hourly
    assert [one for one in told(bob_user) if one[0].startswith("overdue")] == hourly


def test_after_an_outage_the_hours_that_were_missed_are_told_once(
    harbor: Agency, case: Case, alice: Principal, ada_user: User
) -> None:
    row = determined(case, alice, 90 * HOUR + MINUTE)
    sweep_agency(harbor)
    sweep_agency(harbor)
    assert told(ada_user) == [("overdue_1", "deadline_overdue")]
    ahead = Reminder.objects.get(deadline=row, status="scheduled")
    assert (ahead.rung, ahead.repeat_minutes) == ("overdue_19", 60)


def test_met_ends_the_hours(harbor: Agency, case: Case, alice: Principal, ada_user: User) -> None:
    determined(case, alice, 74 * HOUR)
    sweep_agency(harbor)
    builders.record_event(case=case, by=alice, at=now() - MINUTE, kind="custody_transferred")
    before = told(ada_user)
    an_hour_passes()
    sweep_agency(harbor)
    assert told(ada_user) == before


@pytest.mark.parametrize("meanwhile", [{"status": "met"}, {"version": 2}])
def test_a_clock_that_was_met_or_moved_meanwhile_stays_silent(
    harbor: Agency,
    case: Case,
    alice: Principal,
    alice_user: User,
    meanwhile: dict[str, str | int],
) -> None:
    row = determined(case, alice, 24 * HOUR + MINUTE)
    Deadline.objects.filter(pk=row.pk).update(met_at=now(), **meanwhile)
    sweep_agency(harbor)
    assert told(alice_user) == []
    assert not Reminder.objects.filter(status="fired").exists()
    due = Reminder.objects.filter(deadline=row, rung__in=["started", "left_48h"])
    assert {reminder.status for reminder in due} == {"superseded"}


def test_a_late_record_is_worded_as_overdue_and_told_once(
    harbor: Agency, case: Case, alice: Principal, alice_user: User
) -> None:
    builders.record_event(
        case=case, by=alice, at=now() - MINUTE, kind="uac_determined", happened=now() - 80 * HOUR
    )
    only_this_clock_speaks()
    sweep_agency(harbor)
    assert told(alice_user) == [("overdue_1", "deadline_overdue")]


def test_a_case_that_nobody_holds_is_the_supervisors(
    harbor: Agency, case: Case, alice: Principal, alice_user: User, bob_user: User
) -> None:
    Case.objects.update(assignee=None)
    determined(case, alice, MINUTE)
    sweep_agency(harbor)
    assert (told(alice_user), told(bob_user)) == ([], [("started", "deadline_ahead")])


def test_where_the_holder_has_left_the_supervisor_hears(
    harbor: Agency, case: Case, alice: Principal, alice_user: User, bob_user: User
) -> None:
    determined(case, alice, MINUTE)
    Membership.objects.filter(user=alice_user).update(ended_at=now())
    sweep_agency(harbor)
    assert (told(alice_user), told(bob_user)) == ([], [("started", "deadline_ahead")])


def test_where_nobody_of_the_audience_is_left_everyone_hears(
    harbor: Agency, case: Case, alice: Principal, ada_user: User, olga_user: User
) -> None:
    determined(case, alice, MINUTE)
    Membership.objects.exclude(role__in=[Role.ADMINISTRATOR, Role.AUDITOR]).update(ended_at=now())
    sweep_agency(harbor)
    assert told(ada_user) == told(olga_user) == [("started", "deadline_ahead")]


def test_where_nobody_is_left_at_all_it_stays_scheduled(
    harbor: Agency, case: Case, alice: Principal
) -> None:
    row = determined(case, alice, MINUTE)
    Membership.objects.update(ended_at=now())
    assert sweep_agency(harbor) == 0
    assert Reminder.objects.get(deadline=row, rung="started").status == "scheduled"


def test_one_letter_goes_with_each_notice_and_names_nobody(
    harbor: Agency, case: Case, alice: Principal, alice_user: User
) -> None:
    row = determined(case, alice, MINUTE)
    sweep_agency(harbor)
    letter = OutboxMessage.objects.get(recipient=alice_user)
    assert (letter.channel, letter.template) == ("email", "deadline_ahead")
    assert row.due_at is not None
    assert set(letter.params) == {"due_at"}
    assert datetime.fromisoformat(letter.params["due_at"]) == row.due_at


def test_each_firing_is_journaled(harbor: Agency, case: Case, alice: Principal) -> None:
    determined(case, alice, MINUTE)
    sweep_agency(harbor)
    entry = JournalEntry.objects.get(action="reminder.fired")
    assert (entry.actor, entry.subject) == ("system:sweep", f"case:{case.ref}")
    assert (entry.detail["rung"], entry.detail["late"]) == ("started", False)


def test_a_long_queue_is_emptied_batch_by_batch(
    case: Case,
    alice: Principal,
    alice_user: User,
    northside: Agency,  # noqa: ARG001
) -> None:
    determined(case, alice, 48 * HOUR + MINUTE)
    assert sweep_all(limit=1) == 3
    assert len(told(alice_user)) == 3


def test_a_round_leaves_a_heartbeat(case: Case) -> None:  # noqa: ARG001
    assert sweep_once() == 0
    assert Heartbeat.objects.get(name="sweep").at is not None
