"""Facts that follow from a known date on a given day, so that nobody has to keep them current."""

from calendar import monthrange
from datetime import date

from casework.domain.conditions import Facts, FactValue

CERTIFICATION_MONTHS = 6
"""8 CFR 214.14(c)(2)(i): a petition must be filed within 6 months of the certifier's signature."""
MAJORITY_MONTHS = 18 * 12


def with_derived(facts: Facts, on: date) -> dict[str, FactValue]:
    """The facts, and those that follow from them on the day `on`.

    `certification_in_date` follows from `certification_signed_on`, `age_now_under_18` from
    `date_of_birth`. A date after `on` says nothing. What follows from a date replaces what was
    once stated, because only the date keeps up with the day.
    """
    derived = dict(facts)
    signed, born = facts.get("certification_signed_on"), facts.get("date_of_birth")
    if isinstance(signed, date) and signed <= on:
        derived["certification_in_date"] = on <= months_after(signed, CERTIFICATION_MONTHS)
    if isinstance(born, date) and born <= on:
        derived["age_now_under_18"] = on < months_after(born, MAJORITY_MONTHS)
    return derived


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later; the month's last day where there is none such."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
