"""What a clock says, as data that a command prints: what matters first, and what is missing."""

from datetime import UTC, datetime

import pytest

from casework.domain.clock_tellings import listed, told
from casework.domain.clocks import Circumstances, ClockRule, asks_for_facts, derive
from casework.domain.events import EventKind, RecordedEvent
from tests.seeds import rows

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def versions(rule: str) -> list[ClockRule]:
    return [one for one in rows.clocks() if one.id == rule]


def said(rule: str, *events: tuple[str, str]) -> dict[str, object]:
    recorded = tuple(
        RecordedEvent(
            ref=f"e{number}",
            kind=EventKind(kind),
            at=datetime.fromisoformat(at),
            zone="America/New_York",
        )
        for number, (kind, at) in enumerate(events)
    )
    case = Circumstances(
        events=recorded, as_of=NOW, calendars={"federal": rows.work_days("federal")}
    )
    return told(versions(rule), derive(versions(rule), case), ["A note."])


def test_where_nothing_has_started_what_would_start_it_is_said() -> None:
    answer = said("RFE-84")
    assert (answer["state"], answer["missing"], answer["periods"]) == (
        "not_started",
        ["rfe_served"],
        [],
    )
    step = "Not started: record one of rfe_served, on a day the rule was in force."
    assert (answer["steps"], answer["notes"]) == ([step], ["A note."])
    assert (answer["due_at"], answer["due_on"], answer["due_local"]) == (None, None, "")


def test_of_several_periods_the_one_that_runs_out_first_comes_first() -> None:
    answer = said(
        "RFE-84",
        ("rfe_served", "2026-03-02T12:00:00-05:00"),
        ("rfe_answered", "2026-03-05T12:00:00-05:00"),
        ("rfe_served", "2026-07-01T12:00:00-04:00"),
        ("rfe_served", "2026-06-01T12:00:00-04:00"),
    )
    assert (answer["period"], answer["state"]) == ("event:e3", "running")
    assert (answer["due_on"], answer["due_at"]) == ("2026-08-24", "2026-08-25T03:59:59Z")
    assert answer["due_local"] == "2026-08-24T23:59:59-04:00 America/New_York"
    assert (answer["started_at"], answer["missing"]) == ("2026-06-01T16:00:00Z", [])
    periods = answer["periods"]
    assert isinstance(periods, list)
    assert [one["state"] for one in periods] == ["met", "running", "running"]
    assert periods[0]["met_at"] == "2026-03-05T17:00:00Z"


def test_a_day_to_look_again_is_told_as_a_day() -> None:
    answer = said("DETENTION-REVIEW", ("detained", "2026-08-30T12:00:00-04:00"))
    assert (answer["state"], answer["review_on"]) == ("review", "2026-09-06")


def test_what_is_assumed_is_told_apart_from_what_is_due() -> None:
    answer = said("UAC-TRANSFER-72H", ("apprehended", "2026-08-30T12:00:00-04:00"))
    assert (answer["due_at"], answer["assumed_due_at"]) == (None, "2026-09-02T16:00:00Z")
    assert str(answer["assumption"]).startswith("Cannot compute")


def test_a_rule_is_listed_by_its_newest_version_with_what_starts_any_of_them() -> None:
    row = listed(versions("RFE-84"))
    assert (row["rule"], row["kind"], row["triggers"], row["met_by"]) == (
        "RFE-84",
        "calendar_days",
        ["rfe_served"],
        ["rfe_answered"],
    )
    assert row["period"] == "84 calendar days from the service of the request"
    assert len(row["versions"]) == 3


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        ("RFE-84", False),
        ("UAC-SCREEN-48H", True),
        ("SIJ-21", True),
        ("NC-VACATUR-ANSWER-30", True),
    ],
)
def test_facts_are_read_only_for_rules_that_ask_about_them(rule: str, asks: bool) -> None:
    assert asks_for_facts([versions(rule)]) is asks
