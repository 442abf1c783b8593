"""Clocks of a case: when they are due, what moves them, what they remember."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework.access import agency_context
from casework.domain.errors import InvalidInputError, NotAllowedNowError, NotPermittedError
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline, Definition, Event, Reminder
from casework.services.deadlines import derive_deadlines, rule_of
from casework.services.events import NewEvent, amend_event, record_event, retract_event
from tests import builders
from tests.cast import without_context

TRANSFER = "UAC-TRANSFER-72H"
HOUR = timedelta(hours=1)
AROUND_A_CHANGE_OF_CLOCKS = [
    ("2026-03-07T10:00", "America/Chicago", "2026-03-10T16:00:00+00:00"),
    ("2026-10-31T22:30", "America/New_York", "2026-11-04T02:30:00+00:00"),
    ("2026-12-30T23:59", "Pacific/Honolulu", "2027-01-03T09:59:00+00:00"),
]


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency) -> Iterator[None]:
    with agency_context(harbor.pk):
        yield


def clock(case: Case, rule: str = TRANSFER) -> Deadline:
    return Deadline.objects.get(case=case, rule=rule)


def rungs(row: Deadline, status: str = "scheduled") -> list[str]:
    rows = Reminder.objects.filter(deadline=row, deadline_version=row.version, status=status)
    return [reminder.rung for reminder in rows.order_by("fire_at")]


def replaced(event: Event, case: Case, by: Principal, at: datetime, moment: datetime) -> Deadline:
    amend_event(event, NewEvent(kind=event.kind, at=moment, zone=event.zone), by=by, at=at)
    return clock(case)


@pytest.mark.parametrize(("moment", "zone", "due"), AROUND_A_CHANGE_OF_CLOCKS)
def test_a_transfer_is_due_exactly_72_elapsed_hours_after_the_determination(
    case: Case, alice: Principal, moment: str, zone: str, due: str
) -> None:
    determined = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    at = determined.astimezone(UTC) + HOUR
    builders.record_event(
        case=case, by=alice, at=at, kind="uac_determined", happened=determined, zone=zone
    )
    row = clock(case)
    assert row.due_at is not None
    assert row.due_at.isoformat() == due
    assert row.due_at.timestamp() - determined.timestamp() == 72 * 3600
    assert row.zone == zone


@pytest.mark.parametrize(("moment", "zone", "_due"), AROUND_A_CHANGE_OF_CLOCKS)
def test_the_reports_reading_runs_beside_from_the_apprehension(
    case: Case, alice: Principal, moment: str, zone: str, _due: str
) -> None:
    determined = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    caught, at = determined - 5 * HOUR, determined.astimezone(UTC) + HOUR
    for kind, moment_of in (("apprehended", caught), ("uac_determined", determined)):
        builders.record_event(case=case, by=alice, at=at, kind=kind, happened=moment_of, zone=zone)
    reading = clock(case, "UAC-RPT51")
    assert reading.due_at == caught.astimezone(UTC) + 72 * HOUR
    assert rule_of(reading).report_reading
    assert reading.definition.citation == "A/HRC/35/37/Add.2 ¶51"
    assert not rule_of(clock(case)).report_reading


def test_without_the_determination_nothing_is_computed_and_the_assumption_is_said(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="apprehended")
    row = clock(case)
    assert (row.status, row.due_at) == ("cannot_compute", None)
    assert "Cannot compute" in row.assumption
    assert row.assumed_due_at == at + 72 * HOUR
    assert rungs(row) == []


def test_the_determination_makes_it_computable(case: Case, alice: Principal, at: datetime) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="apprehended")
    _, moved = builders.record_event(case=case, by=alice, at=at + HOUR, kind="uac_determined")
    changes = {change.deadline.rule: change.change for change in moved}
    assert changes[TRANSFER] == "started"
    assert clock(case).due_at == at + 73 * HOUR


def test_recording_at_once_plans_every_rung(case: Case, alice: Principal, at: datetime) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    expected = ["started", "left_48h", "left_24h", "left_12h", "left_4h", "left_1h", "due"]
    assert rungs(clock(case)) == [*expected, "overdue_1"]


def test_recorded_late_the_latest_rung_speaks_for_those_before_it(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(
        case=case, by=alice, at=at, kind="uac_determined", happened=at - 70 * HOUR
    )
    row = clock(case)
    assert rungs(row) == ["left_4h", "left_1h", "due", "overdue_1"]
    assert rungs(row, "superseded") == ["started", "left_48h", "left_24h", "left_12h"]
    assert Reminder.objects.get(deadline=row, rung="left_4h").audience == [
        "assignee",
        "supervisor",
    ]


def test_recorded_after_its_end_all_readers_hear_once_and_the_hours_go_on(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(
        case=case, by=alice, at=at, kind="uac_determined", happened=at - 75.5 * HOUR
    )
    row = clock(case)
    assert rungs(row) == ["overdue_1", "overdue_4"]
    spoken = Reminder.objects.get(deadline=row, rung="overdue_1")
    assert spoken.audience == ["assignee", "supervisor", "administrator"]
    assert spoken.repeat_minutes is None
    upcoming = Reminder.objects.get(deadline=row, rung="overdue_4")
    assert upcoming.fire_at == at + HOUR / 2
    assert (upcoming.audience, upcoming.repeat_minutes) == (["supervisor", "administrator"], 60)


def test_a_ladder_without_repeats_ends_with_the_due_instant(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="apprehended", happened=at - 100 * HOUR)
    assert rungs(clock(case, "UAC-RPT51")) == ["due"]


def test_amending_the_event_moves_the_clock_and_retires_its_reminders(
    case: Case, alice: Principal, at: datetime
) -> None:
    event, _ = builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    before = clock(case)
    after = replaced(event, case, alice, at, at - 2 * HOUR)
    assert after.due_at == at + 70 * HOUR
    assert after.version == before.version + 1
    old = Reminder.objects.filter(deadline=after, deadline_version=before.version)
    assert {reminder.status for reminder in old} == {"superseded"}
    assert rungs(after)[0] == "started"


def test_an_amended_event_cannot_be_amended_again(
    case: Case, alice: Principal, at: datetime
) -> None:
    event, _ = builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    replaced(event, case, alice, at, at - HOUR)
    with pytest.raises(NotAllowedNowError):
        replaced(event, case, alice, at, at - 2 * HOUR)


def test_the_transfer_meets_the_clock(case: Case, alice: Principal, at: datetime) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    met = at + 10 * HOUR
    builders.record_event(case=case, by=alice, at=met, kind="custody_transferred")
    row = clock(case)
    assert (row.status, row.met_at) == ("met", met)
    assert Reminder.objects.filter(deadline=row, status="scheduled").count() == 0


def test_retracting_what_met_it_reopens_the_clock(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    event, _ = builders.record_event(case=case, by=alice, at=at, kind="custody_transferred")
    moved = retract_event(event, by=alice, at=at)
    assert [change.change for change in moved] == ["reopened"]
    assert clock(case).status == "running"
    assert "due" in rungs(clock(case))


def test_retracting_its_event_stops_the_clock(case: Case, alice: Principal, at: datetime) -> None:
    event, _ = builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    retract_event(event, by=alice, at=at)
    row = clock(case)
    assert (row.status, row.due_at) == ("stopped", None)
    assert Reminder.objects.filter(deadline=row, status="scheduled").count() == 0


def test_deriving_again_without_news_changes_nothing(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    assert derive_deadlines(case, by=alice, at=at + HOUR) == []
    assert clock(case).version == 1


def test_closing_a_case_does_not_stop_its_clocks(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    builders.close_case(case=case, by=alice, at=at)
    assert clock(case).status == "running"


def test_a_rule_that_was_loaded_anew_announces_nothing_again(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    before = clock(case)
    definition = before.definition
    with without_context():
        Definition.objects.filter(pk=definition.pk).update(withdrawn_at=at)
        definition.pk, definition.loaded_at = None, at
        definition.save(force_insert=True)
    derive_deadlines(case, by=alice, at=at + 30 * HOUR)
    after = clock(case)
    assert (after.definition_id, after.version) == (definition.pk, before.version)
    assert rungs(after) == rungs(before)


USUAL = NewEvent(kind="uac_determined", at=datetime(2026, 6, 1, tzinfo=UTC), zone="UTC")


@pytest.mark.parametrize(
    ("new", "pointer"),
    [
        (replace(USUAL, kind="abducted_by_aliens"), "/kind"),
        (replace(USUAL, at=USUAL.at.replace(tzinfo=None)), "/at"),
        (replace(USUAL, at=USUAL.at + 24 * HOUR), "/at"),
        (replace(USUAL, at=datetime(1969, 12, 31, tzinfo=UTC)), "/at"),
        (replace(USUAL, zone="Mars/Olympus"), "/zone"),
        (replace(USUAL, zone="../etc/passwd"), "/zone"),
        (replace(USUAL, note="\x00"), "/note"),
        (replace(USUAL, note="\ud800"), "/note"),
    ],
)
def test_an_odd_event_is_refused_at_its_field_and_nothing_is_written(
    case: Case, alice: Principal, at: datetime, new: NewEvent, pointer: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        record_event(case, new, by=alice, at=at)
    assert refused.value.problems[0].pointer == pointer
    assert Event.objects.count() == 0


def test_a_removal_may_lie_ahead(case: Case, alice: Principal, at: datetime) -> None:
    event, _ = builders.record_event(
        case=case, by=alice, at=at, kind="removal_scheduled", happened=at + 48 * HOUR
    )
    assert event.at == at + 48 * HOUR


def test_an_auditor_records_nothing(case: Case, olga: Principal, at: datetime) -> None:
    with pytest.raises(NotPermittedError):
        builders.record_event(case=case, by=olga, at=at, kind="uac_determined")
