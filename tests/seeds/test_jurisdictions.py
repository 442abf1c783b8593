"""The comparison of the States: complete, dated without gaps, and saying what the sources say."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from casework.domain.conditions import FactValue, evaluate, fact_codes, fact_tests
from casework.domain.facts import FactType
from casework.domain.jurisdictions import FIRST_DAY, OFFENCES, STATES
from casework.domain.pathways import Pathway, PathwayKind
from casework.domain.relief import Outcome, assess
from casework.domain.rule_versions import in_force
from casework.domain.safe_harbor import SafeHarborRule
from casework.domain.ternary import Ternary
from casework.domain.vacatur import VacaturRule
from tests.row_by_row import every
from tests.seeds import rows
from tests.seeds.states import FACTS, NOW, PATHWAYS, RULES, SOURCES, held, vacatur


@pytest.mark.parametrize("kind", ["vacatur", "safe-harbor"])
def test_each_of_the_51_has_one_version_on_every_day(kind: str) -> None:
    versions = defaultdict(list)
    for pathway in PATHWAYS:
        if pathway.id.startswith(f"{kind}-"):
            versions[pathway.id].append(pathway)
    assert set(versions) == {f"{kind}-{state.lower()}" for state in STATES}
    assert len(STATES) == 51
    for dated in versions.values():
        ordered = sorted(dated, key=lambda version: version.in_force_from)
        assert ordered[0].in_force_from == FIRST_DAY
        assert ordered[-1].in_force_to is None
        for earlier, later in pairwise(ordered):
            assert earlier.in_force_to == later.in_force_from - timedelta(days=1)


@every(RULES, lambda rule: f"{rule.id}@{rule.version}")
def test_a_row_cites_its_sources_and_waits_for_review(rule: VacaturRule | SafeHarborRule) -> None:
    assert set(rule.law_sources) <= SOURCES
    assert rule.reviewed is False
    assert rule.report_rows
    assert rule.in_force_from.isoformat() == rule.version


@every(PATHWAYS, lambda pathway: f"{pathway.id}@{pathway.version}")
def test_a_pathway_asks_for_facts_of_the_vocabulary_and_for_values_they_can_have(
    pathway: Pathway,
) -> None:
    python_type = {
        FactType.BOOLEAN: bool,
        FactType.CHOICE: str,
        FactType.DATE: date,
        FactType.INTEGER: int,
    }
    assert pathway.per_offence
    assert pathway.scope is not None
    assert fact_codes(pathway.scope) == {"conviction_jurisdiction"}
    parts = [*pathway.criteria, *pathway.bars]
    assert len({part.id for part in parts}) == len(parts)
    assert any(part.gateway for part in pathway.criteria)
    for part in parts:
        assert part.citation
        for when in (part.when, *(exemption.when for exemption in part.exemptions)):
            for test in fact_tests(when):
                fact = FACTS[test.fact]
                assert {type(value) for value in test.mentioned()} == {python_type[fact.type]}
                assert fact.type is not FactType.CHOICE or set(test.mentioned()) <= set(
                    fact.options
                )


def test_the_lists_in_the_code_and_in_the_facts_are_the_same() -> None:
    assert FACTS["conviction_offence"].options == OFFENCES
    assert FACTS["conviction_jurisdiction"].options == ("US", *STATES)


def test_the_facts_of_a_record_can_be_asked_in_three_languages() -> None:
    groups = {"criminal_record", "criminal_history"}
    asked = [fact for fact in FACTS.values() if fact.group in groups]
    assert len(asked) > 25
    assert {tuple(sorted(fact.translations)) for fact in asked} == {("ar", "es")}


WORDS = {"y": Ternary.YES, "n": Ternary.NO, "u": Ternary.UNKNOWN, "a": Ternary.UNKNOWN}
# Of the offence alone: y reached, n not, a depends on something that can be asked, u not settled.
# Columns: prostitution, theft, drug possession, homicide, robbery.
TABLE = """
    AL aaann  AZ ynnnn  AR ynnnn  CA yyyaa  CO yyynn  CT yaaaa  DE yyyaa  DC yyyaa  FL yyynn
    GA yyyyy  HI ynnnn  ID yaaaa  IL yuuuu  IN aaana  KS ynnnn  KY yyynn  LA aaann  ME ynnnn
    MD yaann  MA ynynn  MI ynnnn  MS yuunn  MO ynnnn  MT yyynn  NE yyyyy  NV yaauu  NH yyyuu
    NJ yyyny  NM yyyny  NY yyyyy  NC yyynn  ND yaann  OH yyyay  OK ynnnn  OR ynnnn  PA ynynn
    RI yaann  SC yuuuu  SD yyyyy  TN yyynn  TX yauuu  UT aaaaa  VT yyyna  VA yuuuu  WA yuuuu
    WV ynnnn  WI ynnnn  WY yyyyy
"""
CELLS = TABLE.split()
COLUMNS = ("prostitution", "theft", "drug_possession", "homicide", "robbery")
OFFENCE_TABLE = [
    (state, offence, letter)
    for state, letters in zip(CELLS[::2], CELLS[1::2], strict=True)
    for offence, letter in zip(COLUMNS, letters, strict=True)
]


@every(OFFENCE_TABLE, " ".join)
def test_which_offences_a_state_reaches_today(cell: tuple[str, str, str]) -> None:
    state, offence, letter = cell
    found = held(vacatur(state), "offence", {"conviction_offence": offence})
    assert found.value is WORDS[letter]
    assert bool(found.unknown) == (letter == "a")
    assert letter != "u" or found.stated


def test_the_table_leaves_out_only_the_states_without_a_known_law() -> None:
    assert set(STATES) - set(CELLS[::2]) == {"AK", "IA", "MN"}
    for state in ("AK", "IA", "MN"):
        (only,) = vacatur(state).criteria
        found = evaluate(only.when, {})
        assert found.value is Ternary.UNKNOWN
        assert found.stated
        outcome = assess(vacatur(state), {"conviction_offence": "prostitution"}, FACTS).outcome
        assert outcome is Outcome.NEEDS_INFORMATION


CONVICTED: dict[str, Any] = {
    "record_kind": "conviction",
    "conviction_direct_result": True,
    "victim_sex_trafficking": True,
    "victim_labor_trafficking": False,
    "asked_in_reasonable_time": True,
}
STILL_SERVING = {"sentence_served": False}
CHILD, GROWN_UP = {"under_18_at_offence": True}, {"under_18_at_offence": False}


@pytest.mark.parametrize(
    ("state", "day", "facts", "outcome"),
    [
        ("NY", NOW, {}, Outcome.LIKELY),
        ("NY", date(2021, 11, 15), {}, Outcome.UNLIKELY),
        ("NY", date(2021, 11, 15), {"conviction_offence": "prostitution"}, Outcome.LIKELY),
        ("NY", date(2009, 1, 1), {}, Outcome.NEEDS_INFORMATION),
        ("NY", NOW, {"record_kind": "adjudication"}, Outcome.UNLIKELY),
        ("AZ", NOW, {}, Outcome.UNLIKELY),
        ("AZ", NOW, {"conviction_offence": "prostitution"}, Outcome.LIKELY),
        ("PA", NOW, {"prosecutor_consents": True}, Outcome.UNLIKELY),
        (
            "PA",
            NOW,
            {"conviction_offence": "trespass", "prosecutor_consents": True},
            Outcome.LIKELY,
        ),
        ("PA", NOW, {"conviction_offence": "trespass"}, Outcome.POSSIBLE),
        ("TX", NOW, {}, Outcome.NEEDS_INFORMATION),
        ("TX", NOW, {"offence_value_usd": 200, "complied_with_request": True}, Outcome.POSSIBLE),
        ("WY", NOW, {}, Outcome.LIKELY),
        ("WY", date(2013, 6, 30), {}, Outcome.NEEDS_INFORMATION),
        ("CT", NOW, {"offence_level": "felony_b"}, Outcome.UNLIKELY),
        ("CT", NOW, {"offence_level": "felony_d"}, Outcome.LIKELY),
        ("GA", NOW, {"open_warrants": False}, Outcome.LIKELY),
        ("GA", NOW, {"open_warrants": True}, Outcome.UNLIKELY),
        ("GA", date(2021, 1, 1), {"open_warrants": False}, Outcome.POSSIBLE),
        ("GA", date(2022, 4, 30), {"open_warrants": False, **STILL_SERVING}, Outcome.UNLIKELY),
        ("GA", date(2022, 5, 1), {"open_warrants": False, **STILL_SERVING}, Outcome.POSSIBLE),
        ("GA", date(2022, 5, 31), {"open_warrants": False, **STILL_SERVING}, Outcome.LIKELY),
        ("LA", date(2020, 1, 1), {}, Outcome.NEEDS_INFORMATION),
        ("LA", date(2020, 1, 1), {"record_kind": "adjudication"}, Outcome.UNLIKELY),
        ("VA", date(2024, 12, 31), {}, Outcome.UNLIKELY),
        ("VA", NOW, {}, Outcome.NEEDS_INFORMATION),
        ("CA", NOW, {"conviction_offence": "robbery", **GROWN_UP}, Outcome.UNLIKELY),
        ("CA", NOW, {"conviction_offence": "robbery", **CHILD}, Outcome.NEEDS_INFORMATION),
        ("CA", date(2024, 12, 31), {"conviction_offence": "robbery", **CHILD}, Outcome.UNLIKELY),
        ("NV", NOW, {}, Outcome.LIKELY),
        ("NV", NOW, {"record_kind": "adjudication"}, Outcome.NEEDS_INFORMATION),
    ],
)
def test_a_conviction_for_theft(
    state: str, day: date, facts: dict[str, Any], outcome: Outcome
) -> None:
    known = {**CONVICTED, "conviction_offence": "theft", **facts}
    assert assess(vacatur(state, day), known, FACTS).outcome is outcome


def test_texas_excuses_those_who_could_not_help() -> None:
    facts = {"complied_with_request": False, "law_enforcement_request_made": True}
    found = assess(vacatur("TX"), {**facts, "unable_to_help_age_or_disability": True}, FACTS)
    helped = next(each for each in found.criteria if each.id == "helped-law-enforcement")
    assert (helped.value, helped.exemption) == (Ternary.YES, "age-or-disability")


LABOR_ONLY = {"victim_sex_trafficking": False, "victim_labor_trafficking": True}


@pytest.mark.parametrize(
    ("states", "value"),
    [
        ("NY CA GA NV PA SC SD TX UT WY", Ternary.YES),
        ("AZ ME OK OR WI", Ternary.NO),
        ("KS MI MO MS OH VA WV", Ternary.UNKNOWN),
    ],
)
def test_labour_trafficking_opens_the_law_of_some_states(states: str, value: Ternary) -> None:
    for state in states.split():
        found = held(vacatur(state), "trafficked", LABOR_ONLY)
        assert (state, found.value) == (state, value)
        assert value is not Ternary.UNKNOWN or found.stated


@pytest.mark.parametrize(
    ("state", "facts", "value"),
    [
        ("KY", {"days_since_final_judgment": 59}, Ternary.NO),
        ("KY", {"days_since_final_judgment": 60}, Ternary.YES),
        ("OR", {"days_since_final_judgment": 21}, Ternary.YES),
        ("TN", {"months_since_sentence_served": 11}, Ternary.NO),
        ("HI", {"years_without_new_conviction": 3}, Ternary.YES),
        ("KS", {"months_since_sentence_served": 11}, Ternary.UNKNOWN),
        ("KS", {"months_since_sentence_served": 12}, Ternary.YES),
        ("SD", {"age_now_under_18": True}, Ternary.NO),
        ("DC", {"sentence_served": False, "record_kind": "conviction"}, Ternary.NO),
        ("DC", {"sentence_served": False, "record_kind": "arrest_only"}, Ternary.YES),
        ("ID", {"record_kind": "arrest_only"}, Ternary.UNKNOWN),
        ("NM", {}, Ternary.UNKNOWN),
    ],
)
def test_too_early_or_too_late(state: str, facts: dict[str, Any], value: Ternary) -> None:
    assert held(vacatur(state), "time", facts).value is value


def test_hawaii_asks_for_no_trafficking_and_nebraska_for_less_than_a_direct_result() -> None:
    assert {each.id for each in vacatur("HI").criteria} == {"record", "offence", "time"}
    at_the_time = {"conviction_direct_result": False, "offence_while_trafficked": True}
    for offence, value in (("prostitution", Ternary.YES), ("theft", Ternary.UNKNOWN)):
        facts = {**at_the_time, "conviction_offence": offence}
        assert held(vacatur("NE"), "link", facts).value is value


READ_THE_CHARGE = "AL CA CO FL KY LA MD MT NC ND NJ NV RI TN UT VT"


@pytest.mark.parametrize("state", READ_THE_CHARGE.split())
def test_a_sexual_offence_is_not_taken_for_a_violent_one_before_somebody_reads_the_charge(
    state: str,
) -> None:
    found = held(vacatur(state), "offence", {"conviction_offence": "sexual_offence"})
    assert found.value is Ternary.UNKNOWN
    assert found.unknown


def test_missouri_takes_a_child_without_asking_for_coercion_as_well() -> None:
    child: dict[str, FactValue] = {
        "record_kind": "conviction",
        "victim_sex_trafficking": True,
        "conviction_offence": "prostitution",
        "conviction_direct_result": False,
    }
    for under_18, outcome in ((True, Outcome.LIKELY), (False, Outcome.UNLIKELY)):
        facts = {**child, "under_18_at_offence": under_18}
        assert assess(vacatur("MO"), facts, FACTS).outcome is outcome


def test_laws_that_only_close_the_record_are_told_apart() -> None:
    closing = {
        state for state in STATES if any("¶66" in line for line in vacatur(state).advisories)
    }
    assert closing == {"AR", "ME", "NM", "TX"}
    clears = [state for state in STATES if any("on the merits" in g for g in vacatur(state).gives)]
    assert clears == ["CA", "FL", "MA", "NY"]


FEDERAL: dict[str, Any] = {
    **CONVICTED,
    "conviction_jurisdiction": "US",
    "federal_conviction": True,
    "federal_arrest_only": False,
    "offence_violent": False,
}


@pytest.mark.parametrize(
    ("day", "outcome"),
    [(date(2026, 1, 22), Outcome.UNLIKELY), (date(2026, 1, 23), Outcome.LIKELY)],
)
def test_federal_convictions_before_and_after_the_act(day: date, outcome: Outcome) -> None:
    written = [
        Pathway.model_validate(row)
        for row in rows.rows("pathways")
        if row["id"] == "federal-vacatur"
    ]
    (version,) = in_force(written, day)
    found = assess(version, FEDERAL, FACTS)
    assert found.outcome is outcome
    assert all(each.citation for each in found.criteria)
    assert version.per_offence
    assert version.kind is PathwayKind.RECORD_RELIEF
