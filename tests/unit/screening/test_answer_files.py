"""Answers written down in a file: every shape that is accepted, every mistake with its place."""

import pytest

from casework.domain.errors import InvalidInputError
from casework.domain.facts import Standing
from casework.domain.ternary import Ternary
from screening.domain.answer_files import read_answers
from screening.domain.answers import Answer
from tests.unit.screening.examples import YES_NO, instrument, question, section, shipped, shown_by

ASKED = instrument(
    section(
        "a",
        question("gate"),
        question("q", show_when=shown_by("gate")),
        question("n", type="integer"),
    )
)
HMIS = shipped("hud-hmis-r15-r16")
YES = Answer(item="gate", standing=Standing.KNOWN, value="yes")


@pytest.mark.parametrize(
    "document",
    [
        {"gate": "yes"},
        {"gate": True},
        {"gate": {"value": "yes"}},
        {"answers": {"gate": "yes"}},
        {"answers": [{"item": "gate", "value": "yes"}]},
        [{"item": "gate", "value": True, "standing": "known"}],
    ],
)
def test_a_known_answer_can_be_written_in_several_ways(document: object) -> None:
    assert read_answers(document, ASKED).answers == {"gate": YES}


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        (None, Standing.NOT_ASKED),
        ({"standing": "declined"}, Standing.DECLINED),
        ({"standing": "does_not_know", "note": "was a child then"}, Standing.DOES_NOT_KNOW),
        ({"standing": "interpreter_unsure"}, Standing.INTERPRETER_UNSURE),
    ],
)
def test_the_ways_of_having_no_answer_are_kept_apart(said: object, standing: Standing) -> None:
    assert read_answers({"gate": said}, ASKED).answers["gate"].standing is standing


def test_a_number_stands_for_the_option_of_that_code_and_a_published_code_for_silence() -> None:
    answers = read_answers({"R15_1": 1, "R16_1": 99}, HMIS).answers
    assert answers["R15_1"].value == "1"
    assert answers["R16_1"].standing is Standing.NOT_ASKED


def test_a_hidden_answer_is_kept() -> None:
    assert "q" in read_answers({"gate": "no", "q": "yes"}, ASKED).answers


@pytest.mark.parametrize(
    ("minor", "age"),
    [
        ("yes", Ternary.YES),
        (False, Ternary.NO),
        ("unknown", Ternary.UNKNOWN),
        (None, Ternary.UNKNOWN),
    ],
)
def test_the_age_is_said_beside_the_answers(minor: object, age: Ternary) -> None:
    assert read_answers({"answers": {}, "minor": minor}, ASKED).minor is age


@pytest.mark.parametrize(
    ("document", "places"),
    [
        ({"no_such": 1, "gate": "perhaps"}, ["/no_such", "/gate"]),
        ({"gate": {"standing": "silent"}}, ["/gate/standing"]),
        ({"gate": {"standing": ["known"]}}, ["/gate/standing"]),
        ({"gate": {"value": "maybe"}}, ["/gate/value"]),
        ({"gate": {"value": "yes", "by": "me"}}, ["/gate/by"]),
        ({"n": True}, ["/n"]),
        ({"answers": {}, "minor": "perhaps", "extra": 1}, ["/extra", "/minor"]),
        ({"answers": "all"}, ["/answers"]),
        (["gate"], ["/0"]),
        ("all", ["/"]),
    ],
)
def test_every_mistake_is_named_with_its_place(document: object, places: list[str]) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_answers(document, ASKED)
    assert [problem.pointer for problem in refusal.value.problems] == places


def test_an_answer_of_several_choices_may_be_written_as_numbers() -> None:
    item = next(i for i in HMIS.items_by_id.values() if "1" in {o.code for o in i.options})
    found = read_answers({item.id: 1}, HMIS).answers[item.id]
    assert found.value == "1"
    several = instrument(section("a", question("m", type="multi-choice", options=list(YES_NO))))
    assert read_answers({"m": ["yes"]}, several).answers["m"].value == ("yes",)
