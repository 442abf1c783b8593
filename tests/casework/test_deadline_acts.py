"""What people do about clocks: what each deed moves, and that nothing of it is silent."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from casework.domain.permissions import Principal
from casework.models import Case, Deadline, DeadlineAct, Reminder
from casework.models.journal import JournalEntry
from casework.services.deadline_acts import (
    Deed,
    allowed_acts,
    extend_deadline,
    meet_deadline,
    pause_deadline,
    rely_on_exception,
    reopen_deadline,
    resume_deadline,
    review_deadline,
    waive_deadline,
)
from casework.services.deadlines import rule_of
from casework.services.sealing import open_value
from tests import builders
from tests.casework.clock_desk import (
    DAY,
    HOUR,
    INTERIM,
    PERMIT,
    STATUS,
    TRANSFER,
    Act,
    because,
    clock,
    journaled,
    rungs,
    started,
    told,
)

pytestmark = pytest.mark.usefixtures("in_harbor")
SCHEDULE = "DETENTION-REVIEW"


def test_met_by_hand_in_time(transfer: Deadline, alice: Principal, at: datetime) -> None:
    done = meet_deadline(transfer, because(since=at + 5 * HOUR), by=alice, at=at + 9 * HOUR)
    assert (done.status, done.met_at, done.late) == ("met", at + 5 * HOUR, False)
    assert done.steps[-1] == "met, recorded by hand 2026-06-01T20:00:00Z: in time."
    assert rungs(done) == []


def test_met_by_hand_after_its_moment_stays_late(
    transfer: Deadline, alice: Principal, at: datetime
) -> None:
    late = at + 72 * HOUR + timedelta(seconds=1)
    done = meet_deadline(transfer, because(), by=alice, at=late)
    assert (done.status, done.met_at, done.late) == ("met", late, True)


@pytest.mark.parametrize(("hours", "late"), [(72, False), (73, True)])
def test_a_waiver_ends_the_reminders_and_after_the_moment_stays_late(
    transfer: Deadline, alice: Principal, at: datetime, hours: int, late: bool
) -> None:
    done = waive_deadline(transfer, because(), by=alice, at=at + hours * HOUR)
    assert (done.status, done.late, done.met_at) == ("waived", late, None)
    assert not Reminder.objects.filter(deadline=done, status="scheduled").exists()


@pytest.mark.parametrize("act", [meet_deadline, waive_deadline])
def test_what_was_done_by_hand_is_taken_back_and_it_runs_again(
    transfer: Deadline, alice: Principal, at: datetime, act: Act
) -> None:
    act(transfer, because(), by=alice, at=at + HOUR)
    again = reopen_deadline(transfer, because("A mistake."), by=alice, at=at + 2 * HOUR)
    assert (again.status, again.due_at, again.late) == ("running", at + 72 * HOUR, False)
    assert "due" in rungs(again)
    done, reopened = DeadlineAct.objects.filter(deadline=transfer).order_by("pk")
    assert done.undone_at == reopened.undone_at == at + 2 * HOUR
    assert open_value(reopened, "reason", key=transfer.case.person.key) == "A mistake."


def test_a_waiver_after_its_moment_is_reopened_as_overdue(
    transfer: Deadline, alice: Principal, at: datetime
) -> None:
    waive_deadline(transfer, because(), by=alice, at=at + 80 * HOUR)
    again = reopen_deadline(transfer, because(), by=alice, at=at + 81 * HOUR)
    assert (again.status, again.due_at) == ("running", at + 72 * HOUR)
    assert rungs(again)[0].startswith("overdue")


def test_days_do_not_count_while_it_is_paused(
    permit: Deadline, alice: Principal, at: datetime
) -> None:
    assert permit.due_on == date(2026, 10, 29)
    paused = pause_deadline(permit, because(), by=alice, at=at + 10 * DAY)
    assert (paused.status, paused.due_at, paused.due_on) == ("paused", None, None)
    assert paused.paused_at is not None
    assert rungs(paused) == []
    again = resume_deadline(permit, because(), by=alice, at=at + 30 * DAY)
    assert (again.status, again.due_on) == ("running", date(2026, 11, 18))
    assert rungs(again) == ["left_7d", "due"]


def test_two_pauses_are_both_made_up_for(permit: Deadline, alice: Principal, at: datetime) -> None:
    for first, last in ((10, 20), (40, 45)):
        pause_deadline(permit, because(), by=alice, at=at + first * DAY)
        resume_deadline(permit, because(), by=alice, at=at + last * DAY)
    assert clock(permit.case, PERMIT).due_on == date(2026, 10, 29) + 15 * DAY


def test_an_extension_by_what_the_rule_names_once(
    interim: Deadline, alice: Principal, at: datetime
) -> None:
    assert interim.due_on == date(2026, 8, 30)
    longer = extend_deadline(interim, because(), by=alice, at=at + DAY)
    assert longer.due_on == date(2026, 9, 29)
    assert "Extended on 2026-06-02: 2026-09-29." in longer.steps
    assert "extend" not in allowed_acts(longer, rule_of(longer))


def test_an_extension_for_as_long_as_needed_names_its_last_day(
    case: Case, alice: Principal, at: datetime
) -> None:
    row = started(case, alice, at, STATUS)
    assert row.due_on == date(2030, 6, 1)
    for year in (2031, 2033):
        until = replace(because(), until=date(year, 3, 1))
        row = extend_deadline(row, until, by=alice, at=at + DAY)
        assert row.due_on == until.until


def test_an_exception_is_recorded_and_moves_nothing(
    transfer: Deadline, alice: Principal, at: datetime
) -> None:
    done = rely_on_exception(transfer, because("Exceptional circumstances."), by=alice, at=at)
    assert (done.status, done.due_at, done.version) == ("running", transfer.due_at, 1)
    said = "An exception was recorded on 2026-06-01; the clock goes on running."
    assert done.steps[-1] == said
    assert rungs(done) == rungs(transfer)


def test_a_look_moves_the_next_one(case: Case, alice: Principal, at: datetime) -> None:
    row = started(case, alice, at, SCHEDULE, "detained")
    every = rule_of(row).review_every_days
    assert every is not None
    assert row.review_on == date(2026, 6, 1) + every * DAY
    again = review_deadline(row, because(), by=alice, at=at + 3 * DAY)
    assert again.review_on == date(2026, 6, 4) + every * DAY
    assert rungs(again) == ["due", "overdue_1"]


def test_a_deed_is_in_the_journal_with_what_it_moved_and_without_its_reason(
    permit: Deadline, alice: Principal, at: datetime
) -> None:
    pause_deadline(permit, because("Her mother is ill."), by=alice, at=at + DAY)
    assert journaled(permit.case)[-2:] == ["deadline.act.pause", "deadline.paused"]
    entry = JournalEntry.objects.get(action="deadline.act.pause")
    assert entry.detail == {"deadline": str(permit.ref), "rule": PERMIT, "period": ""}
    assert entry.actor == f"user:{alice.ref}"
    details = JournalEntry.objects.values_list("detail", flat=True)
    assert not any("mother" in str(detail) for detail in details)


def test_the_reason_is_sealed_with_the_persons_key(
    transfer: Deadline, alice: Principal, at: datetime
) -> None:
    waive_deadline(transfer, because("Her mother is ill."), by=alice, at=at)
    act = DeadlineAct.objects.get(deadline=transfer)
    assert b"mother" not in bytes(act.reason)
    assert open_value(act, "reason", key=transfer.case.person.key) == "Her mother is ill."
    assert (act.recorded_by, act.recorded_at) == (f"user:{alice.ref}", at)


@pytest.mark.parametrize(
    ("act", "rule"),
    [(pause_deadline, PERMIT), (extend_deadline, INTERIM), (waive_deadline, TRANSFER)],
)
def test_supervisors_hear_of_what_a_caseworker_stops_or_stretches(
    case: Case, alice: Principal, at: datetime, act: Act, rule: str
) -> None:
    act(started(case, alice, at, rule), because(), by=alice, at=at)
    assert told("deadline_changed") == ["Bob"]


@pytest.mark.parametrize("act", [meet_deadline, rely_on_exception])
def test_supervisors_do_not_hear_of_what_is_everyday(
    transfer: Deadline, alice: Principal, at: datetime, act: Act
) -> None:
    act(transfer, because(), by=alice, at=at)
    assert told("deadline_changed") == []


def test_a_supervisors_own_deed_is_no_news(
    transfer: Deadline, bob: Principal, at: datetime
) -> None:
    waive_deadline(transfer, because(), by=bob, at=at)
    assert told("deadline_changed") == []


def test_what_can_be_done_is_listed_for_each_state(
    transfer: Deadline, alice: Principal, at: datetime
) -> None:
    rule = rule_of(transfer)
    assert allowed_acts(transfer, rule) == ("meet", "waive", "exception")
    waived = waive_deadline(transfer, because(), by=alice, at=at)
    assert allowed_acts(waived, rule) == ("reopen",)


def test_what_can_be_done_follows_the_grounds_that_the_rule_knows(
    permit: Deadline, alice: Principal, at: datetime
) -> None:
    rule = rule_of(permit)
    assert allowed_acts(permit, rule) == ("meet", "pause", "waive", "exception")
    paused = pause_deadline(permit, because(), by=alice, at=at)
    assert allowed_acts(paused, rule) == ("meet", "resume", "waive", "exception", "take_back")


def test_a_deed_leaves_the_other_clocks_of_the_case_alone(
    transfer: Deadline, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=transfer.case, by=alice, at=at, kind="asylum_filed")
    others = {row.pk: row.version for row in Deadline.objects.exclude(pk=transfer.pk)}
    waive_deadline(transfer, Deed(reason="Not needed."), by=alice, at=at)
    assert {row.pk: row.version for row in Deadline.objects.exclude(pk=transfer.pk)} == others
    assert len(others) > 1
