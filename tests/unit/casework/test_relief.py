"""The forms of relief on what is known: outcome, reasons, exemptions, what to ask next."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.conditions import FactValue
from casework.domain.pathways import Pathway
from casework.domain.relief import Assessment, Outcome, assess
from casework.domain.ternary import Ternary
from tests.seeds import rows

DEFINITIONS = rows.facts()


def fact(code: str) -> dict[str, Any]:
    return {"fact": code, "is": True}


def one(id_: str, when: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": id_, "text": id_, "when": when, "citation": f"of {id_}", **more}


EXEMPTIONS = [one("young", fact("young")), one("hurt", fact("hurt"))]

SMALL = Pathway.model_validate(
    {
        "id": "small",
        "version": "1",
        "title": "Small",
        "in_force_from": "2020-01-01",
        "citation": "1 USC 1",
        "law_sources": ["s"],
        "certainty": "low",
        "summary": "",
        "gives": ["rest"],
        "who_acts": "you",
        "cost": "",
        "criteria": [
            one("door", fact("door"), gateway=True),
            one("help", fact("asked_help"), exemptions=EXEMPTIONS),
        ],
        "bars": [one("bar", fact("bar"), exemptions=[one("lifted", fact("lifted"))])],
    }
)

MET = {"door": True, "asked_help": True, "bar": False}


def small(**facts: FactValue) -> Assessment:
    return assess(SMALL, facts, {})


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, Outcome.NEEDS_INFORMATION),
        ({"asked_help": True}, Outcome.NEEDS_INFORMATION),
        ({"door": True}, Outcome.POSSIBLE),
        ({"door": False}, Outcome.UNLIKELY),
        (MET, Outcome.LIKELY),
        ({"door": True, "asked_help": True}, Outcome.POSSIBLE),
        ({**MET, "bar": True}, Outcome.POSSIBLE),
        ({**MET, "bar": True, "lifted": False}, Outcome.UNLIKELY),
        ({**MET, "bar": True, "lifted": True}, Outcome.LIKELY),
        ({**MET, "asked_help": False}, Outcome.POSSIBLE),
        ({**MET, "asked_help": False, "young": False, "hurt": False}, Outcome.UNLIKELY),
        ({**MET, "asked_help": False, "hurt": True}, Outcome.LIKELY),
    ],
)
def test_the_outcome_follows_from_criteria_and_bars(
    facts: dict[str, FactValue], outcome: Outcome
) -> None:
    assert small(**facts).outcome is outcome


def test_without_a_gateway_an_open_pathway_needs_information() -> None:
    criteria = tuple(c.model_copy(update={"gateway": False}) for c in SMALL.criteria)
    closed = SMALL.model_copy(update={"criteria": criteria})
    assert assess(closed, {"door": True}, {}).outcome is Outcome.NEEDS_INFORMATION


def test_a_refusal_decides_nothing_while_an_exemption_is_open() -> None:
    result = small(asked_help=False, young=False).criteria[1]
    assert (result.value, result.unknown, result.because) == (Ternary.UNKNOWN, ("hurt",), ())


def test_an_exemption_excuses_and_says_so_with_its_own_source() -> None:
    result = small(asked_help=False, hurt=True).criteria[1]
    assert result.value is Ternary.YES
    assert (result.exemption, result.exemption_text, result.citation) == ("hurt", "hurt", "of hurt")
    assert result.because == ("hurt",)


def test_a_criterion_not_met_rests_on_the_refusal_and_the_missing_exemptions() -> None:
    result = small(asked_help=False, young=False, hurt=False).criteria[1]
    assert result.because == ("asked_help", "hurt", "young")
    assert (result.exemption, result.citation) == ("", "of help")


def test_missing_facts_name_the_exemptions_first() -> None:
    assert small().criteria[1].unknown == ("hurt", "young", "asked_help")


def test_what_settles_most_is_asked_first_and_cooperation_after_its_exemptions() -> None:
    questions = [(question.fact, question.settles) for question in small().ask_next]
    assert questions == [
        ("door", 1),
        ("hurt", 1),
        ("lifted", 1),
        ("young", 1),
        ("asked_help", 1),
        ("bar", 1),
    ]


def test_a_question_carries_why_it_is_asked() -> None:
    pathway = next(p for p in rows.pathways() if p.id == "continued-presence")
    question = assess(pathway, {}, DEFINITIONS).ask_next[0]
    definition = DEFINITIONS[question.fact]
    assert question.question == definition.question
    assert (question.label, question.why_we_ask) == (definition.label, definition.why_we_ask)


def test_nothing_is_asked_once_everything_is_settled() -> None:
    assert small(**MET).ask_next == ()


def test_the_assessment_carries_the_rule_it_rests_on() -> None:
    found = small()
    assert (found.pathway, found.version, found.citation) == ("small", "1", "1 USC 1")
    assert (found.certainty.value, found.reviewed, found.gives) == ("low", False, ("rest",))


_booleans = sorted(code for code, each in DEFINITIONS.items() if each.type.value == "boolean")
_some_facts = st.dictionaries(st.sampled_from(_booleans), st.booleans())


@settings(max_examples=100, deadline=None)
@given(facts=_some_facts, more=_some_facts, pathway=st.sampled_from(rows.pathways()))
def test_more_knowledge_never_flips_what_is_decided(
    facts: dict[str, FactValue], more: dict[str, FactValue], pathway: Pathway
) -> None:
    before = assess(pathway, facts, DEFINITIONS)
    after = assess(pathway, {**more, **facts}, DEFINITIONS)
    for old, new in zip(before.criteria + before.bars, after.criteria + after.bars, strict=True):
        assert old.value in {Ternary.UNKNOWN, new.value}
