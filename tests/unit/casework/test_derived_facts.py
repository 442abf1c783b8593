"""What follows from a date on a given day."""

from datetime import date

import pytest

from casework.domain.conditions import FactValue
from casework.domain.derived_facts import months_after, with_derived

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


def test_a_date_keeps_up_where_a_statement_does_not() -> None:
    stated: dict[str, FactValue] = {"age_now_under_18": True, "date_of_birth": date(2000, 1, 1)}
    assert with_derived(stated, SIGNED)["age_now_under_18"] is False


def test_a_date_still_to_come_or_of_another_type_says_nothing() -> None:
    facts: dict[str, FactValue] = {
        "certification_signed_on": date(2026, 9, 1),
        "date_of_birth": "long ago",
    }
    assert with_derived(facts, SIGNED) == facts


def test_a_month_without_that_day_ends_earlier() -> None:
    assert months_after(date(2025, 12, 31), 2) == date(2026, 2, 28)
