"""The immigration and benefit pathways of the seeds: each day its law, and what is never asked."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from casework.domain.conditions import FactValue, fact_codes
from casework.domain.derived_facts import with_derived
from casework.domain.pathways import Criterion, Pathway
from casework.domain.relief import Assessment, Outcome, assess
from casework.domain.rule_versions import in_force
from casework.domain.way_finding import assess_all
from tests.seeds import rows

NOW = date(2026, 11, 23)
PATHWAYS = rows.pathways()
FACTS = rows.facts()
_SINCE_2000 = """t-status u-status u-derivatives continued-presence t-derivative-spouse
    t-derivative-child t-derivative-parent hhs-certification hhs-child-eligibility asylum sij
    vawa-self-petition benefit-snap benefit-medicaid"""
_LATER = """t-derivative-sibling t-derivative-child-of-family continued-presence-civil-action
    hhs-child-interim sij-deferred-action a3-g5-stay benefit-refugee-cash-4-months
    benefit-refugee-cash-8-months benefit-refugee-cash-12-months benefit-refugee-services
    benefit-refugee-minors"""
SINCE_2000, LATER = _SINCE_2000.split(), _LATER.split()
OURS = [one for one in PATHWAYS if one.id in {*SINCE_2000, *LATER}]
COOPERATION = {
    "law_enforcement_request_made",
    "complied_with_request",
    "had_contact_with_law_enforcement",
    "willing_to_assist",
    "helpful_or_likely",
    "next_friend_helps",
    "potential_witness",
}


def on(pathway: str, facts: dict[str, FactValue], day: date = NOW) -> Assessment:
    (version,) = [each for each in in_force(PATHWAYS, day) if each.id == pathway]
    return assess(version, with_derived(facts, day), FACTS)


def asks_cooperation(criterion: Criterion) -> bool:
    return bool(fact_codes(criterion.when) & COOPERATION)


@pytest.mark.parametrize("id_", SINCE_2000)
def test_every_day_since_the_act_of_2000_has_exactly_one_version(id_: str) -> None:
    versions = sorted((one for one in PATHWAYS if one.id == id_), key=lambda one: one.in_force_from)
    assert versions[0].in_force_from <= date(2000, 10, 28)
    assert versions[-1].in_force_to is None
    for earlier, later in pairwise(versions):
        assert earlier.in_force_to == later.in_force_from - timedelta(days=1)


def test_every_pathway_of_the_brief_is_there_and_answers_a_demand_of_the_report() -> None:
    assert {one.id for one in OURS} == {*SINCE_2000, *LATER}
    assert all(one.report_rows and one.who_acts and one.advisories for one in OURS)


@pytest.mark.parametrize("pathway", OURS, ids=lambda one: f"{one.id}@{one.version}")
def test_cooperation_is_asked_only_where_the_law_of_the_pathway_asks(pathway: Pathway) -> None:
    asking = [one for one in (*pathway.criteria, *pathway.bars) if asks_cooperation(one)]
    own_law = {"t-status", "u-status", "hhs-certification", "continued-presence"}
    assert not asking or pathway.id in own_law
    if pathway.id in {"t-status", "hhs-certification"}:
        assert asking
        assert all(one.exemptions for one in asking)


REFUSED: dict[str, FactValue] = {
    "victim_labor_trafficking": True,
    "present_in_us": True,
    "present_on_account_of_trafficking": True,
    "extreme_hardship_on_removal": True,
    "admissible_or_waiver": True,
    "committed_trafficking": False,
    "trafficking_all_before_october_2000": False,
    "law_enforcement_request_made": True,
    "complied_with_request": False,
    "unable_to_cooperate_trauma": False,
}
AGED_16: dict[str, FactValue] = {
    "age_now_under_15": False,
    "age_now_under_18": True,
    "age_under_18_at_any_act": True,
}
GROWN_UP: dict[str, FactValue] = {**AGED_16, "age_now_under_18": False}
TRAUMA: dict[str, FactValue] = {
    "age_now_under_15": False,
    "age_now_under_18": False,
    "age_under_18_at_any_act": False,
    "unable_to_cooperate_trauma": True,
}


@pytest.mark.parametrize(
    ("facts", "day", "outcome"),
    [
        (AGED_16, date(2003, 12, 18), Outcome.UNLIKELY),
        (AGED_16, date(2003, 12, 19), Outcome.LIKELY),
        (GROWN_UP, date(2021, 10, 19), Outcome.UNLIKELY),
        (GROWN_UP, date(2021, 10, 20), Outcome.LIKELY),
        (TRAUMA, date(2006, 1, 4), Outcome.UNLIKELY),
        (TRAUMA, date(2006, 1, 5), Outcome.LIKELY),
    ],
)
def test_who_need_not_cooperate_for_t_status_has_grown_over_the_years(
    facts: dict[str, FactValue], day: date, outcome: Outcome
) -> None:
    assert on("t-status", {**REFUSED, **facts}, day).outcome is outcome


@pytest.mark.parametrize(
    ("day", "weight"),
    [(date(2017, 1, 17), "primary evidence"), (date(2017, 1, 18), "without special weight")],
)
def test_the_endorsement_lost_its_weight_in_2017(day: date, weight: str) -> None:
    found = {item.id: item.text for item in on("t-status", {}, day).evidence}
    assert weight in found["supplement-b"]


@pytest.mark.parametrize(
    ("pathway", "fact", "conflict"),
    [
        ("t-status", "holds_u_status", "holds-u-status"),
        ("u-status", "holds_t_status", "holds-t-status"),
        ("t-status", "signed_return_paper_elsewhere", "signed-return-paper"),
        ("t-status", "signed_waiver_of_rights", "signed-waiver"),
        ("t-status", "child_withdrawal_signed", "child-withdrawal"),
    ],
)
def test_a_conflict_is_shown_unless_it_is_known_not_to_be(
    pathway: str, fact: str, conflict: str
) -> None:
    assert conflict in {one.id for one in on(pathway, {fact: True}).conflicts}
    assert conflict not in {one.id for one in on(pathway, {fact: False}).conflicts}


@pytest.mark.parametrize("crime", ["stalking", "fraud_in_foreign_labor_contracting"])
def test_two_crimes_joined_the_list_of_u_status_in_2013(crime: str) -> None:
    before = on("u-status", {"qualifying_crime": crime}, date(2013, 3, 6))
    since = on("u-status", {"qualifying_crime": crime}, date(2013, 3, 7))
    assert (before.outcome, since.outcome) == (Outcome.UNLIKELY, Outcome.POSSIBLE)


def test_a_labor_authority_can_certify_and_a_next_friend_can_help() -> None:
    facts: dict[str, FactValue] = {
        "certifier_kind": "nlrb",
        "under_16_at_crime": True,
        "helpful_or_likely": False,
        "next_friend_helps": True,
    }
    found = {one.id: one for one in on("u-status", facts).criteria}
    assert found["certifier"].value.name == "YES"
    assert found["helpful"].exemption == "next-friend-help"


SIBLING: dict[str, FactValue] = {
    "family_relation_to_principal": "sibling",
    "principal_relief": "t",
    "principal_under_21_at_filing": False,
    "danger_of_retaliation": True,
    "under_18_when_principal_filed": True,
    "unmarried_when_principal_filed": True,
    "unmarried_now": True,
    "admissible_or_waiver": True,
    "committed_trafficking": False,
}


def test_danger_of_retaliation_opens_the_way_for_a_brother_since_2008() -> None:
    before = on("t-derivative-sibling", SIBLING, date(2008, 12, 22))
    since = on("t-derivative-sibling", SIBLING, date(2008, 12, 23))
    assert (before.outcome, since.outcome) == (Outcome.UNLIKELY, Outcome.LIKELY)


def test_a_marriage_after_the_filing_counts_for_t_status_since_october_2021() -> None:
    facts: dict[str, FactValue] = {
        **SIBLING,
        "family_relation_to_principal": "spouse",
        "married_to_principal_when_filed": False,
        "married_to_principal_now": True,
    }
    before = on("t-derivative-spouse", facts, date(2021, 10, 19))
    since = on("t-derivative-spouse", facts, date(2021, 10, 20))
    assert (before.outcome, since.outcome) == (Outcome.UNLIKELY, Outcome.LIKELY)


def test_a_birthday_after_the_filing_closes_nothing() -> None:
    facts: dict[str, FactValue] = {
        **SIBLING,
        "family_relation_to_principal": "child",
        "under_21_when_principal_filed": True,
        "age_now_under_21": False,
    }
    assert on("t-derivative-child", facts).outcome is Outcome.LIKELY


def test_a_civil_action_lets_a_person_stay_without_any_help_to_police() -> None:
    facts: dict[str, FactValue] = {
        "civil_action_1595_pending": True,
        "civil_action_diligent": True,
        "victim_labor_trafficking": True,
        "present_in_us": True,
        "excluded_ground_of_inadmissibility": False,
        "complied_with_request": False,
    }
    assert on("continued-presence-civil-action", facts).outcome is Outcome.LIKELY
    left_lying = {**facts, "civil_action_diligent": False}
    assert on("continued-presence-civil-action", left_lying).outcome is Outcome.UNLIKELY


def test_an_unaccompanied_child_has_no_year_for_asylum() -> None:
    late: dict[str, FactValue] = {"asylum_year_open": False, "unaccompanied_child": True}
    year = next(one for one in on("asylum", late).criteria if one.id == "one-year")
    assert year.exemption == "unaccompanied-child"


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        (date(2025, 6, 5), Outcome.LIKELY),
        (date(2025, 6, 6), Outcome.UNLIKELY),
        (date(2025, 11, 18), Outcome.UNLIKELY),
        (date(2025, 11, 19), Outcome.POSSIBLE),
    ],
)
def test_deferred_action_for_juveniles_was_ended_and_the_end_was_stayed(
    day: date, outcome: Outcome
) -> None:
    facts: dict[str, FactValue] = {"sij_petition_approved": True, "visa_number_available": False}
    assert on("sij-deferred-action", facts, day).outcome is outcome


WITH_LETTER: dict[str, FactValue] = {
    "hhs_letter_kind": "certification",
    "citizen_or_resident": "neither",
    "within_benefit_income_limits": True,
    "holds_t_status": True,
}


@pytest.mark.parametrize(
    ("pathway", "day", "outcome"),
    [
        ("benefit-snap", date(2025, 10, 31), Outcome.LIKELY),
        ("benefit-snap", date(2025, 11, 1), Outcome.UNLIKELY),
        ("benefit-medicaid", date(2026, 9, 30), Outcome.LIKELY),
        ("benefit-medicaid", date(2026, 10, 1), Outcome.NEEDS_INFORMATION),
    ],
)
def test_what_a_letter_still_opens(pathway: str, day: date, outcome: Outcome) -> None:
    assert on(pathway, WITH_LETTER, day).outcome is outcome


@pytest.mark.parametrize(
    ("dated", "months"),
    [
        (date(2021, 9, 30), "8"),
        (date(2021, 10, 1), "12"),
        (date(2025, 5, 4), "12"),
        (date(2025, 5, 5), "4"),
    ],
)
def test_the_months_of_refugee_cash_follow_the_date_of_the_letter(dated: date, months: str) -> None:
    day = dated + timedelta(days=60)
    facts: dict[str, FactValue] = {**WITH_LETTER, "hhs_letter_dated": dated}
    found = assess_all(in_force(PATHWAYS, day), facts, FACTS, on=day)
    cash = {one.pathway for one in found.assessments if "refugee-cash" in one.pathway}
    assert cash == {f"benefit-refugee-cash-{months}-months"}


def test_only_the_letter_for_adults_asks_for_willingness() -> None:
    child: dict[str, FactValue] = {
        "age_now_under_18": True,
        "citizen_or_resident": "neither",
        "credible_information_child_trafficked": True,
        "willing_to_assist": False,
    }
    assert on("hhs-child-interim", child).outcome is Outcome.LIKELY
    adult: dict[str, FactValue] = {
        "age_now_under_18": False,
        "victim_sex_trafficking": True,
        "continued_presence_granted": True,
        "willing_to_assist": False,
        "unable_to_cooperate_trauma": True,
    }
    assert on("hhs-certification", adult).outcome is Outcome.LIKELY


@pytest.mark.parametrize("group", ["family", "asylum", "benefits"])
def test_the_new_facts_speak_spanish_and_arabic(group: str) -> None:
    ours = [fact for fact in FACTS.values() if fact.group == group]
    assert ours
    assert all({"es", "ar"} <= set(fact.translations) for fact in ours)
    assert all(fact.report_rows for fact in ours)
