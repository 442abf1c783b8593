"""A clock computed by hand, as a lawyer would check it, in a clone where nothing is set."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.management.commands import clock
from casework.models import Case, Deadline
from tests import builders
from tests.casework.test_knowledge_commands import manage, read_once
from tests.cast import without_context

RFE = ("RFE-84", "--event", "rfe_served=2026-03-02", "--zone", "America/Chicago")
NIGHT = ("UAC-TRANSFER-72H", "--event", "uac_determined=2026-10-31T22:30:00")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs the command in this process, which reads the seeds once for all tests."""
    monkeypatch.setattr(clock, "read_rows", read_once)

    def run(*arguments: str) -> str:
        out = io.StringIO()
        call_command("clock", *arguments, stdout=out)
        return out.getvalue()

    return run


Here = Callable[..., str]


def answered(here: Here, *arguments: str) -> Any:  # noqa: ANN401
    return json.loads(here(*arguments, "--json"))


def test_72_hours_over_a_change_of_clocks_in_a_bare_clone() -> None:
    done = manage(
        *("clock", "UAC-TRANSFER-72H", "--zone", "America/Chicago", "--json"),
        *("--event", "uac_determined=2026-03-07T10:00:00-06:00"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["due_at"], found["due_on"]) == ("2026-03-10T16:00:00Z", None)
    assert found["due_local"] == "2026-03-10T11:00:00-05:00 America/Chicago"
    assert (found["citation"], found["state"]) == ("8 USC 1232(b)(3)", "running")
    assert found["steps"][0] == (
        "uac determined 2026-03-07T16:00:00Z + 72 h = 2026-03-10T16:00:00Z"
    )


@pytest.mark.parametrize(
    ("zone", "due", "there"),
    [
        ("America/New_York", "2026-11-04T02:30:00Z", "2026-11-03T21:30:00-05:00"),
        ("Pacific/Honolulu", "2026-11-04T08:30:00Z", "2026-11-03T22:30:00-10:00"),
        ("Australia/Lord_Howe", "2026-11-03T11:30:00Z", "2026-11-03T22:30:00+11:00"),
        ("Pacific/Chatham", "2026-11-03T08:45:00Z", "2026-11-03T22:30:00+13:45"),
    ],
)
def test_72_hours_in_the_place_where_it_happened(
    here: Here, zone: str, due: str, there: str
) -> None:
    found = answered(here, *NIGHT, "--zone", zone)
    assert (found["due_at"], found["due_local"]) == (due, f"{there} {zone}")


@pytest.mark.parametrize(
    ("mail", "due", "at", "step"),
    [
        ("true", "2026-05-28", "2026-05-29T04:59:59Z", "It came by post: + 3 days = 2026-05-28."),
        ("false", "2026-05-26", "2026-05-27T04:59:59Z", "is no business day (Memorial Day)"),
        (None, "2026-05-26", "2026-05-27T04:59:59Z", "came by post is not recorded"),
    ],
)
def test_a_letter_by_post_has_three_days_more_and_a_last_day_that_is_a_business_day(
    here: Here, mail: str | None, due: str, at: str, step: str
) -> None:
    by_mail = ("--fact", f"served_by_mail={mail}") if mail else ()
    found = answered(here, *RFE, *by_mail, "--on", "2026-03-03")
    assert (found["due_on"], found["due_at"]) == (due, at)
    assert step in " ".join(found["steps"])


@pytest.mark.parametrize(
    ("on", "state"), [("2026-01-10", "running"), ("2026-06-03", "running"), ("2026-06-04", "open")]
)
def test_a_clock_is_shown_as_seen_on_a_day(here: Here, on: str, state: str) -> None:
    filed = ("--event", "asylum_filed=2026-01-05", "--zone", "America/New_York", "--on", on)
    found = answered(here, "ASYLUM-EAD-150", *filed)
    assert (found["due_on"], found["state"]) == ("2026-06-04", state)


def test_acts_are_part_of_what_it_follows_from(here: Here) -> None:
    filed = ("ASYLUM-EAD-150", "--event", "asylum_filed=2026-01-05", "--on", "2026-03-15")
    paused = ("--act", "pause=2026-02-01")
    assert answered(here, *filed, *paused)["state"] == "paused"
    found = answered(here, *filed, *paused, "--act", "resume=2026-02-11")
    assert found["due_on"] == "2026-06-14"


def test_a_fact_of_the_case_decides_an_age(here: Here) -> None:
    filed = ("SIJ-21", "--event", "sij_filed=2026-06-01")
    found = answered(here, *filed, "--fact", "date_of_birth=2005-06-02")
    assert found["state"] == "held"
    assert "Under 21 on that day: yes." in found["steps"][0]
    assert "Cannot compute" in answered(here, *filed)["assumption"]


def test_the_day_begins_where_the_agency_is_for_rules_of_the_agency(here: Here) -> None:
    late = ("TIMS-HALF", "--event", "ovc_trafficking_award_started=2026-07-01T03:00:00Z")
    names = [
        answered(here, *late, "--agency-zone", zone, "--on", "2026-07-02")["periods"][0]["period"]
        for zone in ("UTC", "America/Los_Angeles")
    ]
    assert names == ["2026-H2", "2026-H1"]


def test_what_was_assumed_in_reading_is_noted(here: Here) -> None:
    twice = "uac_determined=2026-11-01T01:30"
    shown = here("UAC-TRANSFER-72H", "--event", twice, "--zone", "America/New_York")
    assert "  note: 2026-11-01T01:30:00 came twice in America/New_York; the earlier" in shown


def test_the_text_can_be_followed_by_hand(here: Here) -> None:
    first, second, *steps = here(*RFE, "--on", "2026-03-03").splitlines()
    assert first.startswith("RFE-84: Answer to a request for evidence (8 CFR 103.2(b)(8)(iv)")
    assert second == (
        "running event:rfe_served-1: 2026-05-26 2026-05-26T23:59:59-05:00 America/Chicago"
    )
    assert steps[0] == (
        "  rfe served on 2026-03-02 (America/Chicago), that day is not counted; "
        "+ 84 days = 2026-05-25."
    )


def test_where_nothing_has_happened_what_is_missing_is_said(here: Here) -> None:
    shown = here("RFE-84")
    assert "not_started: -" in shown
    assert "record one of rfe_served" in shown


def test_every_rule_is_listed_with_its_triggers(here: Here) -> None:
    shown = here("--list")
    assert "RFE-84: 84 calendar days from the service of the request [rfe_served]" in shown.split(
        "\n"
    )
    rules = answered(here, "--list")["rules"]
    assert len(rules) == len(shown.splitlines()) >= 100
    assert all(row["triggers"] and row["citation"] for row in rules)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Name a rule, or ask for --list."),
        (("RFE-48",), "There is no clock “RFE-48”. Did you mean RFE-84"),
        (("RFE-84", "--event", "rfe_servd=2026-03-02"), "/event/0: There is no event “rfe_servd”."),
        (("RFE-84", "--event", "rfe_served"), "/event/0: “rfe_served” must read NAME=WHEN."),
        (("RFE-84", "--event", "rfe_served=2026-02-30"), "/event/0: “2026-02-30” is no moment"),
        (("RFE-84", "--event", "rfe_served=2026-03-02T10:00"), "/event/0: Give the offset, or"),
        ((*RFE[:3], "--zone", "Mars/Olympus"), "/zone: No such time zone."),
        ((*RFE[:3], "--agency-zone", "Mars/Olympus"), "/zone: No such time zone."),
        (("UAC-TRANSFER-72H", "--event", "uac_determined=2026-03-07"), "counts hours"),
        ((*RFE, "--fact", "visa_clas=H-2A"), "/fact/0: There is no fact “visa_clas”. Did you mean"),
        ((*RFE, "--fact", "served_by_mail=perhaps"), "/fact/0: Give true or false."),
        ((*RFE, "--act", "extend=2026-03-03"), "/act/0: Our sources name no ground"),
        ((*RFE, "--act", "waive=2026-03-03"), "/act: This clock runs once for each event"),
        ((*RFE, "--on", "soon"), "give a day as year-month-day"),
        ((*RFE, "--on", "9999-12-31"), "/on: Give a year of 1900 to 2200."),
        (("RFE-84", "--event", "rfe_served=9999-12-31"), "/event/0: Give a year of 1900 to 2200."),
        (("RFE-84", "--event", "rfe_served=0001-01-01"), "/event/0: Give a year of 1900 to 2200."),
    ],
)
def test_what_cannot_be_computed_is_refused_at_its_place(
    here: Here, arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(CommandError) as refused:
        here(*arguments)
    assert said in str(refused.value)


@pytest.mark.parametrize("event", ["uac_determined=2026-03-08T02:30", "uac_determined=x"])
def test_a_refusal_ends_the_command_without_anything_of_ours(event: str) -> None:
    done = manage("clock", "UAC-TRANSFER-72H", "--event", event, "--zone", "America/Chicago")
    assert done.returncode != 0
    assert "/event/0:" in done.stderr
    assert "Traceback" not in done.stderr


def holiday(*arguments: str) -> str:
    out = io.StringIO()
    with without_context():
        call_command("holiday", *arguments, stdout=out)
    return out.getvalue()


ADDED = ("add", "federal", "2026-08-24", "--title", "Closed by order", "--citation", "An order")


def test_a_holiday_is_added_and_taken_back_and_clocks_follow(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="rfe_served")
    for arguments, last in ((ADDED, 25), (("remove", "federal", "2026-08-24"), 24)):
        assert holiday(*arguments) == "1 cases looked at again, 1 clocks moved\n"
        with agency_context(case.agency_id):
            assert Deadline.objects.get(rule="RFE-84").due_on == date(2026, 8, last)


@pytest.mark.usefixtures("harbor")
def test_holidays_of_this_year_are_listed_with_what_was_added() -> None:
    year = datetime.now(UTC).year
    day = next(d for d in (date(year, 8, n) for n in range(20, 28)) if d.weekday() == 0)
    holiday("add", "federal", day.isoformat(), "--title", "Closed by order", "--citation", "x")
    shown = holiday("list").splitlines()
    assert f"{day} Mon Closed by order" in shown
    assert any(line.startswith(f"{year}-12-25 ") for line in shown)
    assert shown == sorted(shown)


@pytest.mark.usefixtures("harbor")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "federal"), "Give the day, as in 2026-12-24."),
        (("add", "federal", "2026-08-24", "--citation", "x"), "Give the title."),
        (("add", "federal", "2026-08-24", "--title", "x"), "Give the citation."),
        (("add", "lunar", "2026-08-24", "--title", "x"), "There is no calendar “lunar”"),
        (("add", "federal", "2026-12-25", "--title", "x"), "is a holiday already: Christmas Day."),
        (("add", "federal", "2026-02-30", "--title", "x"), "invalid fromisoformat value"),
        (("remove", "federal", "2026-12-25"), "was not added to the calendar “federal”."),
        (("list", "lunar"), "There is no calendar “lunar”."),
    ],
)
def test_a_holiday_that_cannot_be_is_refused(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        holiday(*arguments)
