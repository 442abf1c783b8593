"""The nightly look: what is wrong is found, put right where that can be done, and told once."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline, Definition, Heartbeat, Notice, Reminder
from casework.models.journal import JournalEntry
from casework.models.outbox import OutboxMessage
from casework.services.checking import Finding, check_agency, check_all
from casework.services.database_clock import database_now
from casework.services.deadline_acts import pause_deadline
from casework.services.knowledge import clock_book
from casework.services.loops import check_when_due
from casework.services.sweep import sweep_agency
from tests import builders
from tests.casework.clock_desk import DAY, HOUR, TRANSFER, because, break_events, clock, rungs, told
from tests.cast import without_context

pytestmark = pytest.mark.usefixtures("in_harbor")
MINUTE = timedelta(minutes=1)


def found(agency: Agency, at: datetime) -> list[Finding]:
    return check_agency(agency, clock_book(), at=at)


def test_where_all_is_well_nothing_is_found_and_nobody_is_told(
    harbor: Agency, transfer: Deadline, at: datetime
) -> None:
    before = JournalEntry.objects.count()
    assert found(harbor, at + 5 * MINUTE) == []
    assert JournalEntry.objects.count() == before
    assert not Notice.objects.exists()
    assert Deadline.objects.get(pk=transfer.pk).version == transfer.version


def test_a_rung_that_is_missing_is_hung(harbor: Agency, transfer: Deadline, at: datetime) -> None:
    Reminder.objects.filter(deadline=transfer, rung="left_1h").update(rung="elsewhere")
    what = f"{TRANSFER} left_1h"
    missing = Finding(kind="clock_without_rungs", case=transfer.case.number, what=what, mended=True)
    assert found(harbor, at) == [missing]
    assert "left_1h" in rungs(transfer)
    assert found(harbor, at) == []


def test_hours_after_the_end_that_nobody_would_hear_of_are_hung(
    harbor: Agency, transfer: Deadline, at: datetime
) -> None:
    Reminder.objects.filter(deadline=transfer).update(status="fired", settled_at=at)
    late = at + 75 * HOUR
    (one,) = [one for one in found(harbor, late) if one.what.startswith(TRANSFER)]
    assert (one.kind, one.what) == ("clock_without_rungs", f"{TRANSFER} overdue_4")
    assert rungs(transfer) == ["overdue_4"]


def test_a_rung_that_hangs_on_nothing_is_taken_down(
    harbor: Agency, transfer: Deadline, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=transfer.case, by=alice, at=at, kind="custody_transferred")
    Reminder.objects.filter(deadline=transfer, rung="due").update(status="scheduled")
    loose = Finding(
        kind="rung_without_clock",
        case=transfer.case.number,
        what=f"{TRANSFER} due",
        mended=True,
    )
    assert found(harbor, at) == [loose]
    assert not Reminder.objects.filter(deadline=transfer, status="scheduled").exists()


def test_a_reading_that_does_not_follow_from_its_events_is_derived_anew(
    harbor: Agency, transfer: Deadline, at: datetime
) -> None:
    Deadline.objects.filter(pk=transfer.pk).update(due_at=F("due_at") + HOUR)
    (one,) = found(harbor, at)
    assert one == Finding(
        kind="reading_differs", case=transfer.case.number, what=TRANSFER, mended=True
    )
    assert clock(transfer.case, TRANSFER).due_at == transfer.due_at


def test_a_case_that_cannot_be_derived_is_named_and_holds_up_no_other(
    harbor: Agency, transfer: Deadline, at: datetime
) -> None:
    break_events(transfer.case, zone="Mars/Olympus")
    Reminder.objects.filter(deadline=transfer, rung="left_1h").update(rung="elsewhere")
    kinds = [(one.kind, one.case, one.mended) for one in found(harbor, at)]
    number = transfer.case.number
    assert kinds == [("not_derived", number, False), ("clock_without_rungs", number, True)]


def test_a_ladder_that_is_gone_does_not_end_the_check(
    harbor: Agency, transfer: Deadline, at: datetime
) -> None:
    with without_context():
        ladder = Definition.objects.of_kind("ladder").filter(code="elapsed-72h")
        ladder.update(withdrawn_at=at)
    (one,) = found(harbor, at)
    assert (one.kind, one.case, one.mended) == ("not_derived", transfer.case.number, False)
    assert told("check_found") == ["Ada", "Bob"]


def test_what_should_have_been_said_ten_minutes_ago_is_a_matter_for_a_person(
    harbor: Agency, transfer: Deadline, at: datetime
) -> None:
    late = [one for one in found(harbor, at + 11 * MINUTE) if one.what.startswith(TRANSFER)]
    number = transfer.case.number
    assert late == [Finding(kind="unfired", case=number, what=f"{TRANSFER} started")]


@pytest.mark.parametrize(("needy", "kind"), [(False, "unsent"), (True, "needs_attention")])
def test_a_letter_that_waits_for_an_hour_is_a_matter_for_a_person(
    harbor: Agency, case: Case, alice: Principal, needy: bool, kind: str
) -> None:
    with connection.cursor() as cursor:
        now = database_now(cursor)
    builders.record_event(case=case, by=alice, at=now - MINUTE, kind="uac_determined")
    sweep_agency(harbor)
    OutboxMessage.objects.update(needs_attention=needy)
    assert found(harbor, now + (0 * HOUR if needy else 1.5 * HOUR))[-1:] == [
        Finding(kind=kind, what="email")
    ]


def test_a_clock_that_has_been_paused_for_long_is_shown(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="asylum_filed")
    pause_deadline(clock(case, "ASYLUM-EAD-150"), because(), by=alice, at=at)
    kinds = {
        number: [one.what for one in found(harbor, at + number * DAY) if one.kind == "long_paused"]
        for number in (89, 91)
    }
    assert kinds == {89: [], 91: ["ASYLUM-EAD-150"]}


def test_a_case_in_which_nothing_happens_and_nothing_is_due_is_shown(
    harbor: Agency, case: Case, at: datetime
) -> None:
    assert found(harbor, at + 89 * DAY) == []
    assert found(harbor, at + 91 * DAY) == [Finding(kind="stuck_case", case=case.number)]


def test_a_case_in_which_something_is_due_or_that_is_closed_is_not_stuck(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    closed = builders.open_case(by=alice, at=at)
    builders.close_case(case=closed, by=alice, at=at)
    builders.record_event(case=case, by=alice, at=at, kind="u_granted")
    assert [one for one in found(harbor, at + 91 * DAY) if one.kind == "stuck_case"] == []


def test_what_was_found_is_told_once_a_day_and_journaled_each_time(
    harbor: Agency, case: Case, at: datetime
) -> None:
    later = at + 91 * DAY
    for hours in (0, 1, 24):
        found(harbor, later + hours * HOUR)
    assert told("check_found") == ["Ada", "Ada", "Bob", "Bob"]
    assert Notice.objects.filter(template="check_found").first().params == {"stuck_case": "1"}  # type: ignore[union-attr]
    entries = JournalEntry.objects.filter(action="check.found")
    assert [entry.detail for entry in entries] == [{"stuck_case": 1}] * 3
    assert case.status == "open"


def test_each_agency_hears_of_its_own(
    case: Case, harbor: Agency, northside: Agency, charlie: Principal, at: datetime
) -> None:
    builders.open_case(by=charlie, at=at + 10 * DAY)
    by_agency = check_all(at=at + 91 * DAY)
    assert by_agency == {
        str(harbor.ref): [Finding(kind="stuck_case", case=case.number)],
        str(northside.ref): [],
    }


def test_the_check_is_made_once_a_day_and_taken_over_from_one_that_died() -> None:
    assert check_when_due() == 0
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"check_begun", "check"}
    Heartbeat.objects.update(at=F("at") - 22 * HOUR)
    begun = Heartbeat.objects.get(name="check_begun").at
    check_when_due()
    assert Heartbeat.objects.get(name="check_begun").at == begun
    Heartbeat.objects.update(at=F("at") - 2 * HOUR)
    check_when_due()
    assert Heartbeat.objects.get(name="check").at > begun
    Heartbeat.objects.filter(name="check").update(at=F("at") - 24 * HOUR)
    check_when_due()
    stale = Heartbeat.objects.get(name="check").at
    assert stale < Heartbeat.objects.get(name="check_begun").at
    Heartbeat.objects.filter(name="check_begun").update(at=F("at") - 3 * HOUR)
    check_when_due()
    assert Heartbeat.objects.get(name="check").at > stale


def test_the_check_is_made_at_once_by_hand(case: Case) -> None:
    Case.objects.update(updated_at=F("updated_at") - 1000 * DAY)
    out = StringIO()
    call_command("check_clocks", stdout=out)
    line, total = out.getvalue().splitlines()
    assert line == f"stuck_case            {case.number}"
    assert total == "1 found, 0 mended, 1 for a person"
    quiet = StringIO()
    call_command("check_clocks", "--quiet", stdout=quiet)
    assert quiet.getvalue().splitlines() == [total]
