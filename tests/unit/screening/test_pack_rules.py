"""What an agency's own instrument must and must not say, besides being a sound one."""

from typing import Any

import pytest
from pydantic import ValidationError

from screening.domain.instrument import Instrument
from screening.domain.pack_rules import (
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MOST_OPTIONS,
    MOST_OPTIONS_TOGETHER,
    MOST_QUESTIONS,
    Problem,
    clashes,
    explained,
    path_of,
    too_many,
    unfit_for_an_agency,
    unfit_values,
    wordless,
)
from tests.unit.screening.examples import (
    COUNTING,
    YES_NO,
    document,
    instrument,
    question,
    section,
)

GRANTED = {"by": "The authors", "on": "2026-01-31", "reference": "Letter 7"}
SOURCE = {"citation": "Nobody", "licence": "none", "permission": "ask"}


def codes(problems: list[Problem]) -> list[str]:
    return [code for _, code, _ in problems]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("x" * (LONGEST_TEXT + 1), "too_long"),
        ("Ana\u202elima", "bad_character"),
        ("nul\0", "bad_character"),
        ("del\x7f", "bad_character"),
        ("half \ud800", "bad_character"),
        (LARGEST_NUMBER + 1, "number_too_large"),
        (float("inf"), "number_too_large"),
        (float("nan"), "number_too_large"),
    ],
)
def test_a_value_that_nothing_may_hold_is_refused_by_its_path(value: object, code: str) -> None:
    found = list(unfit_values({"sections": [{"id": "a", "note": value}]}))
    assert [(path, name) for path, name, _ in found] == [(("sections", 0, "note"), code)]


def test_usual_values_are_fit() -> None:
    assert not list(unfit_values({"a": ["línea\n\t", 1, -2.5, True, None, "نعم"]}))


def test_a_name_of_a_field_is_looked_at_too() -> None:
    assert codes(list(unfit_values({"a": {"b\u2066": 1}}))) == ["bad_character"]


def test_more_questions_or_options_than_any_interview_has_are_refused() -> None:
    options = [{"code": str(n)} for n in range(MOST_OPTIONS + 1)]
    many = [{"options": options}] * (MOST_QUESTIONS + 1)
    found = list(too_many({"sections": [{"items": many}]}))
    assert found[0][0] == ("sections", 0, "items", 0, "options")
    assert set(codes(found[:-2])) == {"too_many_options"}
    assert codes(found[-2:]) == ["too_many_questions", "too_many_options"]
    assert str(MOST_OPTIONS_TOGETHER) in found[-1][2]


def test_as_many_as_an_interview_has_are_accepted() -> None:
    items = [{"options": [{"code": "yes"}]}, {"options": "yes_no"}]
    assert not list(too_many({"sections": [{"items": items}]}))


@pytest.mark.parametrize("sections", [None, "x", [1], [{"items": 1}], [{"items": [1]}], [{}]])
def test_what_is_no_question_is_not_counted(sections: object) -> None:
    assert not list(too_many({"sections": sections}))


def _explained(**parts: object) -> list[Problem]:
    with pytest.raises(ValidationError) as caught:
        Instrument.model_validate(document(section("a", question("q")), **parts))
    return list(explained(caught.value))


def test_what_the_schema_says_keeps_its_path() -> None:
    ((path, code, _),) = _explained(source={"licence": "none", "permission": "free"})
    assert (path, code) == (("source", "citation"), "missing")


def test_what_is_said_of_the_whole_is_placed_where_it_is_about() -> None:
    twice = [section("a", question("q"), question("q"))]
    ((path, code, said),) = _explained(sections=twice)
    assert (path, code) == (("sections", 0, "items", 1, "id"), "duplicate_item")
    assert said == "q is used twice"


def test_what_is_said_of_a_question_is_placed_at_its_field() -> None:
    ((path, code, _),) = _explained(sections=[section("a", question("q", options=[]))])
    assert (path, code) == (("sections", 0, "items", 0, "options"), "no_options")


def test_a_pointer_is_a_path() -> None:
    assert path_of("/sections/10/id") == ("sections", 10, "id")
    assert path_of("") == ()


def _one(**parts: object) -> Instrument:
    return instrument(section("a", question("q")), **parts)


def test_a_sound_instrument_of_an_agency_is_fit() -> None:
    assert not list(unfit_for_an_agency(_one(version="2026.01_b-2")))
    assert not list(wordless(_one()))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"status": "stub"}, "status_not_accepted"),
        ({"status": "retired"}, "status_not_accepted"),
        ({"reviewed": True}, "reviewed_not_accepted"),
        ({"id": "a" * 61}, "too_long"),
        ({"version": "1/2"}, "version_not_accepted"),
        ({"version": "1" * 41}, "version_not_accepted"),
    ],
)
def test_what_is_not_an_agencys_to_say_is_refused(parts: dict[str, Any], code: str) -> None:
    assert codes(list(unfit_for_an_agency(_one(**parts)))) == [code]


def test_what_is_asked_without_words_is_refused() -> None:
    silent = [{"code": "yes", "label": {}}, YES_NO[1]]
    bare = instrument(section("a", question("q", text={}, options=silent), title={}), disclaimer={})
    assert [path for path, _, _ in wordless(bare)] == [
        ("disclaimer",),
        ("sections", 0, "title"),
        ("sections", 0, "items", 0, "text"),
        ("sections", 0, "items", 0, "options", 0, "label"),
    ]


def _found(own: Instrument, *sections: dict[str, Any], status: str = "stub") -> list[Problem]:
    shared = instrument(*(sections or (section("a", question("q")),)), status=status)
    return list(clashes(own, shared))


def test_a_shared_instrument_that_is_no_stub_keeps_its_id() -> None:
    assert codes(_found(_one(), status="active")) == ["id_taken"]


def test_a_stub_makes_room_with_a_permission_only() -> None:
    assert codes(_found(_one(source=SOURCE))) == ["permission_missing"]
    assert not _found(_one(source=SOURCE | {"permission_granted": GRANTED}))


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"weight": 2}, "weight"),
        ({"positive_when": ["no"]}, "positive_when"),
        ({"options": [YES_NO[1], YES_NO[0]]}, "options"),
        ({"scored": False}, "scored"),
        ({"type": "integer"}, "type"),
    ],
)
def test_a_question_unlike_the_stubs_is_refused_by_its_field(
    parts: dict[str, Any], field: str
) -> None:
    granted = SOURCE | {"permission_granted": GRANTED}
    own = instrument(section("a", question("q", **parts)), source=granted)
    found = _found(own)
    assert set(codes(found)) == {"unlike_the_stub"}
    assert ("sections", 0, "items", 0, field) in [path for path, _, _ in found]


def test_questions_more_and_less_and_another_scoring_are_refused() -> None:
    granted = SOURCE | {"permission_granted": GRANTED}
    other = COUNTING | {"incomplete": {"outcome": "open", "label": {"en": "Open."}}}
    own = instrument(section("a", question("new")), source=granted, scoring=other)
    assert codes(_found(own)) == ["not_in_the_stub", "missing_question", "unlike_the_stub"]


def test_a_stub_whose_questions_are_not_known_leaves_them_to_the_pack() -> None:
    own = _one(source=SOURCE | {"permission_granted": GRANTED})
    assert not _found(own, section("a", question("wording", type="info")))
    assert "not_in_the_stub" in codes(_found(own, section("a", question("other"))))
