"""Two deeds about one clock at the same moment: one of them is done, and once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline, DeadlineAct, Reminder
from casework.models.journal import JournalEntry
from casework.services.deadline_acts import (
    Deed,
    extend_deadline,
    meet_deadline,
    pause_deadline,
    reopen_deadline,
    waive_deadline,
)
from casework.services.rederiving import add_holiday, remove_holiday
from casework.services.sweep import take_turn
from tests import builders
from tests.racing import race, winners, within

pytestmark = pytest.mark.usefixtures("committed_db")
AT_ONCE = 4
DEED = Deed(reason="At the same moment.")
HOUR = timedelta(hours=1)


def started(case: Case, by: Principal, at: datetime, kind: str, rule: str) -> Deadline:
    builders.record_event(case=case, by=by, at=at, kind=kind)
    with agency_context(by.agency_id):
        return Deadline.objects.get(case=case, rule=rule)


@pytest.mark.parametrize(
    ("act", "kind", "rule"),
    [
        (meet_deadline, "uac_determined", "UAC-TRANSFER-72H"),
        (waive_deadline, "uac_determined", "UAC-TRANSFER-72H"),
        (pause_deadline, "asylum_filed", "ASYLUM-EAD-150"),
        (extend_deadline, "interim_eligibility_determined", "CHILD-INTERIM-90"),
    ],
)
def test_the_same_deed_is_done_once(
    case: Case,
    alice: Principal,
    at: datetime,
    act: Callable[..., Deadline],
    kind: str,
    rule: str,
) -> None:
    row = started(case, alice, at, kind, rule)
    deed = within(alice.agency_id, partial(act, row, DEED, by=alice, at=at + HOUR))
    assert len(winners(race([deed] * AT_ONCE))) == 1
    with agency_context(alice.agency_id):
        assert DeadlineAct.objects.count() == 1
        assert JournalEntry.objects.filter(action__startswith="deadline.act.").count() == 1
        assert Deadline.objects.get(pk=row.pk).version == row.version + 1


def test_of_meeting_and_waiving_one_is_done(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    row = started(case, alice, at, "uac_determined", "UAC-TRANSFER-72H")
    deeds = [
        within(harbor.pk, partial(act, row, DEED, by=alice, at=at + HOUR))
        for act in (meet_deadline, waive_deadline)
    ]
    assert len(winners(race(deeds * 2))) == 1
    with agency_context(harbor.pk):
        (act,) = DeadlineAct.objects.all()
        status = {"meet": "met", "waive": "waived"}[act.kind]
        assert Deadline.objects.get(pk=row.pk).status == status


def test_it_is_reopened_once(harbor: Agency, case: Case, alice: Principal, at: datetime) -> None:
    row = started(case, alice, at, "uac_determined", "UAC-TRANSFER-72H")
    with agency_context(harbor.pk):
        waive_deadline(row, DEED, by=alice, at=at)
    deed = within(harbor.pk, partial(reopen_deadline, row, DEED, by=alice, at=at))
    assert len(winners(race([deed] * AT_ONCE))) == 1


def test_a_deed_beside_events_leaves_one_clock_and_one_set_of_rungs(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    row = started(case, alice, at, "uac_determined", "UAC-TRANSFER-72H")
    earlier = at - HOUR
    events = [
        partial(
            builders.record_event,
            case=case,
            by=alice,
            at=at,
            kind="uac_determined",
            happened=earlier - number * HOUR,
        )
        for number in range(2)
    ]
    waived = within(harbor.pk, partial(waive_deadline, row, DEED, by=alice, at=at))
    assert len(winners(race([waived, *events]))) == 3
    with agency_context(harbor.pk):
        (after,) = Deadline.objects.filter(rule="UAC-TRANSFER-72H")
        assert (after.status, after.due_at) == ("waived", at + 70 * HOUR)
        assert not Reminder.objects.filter(deadline=after, status="scheduled").exists()


def test_a_holiday_added_beside_an_event_reaches_the_clock_of_that_event(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    last = date(2026, 8, 24)
    holiday = partial(add_holiday, "federal", last, title="Closed", citation="An order", at=at)
    event = partial(builders.record_event, case=case, by=alice, at=at, kind="rfe_served")
    try:
        assert len(winners(race([holiday, event]))) == 2
        assert len(winners(race([holiday] * AT_ONCE))) == 0
        with agency_context(harbor.pk):
            assert Deadline.objects.get(rule="RFE-84").due_on == date(2026, 8, 25)
    finally:
        remove_holiday("federal", last, at=at)


def test_of_many_processes_one_makes_the_nightly_check() -> None:
    turns = race([partial(take_turn, "check_begun", "check")] * AT_ONCE)
    assert turns.count(True) == 1
