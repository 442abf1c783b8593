"""The pathways of the seeds on the facts of cases."""

from datetime import date
from typing import Any

import pytest

from casework.domain.conditions import FactValue
from casework.domain.derived_facts import with_derived
from casework.domain.pathways import Pathway
from casework.domain.relief import Assessment, CriterionResult, Outcome, assess
from casework.domain.rule_versions import in_force
from casework.domain.ternary import Ternary
from tests.row_by_row import every
from tests.seeds import rows

NOW = date(2026, 11, 23)
DEFINITIONS = rows.facts()
PATHWAYS = rows.pathways()


def on(pathway: str, facts: dict[str, Any], day: date = NOW) -> Assessment:
    (version,) = [each for each in in_force(PATHWAYS, day) if each.id == pathway]
    return assess(version, with_derived(facts, day), DEFINITIONS)


def criterion(found: Assessment, id_: str) -> CriterionResult:
    return next(each for each in found.criteria if each.id == id_)


T_REST = {
    "victim_labor_trafficking": True,
    "present_in_us": True,
    "present_on_account_of_trafficking": True,
    "extreme_hardship_on_removal": True,
    "admissible_or_waiver": True,
    "committed_trafficking": False,
}
REFUSED = {"law_enforcement_request_made": True, "complied_with_request": False}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({**REFUSED, "age_under_18_at_any_act": True}, Outcome.LIKELY),
        ({**REFUSED, "unable_to_cooperate_trauma": True}, Outcome.LIKELY),
        (REFUSED, Outcome.POSSIBLE),
        (
            {**REFUSED, "age_under_18_at_any_act": False, "unable_to_cooperate_trauma": False},
            Outcome.UNLIKELY,
        ),
        ({"law_enforcement_request_made": True, "complied_with_request": True}, Outcome.LIKELY),
        ({"complied_with_request": True}, Outcome.LIKELY),
        ({"law_enforcement_request_made": False}, Outcome.POSSIBLE),
        (
            {"law_enforcement_request_made": False, "had_contact_with_law_enforcement": True},
            Outcome.LIKELY,
        ),
        ({"age_under_18_at_any_act": True, "committed_trafficking": True}, Outcome.UNLIKELY),
    ],
)
def test_t_status_and_cooperation(facts: dict[str, FactValue], outcome: Outcome) -> None:
    assert on("t-status", {**T_REST, **facts}).outcome is outcome


def test_t_status_asks_about_the_exemptions_before_cooperation() -> None:
    asked = [question.fact for question in on("t-status", {}).ask_next]
    exemptions = max(map(asked.index, ("age_under_18_at_any_act", "unable_to_cooperate_trauma")))
    cooperation = ("complied_with_request", "law_enforcement_request_made")
    assert exemptions < min(map(asked.index, cooperation))


@pytest.mark.parametrize("day", [NOW, date(2022, 1, 1), date(2018, 1, 1), date(2001, 1, 1)])
def test_where_nobody_asked_nobody_is_asked_whether_they_could_do_it(day: date) -> None:
    nothing_asked = {"law_enforcement_request_made": False}
    known: tuple[dict[str, bool], ...] = ({}, {"had_contact_with_law_enforcement": False})
    for more in known:
        found = on("t-status", {**T_REST, **nothing_asked, **more}, day)
        asked = [question.fact for question in found.ask_next]
        assert asked
        assert "complied_with_request" not in asked
    assert "complied_with_request" in [one.fact for one in on("t-status", T_REST, day).ask_next]


def test_t_status_never_rests_on_an_answer_that_was_not_given() -> None:
    found = on("t-status", {})
    assert found.outcome is Outcome.NEEDS_INFORMATION
    assert {each.value for each in found.criteria + found.bars} == {Ternary.UNKNOWN}


@pytest.mark.parametrize(
    ("day", "exemption"), [(date(2021, 10, 19), ""), (date(2021, 10, 20), "minor-at-act")]
)
def test_a_grown_up_who_was_a_child_then_is_exempt_since_the_reading_of_2021(
    day: date, exemption: str
) -> None:
    facts = {"age_under_18_at_any_act": True, "age_now_under_18": False}
    assert criterion(on("t-status", facts, day), "reasonable-requests").exemption == exemption


U_MET: dict[str, FactValue] = {
    "qualifying_crime": "fraud_in_foreign_labor_contracting",
    "certifier_kind": "police",
    "substantial_abuse": True,
    "has_information": True,
    "helpful_or_likely": True,
    "crime_violated_us_law": True,
    "admissible_or_waiver": True,
}


@pytest.mark.parametrize(
    ("signed_on", "outcome"),
    [
        (date(2026, 5, 23), Outcome.LIKELY),
        (date(2026, 5, 22), Outcome.UNLIKELY),
        (None, Outcome.POSSIBLE),
    ],
)
def test_u_status_needs_a_fresh_certification(signed_on: date | None, outcome: Outcome) -> None:
    facts = {**U_MET, "certification_signed_on": signed_on} if signed_on else U_MET
    assert on("u-status", facts).outcome is outcome


def test_no_qualifying_crime_closes_u_status() -> None:
    assert on("u-status", {"qualifying_crime": "none"}).outcome is Outcome.UNLIKELY


def test_continued_presence_waits_for_law_enforcement_to_ask() -> None:
    facts = {"victim_sex_trafficking": True, "present_in_us": True, "potential_witness": True}
    found = on("continued-presence", facts)
    assert found.outcome is Outcome.POSSIBLE
    assert [question.fact for question in found.ask_next] == ["law_enforcement_sponsor"]
    sponsored = on("continued-presence", {**facts, "law_enforcement_sponsor": True})
    assert sponsored.outcome is Outcome.LIKELY


RECORD = {"victim_sex_trafficking": True, "conviction_direct_result": True}
CONVICTED = {**RECORD, "federal_conviction": True, "federal_arrest_only": False}
ARRESTED = {**RECORD, "federal_conviction": False, "federal_arrest_only": True}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({**CONVICTED, "offence_violent": False}, Outcome.LIKELY),
        ({**CONVICTED, "offence_violent": True, "offence_child_victim": False}, Outcome.UNLIKELY),
        ({**ARRESTED, "offence_violent": True, "offence_child_victim": False}, Outcome.LIKELY),
        ({**ARRESTED, "offence_violent": True, "offence_child_victim": True}, Outcome.UNLIKELY),
        (ARRESTED, Outcome.POSSIBLE),
        (RECORD, Outcome.NEEDS_INFORMATION),
        ({**RECORD, "federal_conviction": False, "federal_arrest_only": False}, Outcome.UNLIKELY),
    ],
)
def test_federal_vacatur_by_offence(facts: dict[str, FactValue], outcome: Outcome) -> None:
    assert on("federal-vacatur", facts).outcome is outcome


@every(PATHWAYS, lambda pathway: f"{pathway.id}@{pathway.version}")
def test_no_pathway_calls_anybody_a_victim_or_not_one(pathway: Pathway) -> None:
    words = pathway.model_dump_json().lower()
    assert "is a victim" not in words
    assert "not a victim" not in words
