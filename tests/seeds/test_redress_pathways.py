"""Redress, wages, courts of intervention, return and non-punishment, held against the day's law."""

from datetime import date

import pytest

from casework.domain.conditions import FactValue, fact_codes
from casework.domain.pathways import Pathway
from casework.domain.relief import Assessment, Outcome, assess
from casework.domain.rule_versions import in_force
from casework.domain.ternary import Ternary
from tests.seeds import rows

TODAY = date(2026, 11, 24)
Known = dict[str, FactValue]

LABOR: Known = {"victim_labor_trafficking": True}
SUED_IN_TIME: Known = LABOR | {"within_10_years_of_claim": True, "within_4_years_of_claim": True}
GOING_HOME: Known = {
    "wants_to_return": True,
    "return_options_explained": True,
    "return_interpreter_used": True,
    "return_time_to_think": True,
    "return_free_of_pressure": True,
    "age_now_under_18": False,
    "return_risk_assessment_done": True,
    "at_risk_of_trafficking_on_return": False,
    "fear_of_persecution_on_return": False,
    "fear_of_persecution": False,
    "grave_harm_on_return": False,
    "reception_arranged": True,
}
CHARGED_IN_NEW_YORK: Known = {
    "charge_pending": True,
    "conviction_jurisdiction": "NY",
    "conviction_offence": "prostitution",
    "wants_intervention_court": True,
}


def held(name: str, on: date = TODAY) -> Pathway | None:
    return next((row for row in in_force(rows.pathways(), on) if row.id == name), None)


def assessed(name: str, facts: Known, on: date = TODAY) -> Assessment:
    pathway = held(name, on)
    assert pathway, f"{name} does not hold on {on}"
    return assess(pathway, facts, rows.facts())


def outcome(name: str, facts: Known, on: date = TODAY) -> Outcome:
    return assessed(name, facts, on).outcome


def conflicts(name: str, facts: Known) -> dict[str, Ternary]:
    return {each.id: each.value for each in assessed(name, facts).conflicts}


def test_restitution_waits_for_the_conviction_and_needs_no_cooperation() -> None:
    case: Known = LABOR | {
        "exploiter_chapter_77": True,
        "harmed_by_charged_offence": True,
        "has_losses": True,
    }
    charged = assessed("restitution", case | {"exploiter_prosecution": "charged"})
    assert charged.outcome is Outcome.POSSIBLE
    assert any("still open" in said for each in charged.criteria for said in each.stated)
    convicted = case | {"exploiter_prosecution": "convicted", "complied_with_request": False}
    assert outcome("restitution", convicted) is Outcome.LIKELY


def test_a_signed_release_is_shown_and_never_ends_restitution() -> None:
    found = conflicts("restitution", {"signed_release": True})
    assert found["signed-release"] is Ternary.YES
    assert not assessed("restitution", {}, date(2000, 10, 28)).bars


@pytest.mark.parametrize(
    ("who", "last_day_without", "first_day_with"),
    [
        ("beneficiary_can_be_sued", date(2008, 12, 22), date(2008, 12, 23)),
        ("attempted_beneficiary_can_be_sued", date(2023, 1, 4), date(2023, 1, 5)),
    ],
)
def test_who_can_be_sued_grows_with_the_law(
    who: str, last_day_without: date, first_day_with: date
) -> None:
    others: Known = dict.fromkeys(
        [
            "perpetrator_can_be_sued",
            "beneficiary_can_be_sued",
            "attempted_beneficiary_can_be_sued",
        ],
        False,
    )
    case: Known = SUED_IN_TIME | others | {who: True}
    assert outcome("civil-action-1595", case, last_day_without) is Outcome.UNLIKELY
    assert outcome("civil-action-1595", case, first_day_with) is Outcome.LIKELY


def test_there_was_no_civil_action_before_2003_12_19() -> None:
    assert held("civil-action-1595", date(2003, 12, 18)) is None
    assert held("civil-action-1595", date(2003, 12, 19))


def test_those_harmed_as_minors_have_longer_since_2015_05_29() -> None:
    case: Known = LABOR | {
        "perpetrator_can_be_sued": True,
        "within_10_years_of_claim": False,
        "limitation_may_be_tolled": False,
        "age_under_18_at_any_act": True,
        "under_28_now": True,
    }
    assert outcome("civil-action-1595", case, date(2015, 5, 28)) is Outcome.UNLIKELY
    assert outcome("civil-action-1595", case, date(2015, 5, 29)) is Outcome.LIKELY


def test_an_open_criminal_case_stays_the_lawsuit() -> None:
    found = conflicts("civil-action-1595", {"exploiter_prosecution": "charged"})
    assert found["criminal-case-open"] is Ternary.YES
    ended = conflicts("civil-action-1595", {"exploiter_prosecution": "convicted"})
    assert "criminal-case-open" not in ended


@pytest.mark.parametrize(
    ("born", "expected"),
    [(date(1994, 9, 16), Outcome.LIKELY), (date(1994, 9, 15), Outcome.UNLIKELY)],
)
def test_a_claim_that_had_run_out_in_2022_is_not_revived(born: date, expected: Outcome) -> None:
    case: Known = LABOR | {
        "age_under_18_at_any_act": True,
        "personal_injury": True,
        "perpetrator_can_be_sued": True,
        "exploitation_ended_on": date(2010, 1, 1),
        "harm_discovered_on": date(2010, 1, 1),
        "date_of_birth": born,
    }
    assert outcome("civil-action-2255", case) is expected


def test_wages_are_doubled_by_the_law_and_tripled_in_the_report() -> None:
    claim = held("flsa-wage-claim")
    assert claim
    assert any("double" in gift for gift in claim.gives)
    assert any("three times" in said and "¶63" in said for said in claim.advisories)


def test_a_wilful_employer_can_be_claimed_from_for_a_third_year() -> None:
    case: Known = {
        "unpaid_or_underpaid": True,
        "work_covered_by_flsa": True,
        "within_2_years_of_pay_day": False,
        "within_3_years_of_pay_day": True,
        "limitation_may_be_tolled": False,
    }
    assert outcome("flsa-wage-claim", case | {"violation_wilful": True}) is Outcome.LIKELY
    assert outcome("flsa-wage-claim", case | {"violation_wilful": False}) is Outcome.UNLIKELY


def test_h_2a_workers_stand_outside_the_farm_workers_act_and_others_need_a_state_period() -> None:
    case: Known = {"sector_agriculture": True, "unpaid_or_underpaid": True}
    assert outcome("msawpa-claim", case | {"visa_class": "H-2A"}) is Outcome.UNLIKELY
    assert outcome("msawpa-claim", case | {"visa_class": "H-2B"}) is Outcome.POSSIBLE


@pytest.mark.parametrize(
    "outside", ["sector_agriculture", "sector_domestic_work", "public_employer"]
)
def test_who_stands_outside_the_labor_relations_act(outside: str) -> None:
    case: Known = {
        "punished_for_acting_together": True,
        "within_6_months_of_unfair_practice": True,
    }
    assert outcome("nlrb-charge", case | {outside: True}) is Outcome.UNLIKELY


def test_compensation_can_do_without_cooperation_for_sure_since_2021_07_22() -> None:
    case: Known = LABOR | {
        "compensation_expenses": True,
        "compensation_deadline_open": True,
        "compensation_cooperation_waived": True,
        "had_contact_with_law_enforcement": False,
    }
    assert outcome("crime-victim-compensation", case, date(2021, 7, 21)) is Outcome.POSSIBLE
    assert outcome("crime-victim-compensation", case, date(2021, 7, 22)) is Outcome.LIKELY


def test_a_state_period_that_nobody_confirmed_never_closes_a_claim() -> None:
    result = assessed("crime-victim-compensation", {"compensation_deadline_open": False})
    (in_time,) = (each for each in result.criteria if each.id == "in-time")
    assert in_time.value is Ternary.UNKNOWN
    assert in_time.stated


def test_the_court_is_reached_by_an_arrest_and_by_complaint_only_where_it_says_so() -> None:
    assert outcome("ny-intervention-court", CHARGED_IN_NEW_YORK) is Outcome.LIKELY
    wish: Known = LABOR | {"wants_intervention_court": True}
    refused = assessed(
        "intervention-court-by-complaint", wish | {"court_accepts_complaints": False}
    )
    assert refused.outcome is Outcome.UNLIKELY
    assert any("report asks" in said for each in refused.criteria for said in each.stated)
    assert outcome("intervention-court-by-complaint", wish) is Outcome.NEEDS_INFORMATION


def test_going_home_is_clear_only_when_every_answer_is_there() -> None:
    assert outcome("voluntary-return", GOING_HOME) is Outcome.LIKELY


@pytest.mark.parametrize("missing", GOING_HOME)
def test_no_unknown_ever_clears_a_return(missing: str) -> None:
    without = {code: value for code, value in GOING_HOME.items() if code != missing}
    assert outcome("voluntary-return", without) is Outcome.NEEDS_INFORMATION


@pytest.mark.parametrize(
    "risk",
    ["at_risk_of_trafficking_on_return", "fear_of_persecution_on_return", "grave_harm_on_return"],
)
def test_a_risk_bars_a_return_whatever_else_is_known(risk: str) -> None:
    found = assessed("voluntary-return", GOING_HOME | {risk: True})
    assert found.outcome is Outcome.UNLIKELY
    assert any(bar.value is Ternary.YES for bar in found.bars)


def test_a_child_goes_home_only_in_its_own_best_interest() -> None:
    child = GOING_HOME | {"age_now_under_18": True}
    assert outcome("voluntary-return", child) is Outcome.NEEDS_INFORMATION
    assert (
        outcome("voluntary-return", child | {"return_in_childs_best_interest": False})
        is Outcome.UNLIKELY
    )


def test_a_paper_signed_elsewhere_and_claimed_hardship_collide_with_a_return() -> None:
    found = conflicts(
        "voluntary-return",
        {"signed_return_paper_elsewhere": True, "extreme_hardship_on_removal": True},
    )
    assert found["waived-elsewhere"] is Ternary.YES
    assert found["hardship-claimed"] is Ternary.YES


def test_the_principle_is_international_and_the_federal_defence_begins_in_2026() -> None:
    brief = held("non-punishment-brief")
    assert brief
    assert brief.jurisdiction == "international"
    assert brief.per_offence
    assert held("federal-duress-defence", date(2026, 1, 22)) is None
    assert held("federal-duress-defence", date(2026, 1, 23))


def test_a_child_charged_with_prostitution_needs_no_tie_shown() -> None:
    case: Known = {
        "victim_sex_trafficking": True,
        "charge_pending": True,
        "conviction_offence": "prostitution",
        "under_18_at_offence": True,
        "conviction_direct_result": False,
    }
    assert outcome("non-punishment-brief", case) is Outcome.LIKELY


def test_only_compensation_asks_about_law_enforcement_and_its_waiver_comes_first() -> None:
    asked = {fact.code for fact in rows.facts().values() if fact.group == "law_enforcement"}
    redress = [row for row in rows.pathways() if row.kind in {"redress", "return"}]
    asking = {
        row.id
        for row in redress
        for part in (*row.criteria, *row.bars)
        if fact_codes(part.when) & asked
    }
    assert asking <= {"crime-victim-compensation"}
    now = assessed("crime-victim-compensation", {})
    (cooperation,) = (each for each in now.criteria if each.id == "cooperation")
    assert cooperation.unknown[0] == "compensation_cooperation_waived"


def test_every_need_of_the_report_can_be_recorded_and_a_gap_as_well() -> None:
    needs = {fact.code for fact in rows.facts().values() if fact.group == "needs"}
    gaps = set(rows.facts()["need_unserved"].options) - {"none", "several"}
    assert len(gaps) == 14
    assert {f"need_{kind}" for kind in gaps} <= needs


OURS = ("redress", "wages", "needs", "safety", "parties", "wishes", "return")


def test_what_is_asked_here_is_asked_in_three_languages() -> None:
    asked = [fact for fact in rows.facts().values() if fact.group in OURS]
    assert len(asked) > 100
    assert all(set(fact.translations) >= {"es", "ar"} for fact in asked)
    assert all(fact.report_rows for fact in asked)


def test_names_places_and_own_words_are_personal() -> None:
    facts = rows.facts()
    free = [fact for fact in facts.values() if fact.group in OURS and fact.type == "text"]
    assert all(fact.personal for fact in free if not fact.pattern)
