"""Facts that follow from others, so that nobody has to keep them current or is asked twice."""

from collections.abc import Iterable
from datetime import date, timedelta

from casework.domain.conditions import Facts, FactValue
from casework.domain.counting import months_after
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
_SERVICE_MONTHS = 60
"""45 CFR 400.152: months of the refugee programme's services."""
_INTERIM, _INTERIM_AT_MOST = timedelta(days=90), timedelta(days=120)
"""22 USC 7105(b)(1)(F)(iii): interim help for a child, and with the one extension there may be."""
_TIED_VISAS = frozenset({"A-3", "B-1", "G-5", "H-1B", "H-2A", "H-2B", "J-1", "NATO-7"})
"""A/HRC/35/37/Add.2 ¶11, ¶13, ¶17: with these, losing the job means losing the status."""
_AGES = {15: "age_now_under_15", 18: "age_now_under_18", 21: "age_now_under_21"}
_AGES_AT_FILING = {18: "under_18_when_principal_filed", 21: "under_21_when_principal_filed"}


def with_derived(facts: Facts, on: date, record: Iterable[Facts] = ()) -> dict[str, FactValue]:
    """The facts, and those that follow from them on the day `on`, and from the whole `record`.

    Ages follow from `date_of_birth`, `certification_in_date` from `certification_signed_on`, the
    ages that the principal's filing freezes from `principal_filed_on`, that cash assistance,
    services or interim help are open from `hhs_letter_dated`, that a period of `_WHILE_OPEN` is
    from its date. A date after `on` says nothing. What follows from a date replaces what was once
    stated, because only the date keeps up with the day. What follows from another answer
    (`_implied`) gives way to what was stated itself.
    """
    derived = {**_implied(facts), **with_record_facts(facts, record)}
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
        derived |= _open_by_letter(letter, facts.get("hhs_letter_kind"), on)
    for source, months, code in _WHILE_OPEN:
        start = _past(facts, source, on)
        if start and on <= months_after(start, months):
            derived[code] = True
    return derived


def _implied(facts: Facts) -> dict[str, FactValue]:
    """What an answer to one question says about another; only the yes ever follows.

    A visa of a class that ties to an employer is a tied visa. Whoever was asked for help by law
    enforcement, or could say whether they gave it, is known to law enforcement.
    """
    implied: dict[str, FactValue] = {}
    if facts.get("visa_class") in _TIED_VISAS:
        implied["tied_visa"] = True
    asked = facts.get("law_enforcement_request_made") is True
    if asked or isinstance(facts.get("complied_with_request"), bool):
        implied["had_contact_with_law_enforcement"] = True
    return implied


def _open_by_letter(letter: date, kind: FactValue | None, on: date) -> dict[str, FactValue]:
    months = next(months for before, months in _CASH_MONTHS if letter < before)
    found: dict[str, FactValue] = {
        "refugee_cash_months_open": on <= months_after(letter, months),
        "refugee_service_months_open": on <= months_after(letter, _SERVICE_MONTHS),
    }
    passed = on - letter
    if kind == "interim" and not _INTERIM < passed <= _INTERIM_AT_MOST:
        found["hhs_interim_open"] = passed <= _INTERIM
    return found


def _past(facts: Facts, code: str, on: date) -> date | None:
    day = facts.get(code)
    return day if isinstance(day, date) and day <= on else None
