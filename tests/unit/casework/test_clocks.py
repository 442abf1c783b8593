"""The legal clocks: hours that have really passed, wherever and whenever."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.clocks import (
    Circumstances,
    ClockRule,
    ClockState,
    Reading,
    ReadingState,
    derive,
    local,
    state_of,
)
from casework.domain.errors import InvalidInputError
from casework.domain.events import EventKind, RecordedEvent
from casework.domain.rule_versions import in_force
from tests.row_by_row import every
from tests.seeds import rows

RULES = {rule.id: rule for rule in in_force(rows.clocks(), date(2026, 11, 1))}
TRANSFER, NOTIFY = RULES["UAC-TRANSFER-72H"], RULES["UAC-NOTIFY-48H"]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
KIND = EventKind


def event(kind: EventKind, hours: float = 0, at: datetime = NOON) -> RecordedEvent:
    moment = at + timedelta(hours=hours) if hours else at
    return RecordedEvent(ref=f"{kind}@{hours}", kind=kind, at=moment, zone="UTC")


def readings(rule: ClockRule, events: list[RecordedEvent], **facts: bool) -> list[Reading]:
    return derive([rule], Circumstances(events=tuple(events), facts=facts, as_of=NOON))


def read(rule: ClockRule, events: list[RecordedEvent]) -> Reading:
    (reading,) = readings(rule, events)
    return reading


def in_zone(zone: str, *moment: int) -> datetime:
    year, month, day, hour, minute = moment
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "moment", "due", "due_local"),
    [
        (
            "America/Chicago",
            (2026, 3, 7, 10, 0),
            "2026-03-10T16:00:00+00:00",
            "2026-03-10T11:00:00-05:00 America/Chicago",
        ),
        (
            "America/New_York",
            (2026, 10, 31, 22, 30),
            "2026-11-04T02:30:00+00:00",
            "2026-11-03T21:30:00-05:00 America/New_York",
        ),
        (
            "Pacific/Honolulu",
            (2026, 12, 30, 23, 59),
            "2027-01-03T09:59:00+00:00",
            "2027-01-02T23:59:00-10:00 Pacific/Honolulu",
        ),
        (
            "Australia/Lord_Howe",
            (2026, 4, 4, 12, 0),
            "2026-04-07T01:00:00+00:00",
            "2026-04-07T11:30:00+10:30 Australia/Lord_Howe",
        ),
    ],
)
def test_72_hours_are_72_hours_across_every_change_of_the_clock(
    zone: str, moment: tuple[int, ...], due: str, due_local: str
) -> None:
    reading = read(TRANSFER, [event(KIND.UAC_DETERMINED, at=in_zone(zone, *moment))])
    assert reading.due_at is not None
    assert reading.due_at.isoformat() == due
    assert local(reading.due_at, zone) == due_local


@settings(max_examples=200)
@given(
    at=st.datetimes(
        min_value=datetime.fromisoformat("2010-01-01"),
        max_value=datetime.fromisoformat("2060-01-01"),
        timezones=st.timezones(),
    )
)
def test_due_is_always_exactly_so_many_seconds_later(at: datetime) -> None:
    reading = read(TRANSFER, [event(KIND.UAC_DETERMINED, at=at)])
    assert reading.due_at is not None
    assert reading.due_at - at.astimezone(UTC) == timedelta(hours=72)
    assert reading.due_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("hours", "late"), [(0, False), (72, False), (72 + 1 / 3600, True), (100, True)]
)
def test_the_due_instant_itself_is_in_time(hours: float, late: bool) -> None:
    events = [event(KIND.UAC_DETERMINED), event(KIND.CUSTODY_TRANSFERRED, hours)]
    reading = read(TRANSFER, events)
    assert (reading.state, reading.late) == (ReadingState.MET, late)
    assert reading.met_at == events[1].at
    assert reading.steps[-1].endswith("late." if late else "in time.")


def test_what_lies_before_the_start_does_not_meet_it() -> None:
    events = [event(KIND.CUSTODY_TRANSFERRED, -1), event(KIND.UAC_DETERMINED)]
    assert read(TRANSFER, events).state is ReadingState.RUNNING


def test_the_earliest_start_and_the_first_meeting_count_in_any_order() -> None:
    events = [
        event(KIND.UAC_DETERMINED),
        event(KIND.UAC_DETERMINED, 5),
        event(KIND.CUSTODY_TRANSFERRED, 30),
        event(KIND.ORR_PLACED, 20),
    ]
    same = {read(TRANSFER, list(order)) for order in permutations(events)}
    (reading,) = same
    assert (reading.trigger_event_ref, reading.met_at) == (events[0].ref, events[3].at)


@pytest.mark.parametrize(("claimed", "start"), [(-2, "minority_claimed"), (2, "apprehended")])
def test_notice_runs_from_the_earlier_of_two_events(claimed: float, start: str) -> None:
    reading = read(NOTIFY, [event(KIND.APPREHENDED), event(KIND.MINORITY_CLAIMED, claimed)])
    assert reading.trigger_event_ref.startswith(start)
    assert (
        reading.steps[0] == "Starts with the earliest recorded of: apprehended, minority claimed."
    )
    assert reading.due_at == NOON + timedelta(hours=48 + min(claimed, 0))


def test_the_steps_can_be_followed_by_hand() -> None:
    reading = read(TRANSFER, [event(KIND.UAC_DETERMINED)])
    assert reading.steps[0] == ("uac determined 2026-06-01T12:00:00Z + 72 h = 2026-06-04T12:00:00Z")


def test_without_a_determination_there_is_an_assumption_and_no_deadline() -> None:
    reading = read(TRANSFER, [event(KIND.APPREHENDED)])
    assert reading.state is ReadingState.CANNOT_COMPUTE
    assert (reading.due_at, reading.started_at, reading.trigger_event_ref) == (None, None, "")
    assert reading.assumed_due_at == NOON + timedelta(hours=72)
    assert "Cannot compute" in reading.assumption


@pytest.mark.parametrize(
    ("hours", "words"), [(72, "in time."), (73, "whether in time cannot be said.")]
)
def test_an_assumption_still_shows_what_was_done(hours: float, words: str) -> None:
    events = [event(KIND.APPREHENDED), event(KIND.CUSTODY_TRANSFERRED, hours)]
    reading = read(TRANSFER, events)
    assert (reading.state, reading.late) == (ReadingState.CANNOT_COMPUTE, False)
    assert reading.met_at == events[1].at
    assert reading.steps[-1].endswith(words)


def test_a_determination_ends_the_assumption() -> None:
    reading = read(TRANSFER, [event(KIND.APPREHENDED), event(KIND.UAC_DETERMINED, 10)])
    assert (reading.assumption, reading.assumed_due_at) == ("", None)
    assert reading.due_at == NOON + timedelta(hours=82)


def test_the_reports_reading_stands_beside_the_law_and_says_so() -> None:
    events = [event(KIND.APPREHENDED), event(KIND.UAC_DETERMINED, 10)]
    law, report = read(TRANSFER, events), read(RULES["UAC-RPT51"], events)
    assert (law.report_reading, report.report_reading) == (False, True)
    assert report.due_at == NOON + timedelta(hours=72)
    assert report.citation == "A/HRC/35/37/Add.2 ¶51"


@every(RULES.values(), lambda rule: rule.id)
def test_nothing_has_started_when_nothing_has_happened(rule: ClockRule) -> None:
    assert readings(rule, [event(KIND.RELEASED)]) == []


def test_the_screening_before_return_is_met_by_that_screening_only() -> None:
    events = [event(KIND.APPREHENDED), event(KIND.SCREENED, 1)]
    rule = RULES["UAC-SCREEN-48H"]
    assert read(rule, events).state is ReadingState.RUNNING
    done = read(rule, [*events, event(KIND.SCREENED_CONTIGUOUS, 2)])
    assert done.state is ReadingState.MET


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (-24.001, ClockState.OPEN),
        (-24, ClockState.DUE_SOON),
        (0, ClockState.DUE_SOON),
        (0.001, ClockState.OVERDUE),
    ],
)
def test_a_deadline_comes_near_and_passes(hours: float, state: ClockState) -> None:
    assert state_of(NOON, None, NOON + timedelta(hours=hours)) is state


@pytest.mark.parametrize(
    ("due_at", "hours", "state"),
    [
        (NOON, 0, ClockState.MET),
        (NOON, 0.001, ClockState.MET_LATE),
        (None, 9, ClockState.MET),
    ],
)
def test_a_met_deadline_stays_met(due_at: datetime | None, hours: float, state: ClockState) -> None:
    met_at = NOON + timedelta(hours=hours)
    assert state_of(due_at, met_at, NOON + timedelta(days=99)) is state


def test_without_a_deadline_nothing_is_overdue() -> None:
    assert state_of(None, None, NOON) is ClockState.OPEN


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "America", "a\x00b"])
def test_a_place_without_a_zone_is_refused(zone: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        local(NOON, zone)
    assert refusal.value.problems[0].pointer == "/zone"


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="offset"):
        read(TRANSFER, [event(KIND.UAC_DETERMINED, at=NOON.replace(tzinfo=None))])
