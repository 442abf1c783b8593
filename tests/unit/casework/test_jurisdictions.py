"""A State's rule becomes a pathway: covered, not covered, unsettled, each with its reason."""

from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from casework.domain.conditions import Evaluation, FactValue, evaluate
from casework.domain.pathways import Pathway
from casework.domain.sources import Source
from casework.domain.ternary import Ternary
from casework.domain.vacatur import VacaturRule, pathways_of

ROW: dict[str, Any] = {
    "version": "2020-07-01",
    "title": "A row",
    "in_force_from": date(2020, 7, 1),
    "citation": "Statute 1",
    "law_sources": ("a-statute",),
    "certainty": "verified",
    "report_rows": ("R14",),
}
TERMS: dict[str, Any] = {
    "reaches": {"adults": True, "juveniles": False, "arrests": "unknown"},
    "trafficking": {"sex": True, "labor": "unknown"},
    "offences": {
        "scope": "listed",
        "text": "a list",
        "covered": ["prostitution"],
        "excluded": ["homicide"],
        "open": ["robbery"],
        "open_because": "The sources disagree.",
        "only_if": [
            {"when": {"fact": "offence_level", "is": "misdemeanor"}, "text": "a misdemeanour"},
            {
                "offences": ["theft"],
                "when": {"fact": "offence_value_usd", "at_most": 99},
                "text": "below 100 dollars",
            },
        ],
        "otherwise": False,
    },
    "link": {"kind": "direct_result", "text": "a direct result"},
    "relief": ["vacate"],
    "proof": "preponderance",
    "document_presumption": True,
    "time": {"kind": "none", "text": "at any time"},
}


def bare(**changed: object) -> VacaturRule:
    row = {**ROW, "id": "vacatur-wy", "jurisdiction": "US-WY", "law": "enacted"}
    return VacaturRule.model_validate({**row, **changed})


def rule(terms: dict[str, Any] | None = None, **changed: object) -> VacaturRule:
    return bare(terms={**TERMS, **(terms or {})}, **changed)


def pathways(row: BaseModel) -> list[Pathway]:
    return [pathway for _, pathway in pathways_of(row) if isinstance(pathway, Pathway)]


def first(row: BaseModel) -> Pathway:
    return pathways(row)[0]


def held(pathway: Pathway, id_: str, **facts: FactValue) -> Evaluation:
    return evaluate(next(each for each in pathway.criteria if each.id == id_).when, facts)


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ({"conviction_offence": "prostitution"}, Ternary.YES),
        ({"conviction_offence": "homicide"}, Ternary.NO),
        ({"conviction_offence": "robbery"}, Ternary.UNKNOWN),
        ({"conviction_offence": "theft"}, Ternary.UNKNOWN),
        ({"conviction_offence": "theft", "offence_value_usd": 99}, Ternary.YES),
        ({"conviction_offence": "theft", "offence_value_usd": 100}, Ternary.NO),
        ({"conviction_offence": "theft", "offence_level": "misdemeanor"}, Ternary.UNKNOWN),
        ({"conviction_offence": "trespass", "offence_level": "misdemeanor"}, Ternary.YES),
        ({"conviction_offence": "trespass", "offence_level": "felony_b"}, Ternary.NO),
        ({}, Ternary.UNKNOWN),
    ],
)
def test_an_offence_has_one_of_four_answers(facts: dict[str, Any], value: Ternary) -> None:
    assert held(first(rule()), "offence", **facts).value is value


def test_what_is_unsettled_says_so_and_asks_for_nothing() -> None:
    found = held(first(rule()), "offence", conviction_offence="robbery")
    assert (found.stated, found.unknown) == (frozenset({"The sources disagree."}), frozenset())


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("conviction", Ternary.YES),
        ("adjudication", Ternary.NO),
        ("arrest_only", Ternary.UNKNOWN),
    ],
)
def test_which_sort_of_record_is_reached(kind: str, value: Ternary) -> None:
    assert held(first(rule()), "record", record_kind=kind).value is value


def test_a_note_says_why_a_sort_of_record_is_unsettled() -> None:
    reaches = {"adults": "unknown", "juveniles": True, "arrests": False, "note": "Not for adults."}
    found = held(first(rule({"reaches": reaches})), "record", record_kind="conviction")
    assert found.stated == {"Not for adults."}


@pytest.mark.parametrize(
    ("labor", "value"), [(True, Ternary.YES), (False, Ternary.NO), ("unknown", Ternary.UNKNOWN)]
)
def test_labour_counts_where_the_law_says_so(labor: object, value: Ternary) -> None:
    found = held(
        first(rule({"trafficking": {"labor": labor}})),
        "trafficked",
        victim_sex_trafficking=False,
        victim_labor_trafficking=True,
    )
    assert found.value is value
    assert bool(found.stated) == (value is Ternary.UNKNOWN)


def test_a_law_may_ask_neither_for_trafficking_nor_for_a_tie() -> None:
    asked = rule(
        {
            "trafficking": {"labor": False, "needed": False},
            "link": {"kind": "not_required", "text": "none"},
        }
    )
    assert [each.id for each in first(asked).criteria] == ["record", "offence"]


@pytest.mark.parametrize(
    ("link", "offence", "value"),
    [
        ({"kind": "direct_result"}, "theft", Ternary.NO),
        ({"kind": "while_victim"}, "theft", Ternary.YES),
        ({"kind": "result"}, "theft", Ternary.UNKNOWN),
        ({"kind": "coerced"}, "theft", Ternary.UNKNOWN),
        ({"kind": "unknown"}, "theft", Ternary.UNKNOWN),
        ({"kind": "direct_result", "or_nearly": "Or incident to it."}, "theft", Ternary.UNKNOWN),
        ({"kind": "direct_result", "while_victim_for": ["prostitution"]}, "theft", Ternary.NO),
        (
            {"kind": "direct_result", "while_victim_for": ["prostitution"]},
            "prostitution",
            Ternary.YES,
        ),
    ],
)
def test_having_been_held_at_the_time_may_be_tie_enough(
    link: dict[str, Any], offence: str, value: Ternary
) -> None:
    found = held(
        first(rule({"link": {**link, "text": "a tie"}})),
        "link",
        conviction_direct_result=False,
        offence_while_trafficked=True,
        conviction_offence=offence,
    )
    assert found.value is value


def test_a_time_rule_is_a_criterion_an_open_point_or_a_line_of_advice() -> None:
    wait = {
        "kind": "wait",
        "text": "after 60 days",
        "amount": 60,
        "unit": "days",
        "when": {"fact": "days_since_final_judgment", "at_least": 60},
    }
    waiting = first(rule({"time": wait}))
    assert held(waiting, "time", days_since_final_judgment=59).value is Ternary.NO
    open_point = first(rule({"time": {"kind": "unknown", "text": "Not known."}}))
    assert held(open_point, "time").stated == {"Not known."}
    assert "Time: at any time." in first(rule()).advisories


def test_what_is_given_and_what_to_beware_of() -> None:
    sealing = rule(
        {"relief": ["seal"], "effects": ["Fines are paid back"], "proof_note": "Always."}
    )
    pathway = first(sealing)
    assert pathway.gives[1:] == ("Fines are paid back",)
    assert any("¶66" in line for line in pathway.advisories)
    assert any(line.endswith("Always.") for line in pathway.advisories)
    full = first(rule({"relief": ["vacate_on_merits_or_defect"]}))
    assert not any("immigration counsel" in line for line in full.advisories)


def test_extra_conditions_and_bars_are_taken_over() -> None:
    consent = {
        "id": "prosecutor",
        "text": "The prosecutor consents",
        "when": {"fact": "prosecutor_consents", "is": True},
        "citation": "Statute 1",
    }
    pathway = first(rule({"conditions": [consent], "bars": [{**consent, "id": "bar"}]}))
    assert pathway.criteria[-1].id == "prosecutor"
    assert [bar.id for bar in pathway.bars] == ["bar"]


@pytest.mark.parametrize(
    ("law", "value"),
    [("none_found", Ternary.UNKNOWN), ("unsettled", Ternary.UNKNOWN), ("none", Ternary.NO)],
)
def test_without_a_known_law_there_is_one_criterion(law: str, value: Ternary) -> None:
    pathway = first(bare(law=law, gap="None was found."))
    found = held(pathway, "law")
    assert (found.value, found.stated) == (value, frozenset({"None was found."}))
    assert pathway.evidence == ()


def test_a_narrow_law_says_that_it_is() -> None:
    assert first(rule(law="narrow")).summary.endswith("The law is narrow.")


def test_cautions_tell_how_little_a_row_may_rest_on() -> None:
    said = " ".join(first(rule(certainty="low", history=["2013: less."])).advisories)
    assert "by 2020-07-01" in said
    assert "check the statute" in said
    assert "History: 2013: less." in said
    assert "at about that time" in " ".join(first(rule(begins="changing")).advisories)
    assert "first day is not recorded" not in " ".join(first(rule(begins="stated")).advisories)


def test_the_days_before_the_first_version_are_unsettled() -> None:
    now, before = pathways(rule(earliest=True))
    assert (before.in_force_from, before.in_force_to) == (date(2000, 10, 28), date(2020, 6, 30))
    assert before.version == "2000-10-28"
    assert before.id == now.id
    assert before.scope == now.scope
    assert held(before, "law-of-that-day").value is Ternary.UNKNOWN
    assert "2020-07-01" in before.summary


def test_other_definitions_give_no_pathway() -> None:
    source = Source.model_validate(
        {"id": "a", "title": "A", "citation": "A", "kind": "report", "certainty": "low"}
    )
    assert pathways(source) == []


def _offences(**changed: object) -> dict[str, Any]:
    return {"offences": {"scope": "listed", "text": "a list", "otherwise": "unknown", **changed}}


@pytest.mark.parametrize(
    ("terms", "changed", "said"),
    [
        (_offences(covered=["witchcraft"]), {}, "is not on the list of offences"),
        (_offences(covered=["theft"], open=["theft"]), {}, "named twice"),
        (_offences(otherwise=False), {}, "reaches some offence"),
        ({"reaches": {"adults": False, "juveniles": False, "arrests": False}}, {}, "somebody"),
        ({"time": {"kind": "wait", "text": "later"}}, {}, "need `when`"),
        ({"time": {"kind": "none", "text": "x", "amount": 3}}, {}, "needs its unit"),
        ({}, {"gap": "None was found."}, "a law has terms"),
        ({}, {"law": "none_found"}, "a law has terms"),
        ({}, {"jurisdiction": "US-PR"}, "pattern"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(
    terms: dict[str, Any], changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        rule(terms, **changed)


@pytest.mark.parametrize("law", ["enacted", "none_found"])
def test_without_terms_a_row_has_to_say_why(law: str) -> None:
    with pytest.raises(ValidationError, match="a law has terms"):
        bare(law=law)


def test_nothing_is_said_to_be_unsettled_where_everything_is_settled() -> None:
    reaches = {"adults": True, "juveniles": True, "arrests": False}
    offences = {"scope": "nearly_all", "text": "any", "excluded": ["homicide"], "otherwise": True}
    settled = first(rule({"reaches": reaches, "offences": offences}))
    assert held(settled, "record", record_kind="arrest_only").value is Ternary.NO
    assert held(settled, "offence", conviction_offence="homicide").value is Ternary.NO
    assert held(settled, "offence", conviction_offence="theft").value is Ternary.YES


def test_who_is_not_settled_stays_open_and_who_is_left_out_is_left_out() -> None:
    reaches = {"adults": "unknown", "juveniles": False, "arrests": "unknown"}
    open_one = first(rule({"reaches": reaches}))
    assert held(open_one, "record", record_kind="conviction").value is Ternary.UNKNOWN
    assert held(open_one, "record", record_kind="adjudication").value is Ternary.NO
