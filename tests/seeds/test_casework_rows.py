"""The knowledge of casework: every row parses, names its source and waits for review."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from casework.domain.clocks import ClockRule
from casework.domain.conditions import fact_codes, fact_tests
from casework.domain.facts import FactDefinition, FactType
from casework.domain.pathways import Criterion, Pathway
from casework.domain.relief import Outcome, assess
from casework.domain.rule_versions import RuleVersion, in_force
from tests.row_by_row import every
from tests.seeds import rows

RULES: list[RuleVersion] = [*rows.pathways(), *rows.clocks()]
FACTS = rows.facts()


def named(rule: RuleVersion) -> str:
    return f"{rule.id}@{rule.version}"


def conditions_of(pathway: Pathway) -> list[Criterion]:
    return [*pathway.criteria, *pathway.bars]


@every(RULES, named)
def test_a_rule_cites_sources_that_exist_and_is_not_reviewed_yet(rule: RuleVersion) -> None:
    assert set(rule.law_sources) <= set(rows.sources())
    assert rule.citation
    assert rule.reviewed is False


def test_a_fact_written_as_such_names_its_sources() -> None:
    written = {row["code"] for row in rows.rows("facts")}
    assert not {code for code in written if not FACTS[code].law_sources}


@every(FACTS.values(), lambda fact: fact.code)
def test_a_fact_explains_itself_and_cites_a_source(fact: FactDefinition) -> None:
    assert set(fact.law_sources) <= set(rows.sources())
    assert all((fact.question, fact.why_we_ask, fact.how_to_ask, fact.meaning, fact.citation))
    assert fact.reviewed is False


def test_no_source_is_reviewed_yet_and_none_stands_twice() -> None:
    assert not any(source.reviewed for source in rows.sources().values())
    assert len(rows.rows("sources")) == len(rows.sources())


@pytest.mark.parametrize("kind", ["facts", "ladders"])
def test_no_code_stands_twice(kind: str) -> None:
    keys = Counter(row.get("code") or row["id"] for row in rows.rows(kind))
    assert set(keys.values()) == {1}


def test_no_version_stands_twice() -> None:
    assert set(Counter(map(named, RULES)).values()) == {1}


def test_no_two_versions_of_a_rule_hold_on_the_same_day() -> None:
    ordered = sorted(RULES, key=lambda rule: (rule.id, rule.in_force_from or date.min))
    for earlier, later in pairwise(ordered):
        if earlier.id == later.id and later.in_force_from:
            assert earlier.in_force_to
            assert earlier.in_force_to < later.in_force_from


@every(rows.pathways(), named)
def test_a_pathway_asks_only_for_facts_of_the_vocabulary(pathway: Pathway) -> None:
    for criterion in conditions_of(pathway):
        for condition in (criterion.when, *(each.when for each in criterion.exemptions)):
            assert fact_codes(condition) <= set(FACTS)


@every(rows.pathways(), named)
def test_a_pathway_holds_a_fact_only_against_values_it_can_have(pathway: Pathway) -> None:
    python_type = {
        FactType.BOOLEAN: bool,
        FactType.CHOICE: str,
        FactType.DATE: date,
        FactType.INTEGER: int,
    }
    for criterion in conditions_of(pathway):
        for test in fact_tests(criterion.when):
            fact = FACTS[test.fact]
            assert {type(value) for value in test.mentioned()} == {python_type[fact.type]}
            assert fact.type is not FactType.CHOICE or set(test.mentioned()) <= set(fact.options)


@every(rows.pathways(), named)
def test_the_ids_inside_a_pathway_are_its_own(pathway: Pathway) -> None:
    ids = Counter(criterion.id for criterion in conditions_of(pathway))
    assert set(ids.values()) == {1}
    assert any(criterion.gateway for criterion in pathway.criteria)


@every(rows.clocks(), named)
def test_a_clock_names_a_ladder_and_facts_that_exist(clock: ClockRule) -> None:
    assert clock.rungs in rows.ladders()
    assert clock.only_if is None or fact_codes(clock.only_if) <= set(FACTS)


def test_every_fact_that_the_parts_share_is_defined() -> None:
    shared = """age_under_18_at_any_act age_now_under_18 present_in_us
        present_on_account_of_trafficking victim_sex_trafficking victim_labor_trafficking
        law_enforcement_request_made complied_with_request unable_to_cooperate_trauma
        extreme_hardship_on_removal admissible_or_waiver committed_trafficking potential_witness
        law_enforcement_sponsor qualifying_crime substantial_abuse has_information helpful_or_likely
        certification_signed_on federal_conviction federal_arrest_only conviction_direct_result
        offence_violent offence_child_victim visa_class tied_visa in_removal_proceedings in_custody
        country_of_nationality unaccompanied_child date_of_birth"""
    assert set(shared.split()) <= set(FACTS)
    assert sum(code.startswith("screened_form_") for code in FACTS) == 8


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2000, 10, 28), "2000-10-28 2000-10-28 2000-10-28"),
        (date(2017, 3, 15), "2017-01-18 2013-03-07 2000-10-28"),
        (date(2024, 8, 27), "2021-10-20 2021-06-14 2000-10-28"),
        (date(2024, 8, 28), "2024-08-28 2021-06-14 2000-10-28"),
        (date(2026, 1, 22), "2024-08-28 2021-06-14 2000-10-28"),
        (date(2026, 1, 23), "2024-08-28 2021-06-14 2026-01-23"),
    ],
)
def test_each_day_has_its_own_law(day: date, expected: str) -> None:
    held = {pathway.id: pathway.version for pathway in in_force(rows.pathways(), day)}
    assert [held[each] for each in ("t-status", "u-status", "federal-vacatur")] == expected.split()


def test_the_day_before_the_act_no_federal_conviction_could_be_vacated() -> None:
    held = {pathway.id: pathway for pathway in in_force(rows.pathways(), date(2026, 1, 22))}
    assert assess(held["federal-vacatur"], {}, {}).outcome is Outcome.UNLIKELY


def test_u_status_lists_all_28_crimes() -> None:
    u_status = next(pathway for pathway in rows.pathways() if pathway.id == "u-status")
    crime = next(c for c in u_status.criteria if c.id == "qualifying-crime")
    (test,) = fact_tests(crime.when)
    assert len(set(test.mentioned())) == 28
    assert {*test.mentioned(), "none"} == set(FACTS["qualifying_crime"].options)
