"""What was recorded by hand by mistake is taken back: the clock is as if it had never been."""

from dataclasses import replace
from datetime import datetime

import pytest

from casework.domain.errors import InvalidInputError, NotAllowedNowError, NotPermittedError
from casework.domain.permissions import Principal
from casework.models import Case, Deadline
from casework.services.deadline_acts import (
    allowed_acts,
    extend_deadline,
    meet_deadline,
    pause_deadline,
    rely_on_exception,
    reopen_deadline,
    resume_deadline,
    take_back,
)
from casework.services.deadlines import rule_of
from tests.casework.clock_desk import (
    DAY,
    INTERIM,
    because,
    clock,
    journaled,
    rungs,
    told,
)

pytestmark = pytest.mark.usefixtures("in_harbor")
MISTAKE = because("It was meant for another clock.")


def test_an_extension_by_mistake_gives_the_first_moment_back(
    interim: Deadline, alice: Principal, at: datetime
) -> None:
    rungs_before = rungs(interim)
    longer = extend_deadline(interim, because(), by=alice, at=at)
    assert longer.due_on == interim.due_on + 30 * DAY  # type: ignore[operator]
    back = take_back(longer, MISTAKE, by=alice, at=at)
    assert (back.due_on, back.due_at, back.steps) == (
        interim.due_on, interim.due_at, interim.steps,
    )  # fmt: skip
    assert rungs(back) == rungs_before
    assert "extend" in allowed_acts(back, rule_of(back))


def test_what_was_done_last_is_taken_back_first(
    permit: Deadline, alice: Principal, at: datetime
) -> None:
    paused = pause_deadline(permit, because(since=at + DAY), by=alice, at=at + DAY)
    resumed = resume_deadline(paused, because(), by=alice, at=at + 5 * DAY)
    assert resumed.due_on == permit.due_on + 4 * DAY  # type: ignore[operator]
    again = take_back(resumed, MISTAKE, by=alice, at=at + 6 * DAY)
    assert (again.status, again.paused_at) == ("paused", paused.paused_at)
    running = take_back(again, MISTAKE, by=alice, at=at + 6 * DAY)
    assert (running.status, running.due_on) == ("running", permit.due_on)
    with pytest.raises(NotAllowedNowError, match="Nothing was done"):
        take_back(running, MISTAKE, by=alice, at=at + 6 * DAY)


def test_what_a_colleague_recorded_since_is_not_taken_back_instead(
    permit: Deadline, alice: Principal, bob: Principal, at: datetime
) -> None:
    paused = pause_deadline(permit, because(), by=alice, at=at)
    meant = replace(MISTAKE, entry=paused.acts.get().ref)
    resumed = resume_deadline(paused, because(), by=bob, at=at + DAY)
    with pytest.raises(InvalidInputError, match="recorded about it meanwhile"):
        take_back(resumed, meant, by=alice, at=at + DAY)
    assert not resumed.acts.filter(undone_at__isnull=False).exists()


def test_it_stays_to_be_seen_and_supervisors_hear_of_it(
    case: Case, interim: Deadline, alice: Principal, at: datetime
) -> None:
    longer = extend_deadline(interim, because(), by=alice, at=at)
    back = take_back(longer, MISTAKE, by=alice, at=at + DAY)
    acts = list(back.acts.order_by("id").values_list("kind", "undone_at"))
    assert acts == [("extend", at + DAY), ("take_back", at + DAY)]
    assert [deed for deed in journaled(case) if "act" in deed] == [
        "deadline.act.extend", "deadline.act.take_back",
    ]  # fmt: skip
    assert told("deadline_changed") == ["Bob", "Bob"]


def test_of_two_that_move_nothing_each_is_told(
    interim: Deadline, alice: Principal, at: datetime
) -> None:
    for act in (rely_on_exception, rely_on_exception, take_back):
        act(interim, MISTAKE, by=alice, at=at)
    row = take_back(interim, MISTAKE, by=alice, at=at)
    assert (row.version, told("deadline_changed")) == (interim.version, ["Bob", "Bob"])


def test_what_was_met_by_hand_is_reopened_and_not_taken_back(
    permit: Deadline, alice: Principal, at: datetime
) -> None:
    rely_on_exception(permit, because(), by=alice, at=at)
    met = meet_deadline(permit, because(), by=alice, at=at)
    assert allowed_acts(met, rule_of(met))[-1] == "reopen"
    with pytest.raises(NotAllowedNowError, match="reopen it first"):
        take_back(met, MISTAKE, by=alice, at=at)
    opened = reopen_deadline(met, MISTAKE, by=alice, at=at)
    assert allowed_acts(opened, rule_of(opened))[-1] == "take_back"
    assert take_back(opened, MISTAKE, by=alice, at=at).steps == permit.steps


def test_who_may_not_change_a_clock_takes_nothing_back(
    interim: Deadline, alice: Principal, olga: Principal, at: datetime
) -> None:
    longer = extend_deadline(interim, because(), by=alice, at=at)
    with pytest.raises(NotPermittedError):
        take_back(longer, MISTAKE, by=olga, at=at)
    assert clock(longer.case, INTERIM).due_on == longer.due_on
