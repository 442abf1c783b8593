"""Facts that follow from a known date on a given day, so that nobody has to keep them current."""

from calendar import monthrange
from datetime import date

from casework.domain.conditions import Facts, FactValue
from casework.domain.record_facts import with_record_facts

CERTIFICATION_MONTHS = 6
"""8 CFR 214.14(c)(2)(i): a petition must be filed within 6 months of the certifier's signature."""
_WHILE_OPEN = (
    ("last_arrival_on", 12, "asylum_year_open"),  # 8 USC 1158(a)(2)(B)
    ("last_unpaid_pay_day", 24, "within_2_years_of_pay_day"),  # 29 USC 255
    ("last_unpaid_pay_day", 36, "within_3_years_of_pay_day"),  # 29 USC 255, wilful
    ("exploitation_ended_on", 48, "within_4_years_of_claim"),
    ("exploitation_ended_on", 120, "within_10_years_of_claim"),  # 18 USC 1595(c)
    ("harm_discovered_on", 120, "within_10_years_of_discovery"),  # 18 USC 2255(b) until 2022
    ("date_of_birth", 28 * 12, "under_28_now"),  # 18 USC 1595(c): ten years after the 18th birthday
)
"""A date, months from it, and what is so until their last day. Only the yes follows: once they are
over, a filing made in time or a reason for more time may still help, and a lawyer says so."""
_CASH_MONTHS = ((date(2021, 10, 1), 8), (date(2025, 5, 5), 12), (date.max, 4))
"""45 CFR 400.211; 90 FR 13370: months of refugee cash assistance, by the day before which the
person became eligible."""
_AGES = {15: "age_now_under_15", 18: "age_now_under_18", 21: "age_now_under_21"}
_AGES_AT_FILING = {18: "under_18_when_principal_filed", 21: "under_21_when_principal_filed"}


def with_derived(facts: Facts, on: date) -> dict[str, FactValue]:
    """The facts, and those that follow from them on the day `on`.

    Ages follow from `date_of_birth`, `certification_in_date` from `certification_signed_on`, the
    ages that the principal's filing freezes from `principal_filed_on`, that cash assistance is open
    from `hhs_letter_dated`, that a period of `_WHILE_OPEN` is from its date. A date after `on` says
    nothing. What follows from a date replaces what was once stated, because only the date keeps up
    with the day.
    """
    derived = with_record_facts(facts)
    signed = _past(facts, "certification_signed_on", on)
    if signed:
        derived["certification_in_date"] = on <= months_after(signed, CERTIFICATION_MONTHS)
    born, filed = _past(facts, "date_of_birth", on), _past(facts, "principal_filed_on", on)
    if born:
        derived |= {code: on < months_after(born, 12 * age) for age, code in _AGES.items()}
    if born and filed:
        derived |= {
            code: filed < months_after(born, 12 * age) for age, code in _AGES_AT_FILING.items()
        }
    letter = _past(facts, "hhs_letter_dated", on)
    if letter:
        months = next(months for before, months in _CASH_MONTHS if letter < before)
        derived["refugee_cash_months_open"] = on <= months_after(letter, months)
    for source, months, code in _WHILE_OPEN:
        start = _past(facts, source, on)
        if start and on <= months_after(start, months):
            derived[code] = True
    return derived


def _past(facts: Facts, code: str, on: date) -> date | None:
    day = facts.get(code)
    return day if isinstance(day, date) and day <= on else None


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later; the month's last day where there is none such."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
