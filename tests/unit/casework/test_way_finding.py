"""Every form of relief at once: what concerns the person, and what cannot be placed yet."""

from datetime import date

import pytest

from casework.domain.conditions import FactValue
from casework.domain.pathways import Pathway
from casework.domain.way_finding import Offence, Relief, Unplaced, assess_all, facts_about

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
