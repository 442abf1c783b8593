"""What follows from a date on a given day, and from other answers."""

from datetime import date, timedelta

import pytest

from casework.domain.conditions import FactValue
from casework.domain.counting import months_after
from casework.domain.derived_facts import with_derived

SIGNED = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("on", "in_date"),
    [(SIGNED, True), (date(2027, 2, 28), True), (date(2027, 3, 1), False)],
)
def test_a_certification_is_good_for_six_months(on: date, in_date: bool) -> None:
    derived = with_derived({"certification_signed_on": SIGNED}, on)
    assert derived["certification_in_date"] is in_date


@pytest.mark.parametrize(
    ("born", "on", "minor"),
    [
        (date(2008, 6, 5), date(2026, 6, 4), True),
        (date(2008, 6, 5), date(2026, 6, 5), False),
        (date(2008, 2, 29), date(2026, 2, 27), True),
        (date(2008, 2, 29), date(2026, 2, 28), False),
    ],
)
def test_childhood_ends_on_the_eighteenth_birthday(born: date, on: date, minor: bool) -> None:
    assert with_derived({"date_of_birth": born}, on)["age_now_under_18"] is minor


@pytest.mark.parametrize(
    ("born", "filed", "under_18", "under_21"),
    [
        (date(2006, 6, 5), date(2024, 6, 4), True, True),
        (date(2006, 6, 5), date(2024, 6, 5), False, True),
        (date(2003, 6, 5), date(2024, 6, 5), False, False),
    ],
)
def test_the_filing_freezes_the_ages_of_the_family(
    born: date, filed: date, under_18: bool, under_21: bool
) -> None:
    found = with_derived({"date_of_birth": born, "principal_filed_on": filed}, SIGNED)
    assert found["under_18_when_principal_filed"] is under_18
    assert found["under_21_when_principal_filed"] is under_21


@pytest.mark.parametrize(
    ("letter", "on", "is_open"),
    [
        (date(2021, 9, 30), date(2022, 5, 30), True),
        (date(2021, 9, 30), date(2022, 5, 31), False),
        (date(2025, 5, 4), date(2026, 5, 4), True),
        (date(2025, 5, 5), date(2025, 9, 5), True),
        (date(2025, 5, 5), date(2025, 9, 6), False),
    ],
)
def test_cash_assistance_lasts_as_long_as_the_rule_of_its_day_says(
    letter: date, on: date, is_open: bool
) -> None:
    assert with_derived({"hhs_letter_dated": letter}, on)["refugee_cash_months_open"] is is_open


@pytest.mark.parametrize(
    ("source", "start", "last_day", "code"),
    [
        ("last_arrival_on", date(2025, 8, 31), date(2026, 8, 31), "asylum_year_open"),
        ("last_unpaid_pay_day", date(2024, 2, 29), date(2026, 2, 28), "within_2_years_of_pay_day"),
        ("last_unpaid_pay_day", date(2024, 2, 29), date(2027, 2, 28), "within_3_years_of_pay_day"),
        ("exploitation_ended_on", date(2016, 9, 1), date(2020, 9, 1), "within_4_years_of_claim"),
        ("exploitation_ended_on", date(2016, 9, 1), date(2026, 9, 1), "within_10_years_of_claim"),
        ("harm_discovered_on", date(2012, 9, 1), date(2022, 9, 1), "within_10_years_of_discovery"),
        ("date_of_birth", date(1998, 8, 31), date(2026, 8, 31), "under_28_now"),
    ],
)
def test_a_period_is_open_until_its_last_day_and_afterwards_not_said_to_be_over(
    source: str, start: date, last_day: date, code: str
) -> None:
    assert with_derived({source: start}, last_day)[code] is True
    assert code not in with_derived({source: start}, last_day + timedelta(days=1))


def test_a_date_keeps_up_where_a_statement_does_not() -> None:
    stated: dict[str, FactValue] = {"age_now_under_18": True, "date_of_birth": date(2000, 1, 1)}
    assert with_derived(stated, SIGNED)["age_now_under_18"] is False


def test_a_date_still_to_come_or_of_another_type_says_nothing() -> None:
    facts: dict[str, FactValue] = {
        "certification_signed_on": date(2026, 9, 1),
        "date_of_birth": "long ago",
    }
    assert with_derived(facts, SIGNED) == facts


LETTER = date(2026, 6, 1)


@pytest.mark.parametrize(("on", "is_open"), [(date(2031, 6, 1), True), (date(2031, 6, 2), False)])
def test_refugee_services_are_open_for_60_months(on: date, is_open: bool) -> None:
    found = with_derived({"hhs_letter_dated": LETTER}, on)
    assert found["refugee_service_months_open"] is is_open


@pytest.mark.parametrize(("passed", "is_open"), [(0, True), (90, True), (121, False)])
def test_interim_help_runs_for_90_days_and_is_over_after_120(passed: int, is_open: bool) -> None:
    facts: dict[str, FactValue] = {"hhs_letter_kind": "interim", "hhs_letter_dated": LETTER}
    on = LETTER + timedelta(days=passed)
    assert with_derived(facts, on)["hhs_interim_open"] is is_open


@pytest.mark.parametrize(
    ("kind", "passed"), [("interim", 91), ("interim", 120), ("eligibility", 1)]
)
def test_whether_it_was_stretched_is_not_guessed(kind: str, passed: int) -> None:
    facts: dict[str, FactValue] = {"hhs_letter_kind": kind, "hhs_letter_dated": LETTER}
    assert "hhs_interim_open" not in with_derived(facts, LETTER + timedelta(days=passed))


TIED = ["A-3", "B-1", "G-5", "H-1B", "H-2A", "H-2B", "J-1", "NATO-7"]


@pytest.mark.parametrize("visa", TIED)
def test_the_visa_classes_that_the_report_names_tie_to_one_employer(visa: str) -> None:
    assert with_derived({"visa_class": visa}, SIGNED)["tied_visa"] is True


@pytest.mark.parametrize("visa", ["none", "other"])
def test_any_other_visa_class_says_nothing_about_a_tie(visa: str) -> None:
    assert "tied_visa" not in with_derived({"visa_class": visa}, SIGNED)


def test_an_answer_goes_before_what_the_visa_class_says() -> None:
    stated: dict[str, FactValue] = {"visa_class": "H-1B", "tied_visa": False}
    assert with_derived(stated, SIGNED) == stated


@pytest.mark.parametrize(
    "facts",
    [
        {"law_enforcement_request_made": True},
        {"complied_with_request": True},
        {"complied_with_request": False},
    ],
)
def test_whoever_was_asked_for_help_is_known_to_law_enforcement(
    facts: dict[str, FactValue],
) -> None:
    assert with_derived(facts, SIGNED)["had_contact_with_law_enforcement"] is True


def test_that_nobody_asked_says_nothing_about_contact() -> None:
    stated: dict[str, FactValue] = {"law_enforcement_request_made": False}
    assert with_derived(stated, SIGNED) == stated


def test_a_month_without_that_day_ends_earlier() -> None:
    assert months_after(date(2025, 12, 31), 2) == date(2026, 2, 28)
