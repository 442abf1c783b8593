"""Every form of relief at once: what concerns the person, and what cannot be placed yet."""

from datetime import date

import pytest

from casework.domain.conditions import FactValue
from casework.domain.pathways import Pathway
from casework.domain.ternary import Ternary
from casework.domain.way_finding import (
    Offence,
    Relief,
    Unplaced,
    assess_all,
    concerns,
    facts_about,
)

TODAY = date(2026, 11, 24)


def pathway(id_: str, **more: object) -> Pathway:
    row = {
        "id": id_,
        "version": "1",
        "title": id_,
        "in_force_from": "2020-01-01",
        "citation": "1 USC 1",
        "law_sources": ["s"],
        "certainty": "low",
        "summary": "",
        "gives": ["rest"],
        "who_acts": "you",
        "cost": "",
        "criteria": [
            {"id": "c", "text": "c", "citation": "2", "when": {"fact": "door", "is": True}}
        ],
    }
    return Pathway.model_validate(row | more)


HERE = pathway("here", scope={"fact": "place", "is": "here"}, per_offence=True)
OTHERS = pathway("others", scope={"fact": "place", "is": "here"})
EVERYBODY = pathway("everybody")


def found(facts: dict[str, FactValue], *offences: Offence) -> Relief:
    return assess_all([HERE, OTHERS, EVERYBODY], facts, {}, on=TODAY, offences=offences)


@pytest.mark.parametrize(
    ("facts", "assessed", "unplaced"),
    [
        ({"place": "here"}, ["here", "others", "everybody"], ()),
        ({"place": "there"}, ["everybody"], ()),
        ({}, ["everybody"], (Unplaced(facts=("place",), pathways=("here", "others")),)),
    ],
)
def test_a_pathway_out_of_scope_is_left_out_and_one_that_may_be_in_scope_is_named(
    facts: dict[str, FactValue], assessed: list[str], unplaced: tuple[Unplaced, ...]
) -> None:
    relief = found(facts)
    assert [one.pathway for one in relief.assessments] == assessed
    assert relief.unplaced == unplaced


@pytest.mark.parametrize(
    ("facts", "assessed"),
    [({}, ["guests"]), ({"host": False}, ["guests"]), ({"host": True}, [])],
)
def test_whom_it_cannot_be_for_is_left_out_only_when_that_is_known(
    facts: dict[str, FactValue], assessed: list[str]
) -> None:
    guests = pathway("guests", not_for={"fact": "host", "is": True})
    relief = assess_all([guests], facts, {}, on=TODAY)
    assert [one.pathway for one in relief.assessments] == assessed
    assert relief.unplaced == ()
    assert concerns(guests, facts).because == frozenset(["host"] if not assessed else [])


def test_each_offence_is_held_against_what_concerns_offences_and_nothing_else() -> None:
    one = Offence(label="one", facts={"place": "here", "door": True})
    two = Offence(label="two", facts={})
    relief = found({}, one, two)
    assert [(a.pathway, a.offence) for a in relief.assessments] == [
        ("here", "one"),
        ("everybody", ""),
    ]
    assert {(u.offence, u.pathways) for u in relief.unplaced} == {
        ("two", ("here",)),
        ("", ("others",)),
    }


def test_the_facts_of_an_offence_go_before_those_of_the_person() -> None:
    one = Offence(label="one", facts={"door": True})
    assert facts_about({"door": False, "x": 1}, [one], "one", on=TODAY) == {"door": True, "x": 1}
    assert facts_about({"door": False}, [one], "", on=TODAY) == {"door": False}


def test_an_entry_of_the_record_can_speak_for_another_of_the_same_place() -> None:
    entry = {"conviction_jurisdiction": "OH", "record_kind": "conviction"}
    burglary = Offence(label="one", facts={**entry, "conviction_offence": "burglary"})
    way_in = Offence(label="two", facts={**entry, "conviction_offence": "prostitution"})
    on_record = "prostitution_conviction_on_record"
    assert facts_about({}, [burglary, way_in], "one", on=TODAY)[on_record] is True
    assert on_record not in facts_about({}, [burglary], "one", on=TODAY)
    opened = pathway(
        "opened",
        per_offence=True,
        scope={"fact": on_record, "is": True},
    )
    relief = assess_all([opened], {}, {}, on=TODAY, offences=[burglary, way_in])
    assert [one.offence for one in relief.assessments] == ["one", "two"]


def test_what_follows_from_the_record_holds_for_what_is_about_no_offence_too() -> None:
    asks = {"fact": "prostitution_conviction_on_record", "is": True}
    criterion = {"id": "c", "text": "c", "citation": "2", "when": asks}
    record = Offence(
        label="one", facts={"record_kind": "conviction", "conviction_offence": "prostitution"}
    )
    relief = assess_all(
        [pathway("any", criteria=[criterion])],
        {"conviction_jurisdiction": "NY"},
        {},
        on=TODAY,
        offences=[record],
    )
    assert relief.assessments[0].criteria[0].value is Ternary.YES
