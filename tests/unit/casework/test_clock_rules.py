"""How a clock may be written: exactly what its kind needs, and every mistake named."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from casework.domain.clock_rules import ClockKind, ClockRule, Extension, Period, Tolling, Trigger
from casework.domain.clock_words import in_words, who_computes
from casework.domain.events import EventKind

LAW: dict[str, Any] = {
    "id": "TEST",
    "version": "2020-01-01",
    "title": "A test",
    "in_force_from": date(2020, 1, 1),
    "citation": "1 USC 1",
    "law_sources": ["usc-1-1"],
    "certainty": "low",
    "binds": "Nobody",
    "rungs": "days",
    "trigger": {"event": "rfe_served"},
}
DUE: dict[str, Any] = {"met_by": ["rfe_answered"]}
NEEDED: dict[str, dict[str, Any]] = {
    "elapsed_hours": {"hours": 24, **DUE},
    "calendar_days": {"days": 84, **DUE},
    "business_days": {"days": 10, "calendar": "federal", **DUE},
    "calendar_months": {"months": 6, **DUE},
    "calendar_years": {"years": 1, **DUE},
    "fiscal_year": {"window": {"due_offset_days": 90}},
    "half_year": {"window": {"due_offset_days": 30}},
    "quarter": {"window": {}},
    "age_event": {"age_years": 21},
    "status_window": {"ends_with": ["removed", "released"]},
    "qualitative": {"review_every_days": 30},
    "none": {},
}


def rule(kind: str, **more: object) -> ClockRule:
    return ClockRule.model_validate({**LAW, "kind": kind, **NEEDED[kind], **more})


def test_every_kind_is_tried_here() -> None:
    assert set(NEEDED) == set(ClockKind)


@pytest.mark.parametrize("kind", NEEDED)
def test_a_rule_with_what_its_kind_needs_is_accepted_and_survives_storage(kind: str) -> None:
    written = rule(kind)
    assert ClockRule.model_validate_json(written.model_dump_json()) == written


@pytest.mark.parametrize("kind", [kind for kind in NEEDED if kind != "none"])
def test_a_rule_without_what_its_kind_needs_is_refused(kind: str) -> None:
    field = next(iter(NEEDED[kind]))
    with pytest.raises(ValidationError, match=f"{field} belong to {kind}, which needs them"):
        rule(kind, **{field: () if field == "ends_with" else None})


@pytest.mark.parametrize("kind", NEEDED)
def test_a_rule_with_an_amount_of_another_kind_is_refused(kind: str) -> None:
    other = "hours" if "hours" not in NEEDED[kind] else "days"
    with pytest.raises(ValidationError, match=f"{other} do not belong to {kind}"):
        rule(kind, **{other: 5})


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("calendar_days", {"days": 0}, "greater than or equal to 1"),
        ("calendar_days", {"trigger": {}}, "give one of event, earliest_of and latest_of"),
        (
            "calendar_days",
            {"trigger": {"event": "screened", "latest_of": ["screened"]}},
            "give one of event, earliest_of and latest_of",
        ),
        ("calendar_days", {"trigger": {"event": "abducted"}}, "Input should be"),
        ("calendar_days", {"met_by": []}, "met_by is missing"),
        ("elapsed_hours", {"met_by": []}, "met_by is missing"),
        ("calendar_days", {"in_force_from": None}, "in_force_note"),
        ("calendar_days", {"in_force_note": "Long-standing."}, "in_force_note"),
        ("calendar_days", {"report_reading": True}, "in_force_from is for law"),
        ("calendar_days", {"practice": True}, "in_force_from is for law"),
        (
            "calendar_days",
            {"practice": True, "report_reading": True, "in_force_from": None},
            "exclude each other",
        ),
        ("calendar_days", {"roll": "next_business_day"}, "calendar"),
        ("calendar_days", {"calendar": "federal"}, "calendar"),
        ("business_days", {"calendar": None}, "calendar"),
        ("elapsed_hours", {"roll": "next_business_day"}, "roll does not belong to elapsed_hours"),
        ("elapsed_hours", {"first_day_counts": True}, "first_day_counts does not belong"),
        ("elapsed_hours", {"counts": "before"}, "counts does not belong"),
        ("elapsed_hours", {"trigger": {"latest_of": ["screened"]}}, "hours run from one event"),
        (
            "elapsed_hours",
            {"trigger": {"event": "screened", "occurrence": "each"}},
            "hours run from one event",
        ),
        ("qualitative", {"mailing_extra_days": 3}, "mailing_extra_days does not belong"),
        ("half_year", {"recurs": "from_due"}, "recurs does not belong to half_year"),
        ("half_year", {"cap": 10}, "a cap belongs to fiscal_year"),
        (
            "qualitative",
            {"fallback": {"event": "apprehended", "text": "Since then."}},
            "a fallback belongs to clocks that count time",
        ),
        (
            "calendar_days",
            {
                "counts": "before",
                "tolling": [{"from": "detained", "to": ["released"], "text": "In custody."}],
            },
            "tolling belongs to periods that run forward",
        ),
        ("calendar_days", {"only_when_known": True}, "only_when_known needs only_if"),
        ("calendar_days", {"dayz": 5}, "Extra inputs are not permitted"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_and_says_why(
    kind: str, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        rule(kind, **wrong)


@pytest.mark.parametrize("wrong", [{}, {"days": 1, "months": 1}, {"days": 0}])
def test_a_period_is_one_amount(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Period.model_validate(wrong)


def test_an_extension_may_leave_open_how_far_and_how_often() -> None:
    extension = Extension(text="While the adjustment is pending.")
    assert (extension.by, extension.times, extension.needs_reason) == (None, None, True)


def test_time_that_does_not_count_has_an_end() -> None:
    with pytest.raises(ValidationError):
        Tolling.model_validate({"from": "criminal_action_begun", "to": [], "text": "Stayed."})


@pytest.mark.parametrize("marks", ["opens", "ends"])
def test_what_only_opens_or_ends_need_not_be_met(marks: str) -> None:
    assert rule("calendar_days", marks=marks, met_by=[]).met_by == ()


@pytest.mark.parametrize("standing", ["report_reading", "practice"])
def test_what_is_no_law_has_no_first_day(standing: str) -> None:
    assert rule("calendar_days", in_force_from=None, **{standing: True}).in_force_from is None


def test_law_whose_first_day_no_source_names_says_so() -> None:
    undated = rule("calendar_days", in_force_from=None, in_force_note="Long-standing.")
    assert undated.in_force_note == "Long-standing."


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("elapsed_hours", 24), ("calendar_months", 6), ("age_event", 21), ("status_window", None)],
)
def test_the_amount_is_the_one_that_is_given(kind: str, amount: int | None) -> None:
    assert rule(kind).amount == amount


@pytest.mark.parametrize(
    ("written", "kinds"),
    [
        ({"event": "screened"}, (EventKind.SCREENED,)),
        ({"earliest_of": ["screened", "removed"]}, (EventKind.SCREENED, EventKind.REMOVED)),
        ({"latest_of": ["screened", "removed"]}, (EventKind.SCREENED, EventKind.REMOVED)),
    ],
)
def test_a_trigger_names_the_events_that_start_the_clock(
    written: dict[str, Any], kinds: tuple[EventKind, ...]
) -> None:
    assert Trigger.model_validate(written).kinds() == kinds


SAID = {"event": "rfe_served", "text": "the service"}


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("elapsed_hours", {}, "24 hours from rfe served"),
        ("calendar_days", {"trigger": SAID}, "84 calendar days from the service"),
        ("calendar_days", {"counts": "before"}, "84 calendar days before rfe served"),
        ("business_days", {"days": 1}, "1 business day from rfe served"),
        (
            "calendar_months",
            {"trigger": {"earliest_of": ["screened", "removed"]}},
            "6 months from the earliest of screened, removed",
        ),
        (
            "calendar_years",
            {"trigger": {"latest_of": ["screened", "removed"]}, "marks": "ends"},
            "Ends by itself 1 year from the latest of screened, removed",
        ),
        ("calendar_days", {"marks": "opens"}, "Not earlier than 84 calendar days from rfe served"),
        ("age_event", {}, "The age of 21, held against the day of rfe served"),
        ("half_year", {}, "For each half-year, within 30 days of its end"),
        ("quarter", {}, "For each quarter; our sources name no day on which it is due"),
        ("fiscal_year", {"cap": 5000}, "No more than 5,000 in each fiscal-year"),
        ("status_window", {}, "Open from rfe served until: removed, released"),
        ("qualitative", {}, "No number of days, from rfe served; looked at again every 30 days"),
        ("none", {}, "No deadline found"),
    ],
)
def test_a_period_is_said_in_words(kind: str, more: dict[str, Any], words: str) -> None:
    assert in_words(rule(kind, **more)) == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("none", "It may be done at any time."),
        ("status_window", "A person has to watch it."),
        ("qualitative", "A person has to watch it."),
        ("half_year", "It is not computed here: a person has to compute it."),
    ],
)
def test_what_is_left_to_a_person_is_said(kind: str, words: str) -> None:
    assert who_computes(rule(kind)) == words
