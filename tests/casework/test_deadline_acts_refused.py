"""What cannot be done about a clock: refused with its reason, and nothing has moved."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from casework.domain.errors import InvalidInputError, NotAllowedNowError, NotPermittedError
from casework.domain.permissions import Principal
from casework.models import Case, Deadline, DeadlineAct, Notice
from casework.models.journal import JournalEntry
from casework.services.deadline_acts import (
    Deed,
    extend_deadline,
    meet_deadline,
    pause_deadline,
    rely_on_exception,
    reopen_deadline,
    resume_deadline,
    review_deadline,
    waive_deadline,
)
from casework.services.events import retract_event
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
    started,
)

pytestmark = pytest.mark.usefixtures("in_harbor")
SECOND = timedelta(seconds=1)


@pytest.fixture
def row(case: Case, alice: Principal, at: datetime, request: pytest.FixtureRequest) -> Deadline:
    """The clock of the rule that the test names."""
    rule = getattr(request, "param", TRANSFER)
    return started(case, alice, at, rule)


def on(rule: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", [rule], indirect=True)


def state() -> tuple[object, ...]:
    """Everything that a deed could have left behind."""
    clocks = Deadline.objects.order_by("pk").values_list("pk", "status", "version", "due_at")
    acts = DeadlineAct.objects.order_by("pk").values_list("pk", "undone_at")
    return (*clocks, *acts, JournalEntry.objects.count(), Notice.objects.count())


def wrong(act: Act, row: Deadline, deed: Deed, by: Principal, at: datetime) -> tuple[str, str]:
    """Field and code with which the deed was refused."""
    before = state()
    with pytest.raises(InvalidInputError) as refused:
        act(row, deed, by=by, at=at)
    assert state() == before
    (problem,) = refused.value.problems
    return problem.pointer, problem.code


def not_now(act: Act, row: Deadline, deed: Deed, by: Principal, at: datetime) -> str:
    """Why the deed is not possible at present."""
    before = state()
    with pytest.raises(NotAllowedNowError) as refused:
        act(row, deed, by=by, at=at)
    assert state() == before
    return refused.value.detail


@pytest.mark.parametrize("act", [meet_deadline, waive_deadline, rely_on_exception])
@pytest.mark.parametrize(
    ("reason", "code"),
    [("", "required"), (" \n ", "required"), ("\x00", "bad_character"), ("x" * 4001, "too_long")],
)
def test_without_a_reason_that_can_be_kept_nothing_is_done(
    row: Deadline, alice: Principal, at: datetime, act: Act, reason: str, code: str
) -> None:
    assert wrong(act, row, because(reason), alice, at) == ("/reason", code)


def test_reopening_asks_for_a_reason_too(row: Deadline, alice: Principal, at: datetime) -> None:
    waive_deadline(row, because(), by=alice, at=at)
    assert wrong(reopen_deadline, row, because(""), alice, at) == ("/reason", "required")


@pytest.mark.parametrize(
    ("since", "code"),
    [
        (datetime(2026, 6, 1, 16), "no_offset"),  # noqa: DTZ001
        (datetime(2026, 6, 1, 17, 5, 1, tzinfo=UTC), "in_the_future"),
        (datetime(1969, 12, 31, 23, tzinfo=UTC), "too_long_ago"),
        (datetime(2026, 6, 1, 14, 59, 59, tzinfo=UTC), "before_start"),
        (datetime(1126, 6, 1, tzinfo=UTC), "too_long_ago"),
    ],
)
@pytest.mark.parametrize("act", [meet_deadline, waive_deadline])
def test_a_moment_that_cannot_be_is_refused_at_its_field(
    row: Deadline, alice: Principal, at: datetime, act: Act, since: datetime, code: str
) -> None:
    assert wrong(act, row, because(since=since), alice, at + 2 * HOUR) == ("/at", code)


@on(INTERIM)
def test_where_days_count_the_first_day_belongs_to_the_clock_and_the_one_before_does_not(
    row: Deadline, alice: Principal, at: datetime
) -> None:
    morning = datetime(2026, 6, 1, 4, tzinfo=UTC)
    before = because(since=morning - SECOND)
    assert wrong(meet_deadline, row, before, alice, at) == ("/at", "before_start")
    assert meet_deadline(row, because(since=morning), by=alice, at=at).status == "met"


@pytest.mark.parametrize("act", [meet_deadline, waive_deadline, rely_on_exception])
def test_only_an_extension_has_a_last_day(
    row: Deadline, alice: Principal, at: datetime, act: Act
) -> None:
    deed = replace(because(), until=date(2026, 7, 1))
    assert wrong(act, row, deed, alice, at) == ("/until", "not_wanted")


def test_what_no_source_extends_is_not_extended(
    row: Deadline, alice: Principal, at: datetime
) -> None:
    said = not_now(extend_deadline, row, because(), alice, at)
    assert said == "Our sources know no extension of this clock (8 USC 1232(b)(3))."


@on(INTERIM)
def test_what_is_extended_once_is_not_extended_twice(
    row: Deadline, alice: Principal, at: datetime
) -> None:
    extend_deadline(row, because(), by=alice, at=at)
    said = not_now(extend_deadline, row, because(), alice, at)
    assert said == "It was extended as often as the rule allows."


@on(INTERIM)
def test_a_length_that_the_rule_names_is_not_chosen(
    row: Deadline, alice: Principal, at: datetime
) -> None:
    deed = replace(because(), until=date(2026, 9, 29))
    assert wrong(extend_deadline, row, deed, alice, at) == ("/until", "not_wanted")


@on(STATUS)
@pytest.mark.parametrize(
    ("until", "code"),
    [
        (None, "required"),
        (date(2030, 6, 1), "too_early"),
        (date(2029, 1, 1), "too_early"),
        (date(2077, 1, 1), "too_far_ahead"),
    ],
)
def test_a_length_that_no_source_names_has_to_be_given_and_to_make_sense(
    row: Deadline, alice: Principal, at: datetime, until: date | None, code: str
) -> None:
    deed = replace(because(), until=until)
    assert wrong(extend_deadline, row, deed, alice, at) == ("/until", code)


def test_what_no_source_stops_is_not_paused(row: Deadline, alice: Principal, at: datetime) -> None:
    said = not_now(pause_deadline, row, because(), alice, at)
    assert said.startswith("Our sources name no ground on which this clock stops")


@on(PERMIT)
def test_what_is_paused_is_not_paused_again(row: Deadline, alice: Principal, at: datetime) -> None:
    pause_deadline(row, because(), by=alice, at=at)
    assert not_now(pause_deadline, row, because(), alice, at) == "It is paused already."


@on(PERMIT)
def test_what_runs_is_not_resumed(row: Deadline, alice: Principal, at: datetime) -> None:
    assert not_now(resume_deadline, row, because(), alice, at) == "It is not paused."


@on(PERMIT)
def test_what_an_event_paused_is_resumed_by_an_event(
    row: Deadline, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=row.case, by=alice, at=at + DAY, kind="asylum_delay_begun")
    said = not_now(resume_deadline, row, because(), alice, at + 2 * DAY)
    assert said == "An event paused it; record the event that ends the pause."


@on(PERMIT)
def test_a_pause_ends_after_it_begins(row: Deadline, alice: Principal, at: datetime) -> None:
    pause_deadline(row, because(), by=alice, at=at + 2 * DAY)
    early = because(since=at + DAY)
    refusal = wrong(resume_deadline, row, early, alice, at + 3 * DAY)
    assert refusal == ("/at", "before_pause")


@on(PERMIT)
def test_a_pause_does_not_begin_within_an_earlier_one(
    row: Deadline, alice: Principal, at: datetime
) -> None:
    pause_deadline(row, because(), by=alice, at=at + 2 * DAY)
    resume_deadline(row, because(), by=alice, at=at + 9 * DAY)
    within = because(since=at + 5 * DAY)
    refusal = wrong(pause_deadline, row, within, alice, at + 20 * DAY)
    assert refusal == ("/at", "before_last_resume")


@pytest.mark.parametrize("act", [meet_deadline, waive_deadline, rely_on_exception])
@pytest.mark.parametrize(("first", "word"), [(meet_deadline, "met"), (waive_deadline, "waived")])
def test_what_is_over_stays_as_it_is_until_it_is_reopened(
    row: Deadline, alice: Principal, at: datetime, act: Act, first: Act, word: str
) -> None:
    first(row, because(), by=alice, at=at)
    assert not_now(act, row, because(), alice, at) == f"Not possible while it is {word}."


@pytest.mark.parametrize("act", [meet_deadline, waive_deadline, rely_on_exception, review_deadline])
def test_a_stopped_clock_is_left_alone(
    case: Case, alice: Principal, at: datetime, act: Act
) -> None:
    event, _ = builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    retract_event(event, by=alice, at=at)
    said = not_now(act, clock(case, TRANSFER), because(), alice, at)
    assert said == "Not possible while it is stopped."


def test_only_what_has_a_day_to_look_again_is_looked_at(
    row: Deadline, alice: Principal, at: datetime
) -> None:
    said = not_now(review_deadline, row, because(), alice, at)
    assert said == "Not possible while it is running."


def test_what_an_event_met_is_reopened_by_that_event(
    row: Deadline, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=row.case, by=alice, at=at + HOUR, kind="custody_transferred")
    said = not_now(reopen_deadline, row, because(), alice, at + HOUR)
    assert said.startswith("Nobody met or waived it by hand.")


@pytest.mark.parametrize("act", [meet_deadline, pause_deadline, waive_deadline, reopen_deadline])
def test_an_auditor_does_nothing_about_a_clock(
    row: Deadline, olga: Principal, at: datetime, act: Act
) -> None:
    before = state()
    with pytest.raises(NotPermittedError):
        act(row, because(), by=olga, at=at)
    assert state() == before


@on(PERMIT)
def test_a_pause_that_begins_after_the_last_day_stops_nothing_and_is_refused(
    row: Deadline, alice: Principal, at: datetime
) -> None:
    late = at + 200 * DAY
    with pytest.raises((InvalidInputError, NotAllowedNowError)):
        pause_deadline(row, because(), by=alice, at=late)
    assert not DeadlineAct.objects.exists()
