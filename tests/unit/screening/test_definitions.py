"""A definition that contradicts itself is refused, with the place and the reason."""

from typing import Any

import pytest
from pydantic import ValidationError

from casework.domain.errors import SeedError
from screening.domain.definition import Text
from screening.domain.expansion import expand
from screening.domain.indicators import Indicator
from screening.domain.instrument import Instrument
from tests.unit.screening.examples import (
    COUNTING,
    YES_NO,
    document,
    instrument,
    question,
    section,
    shown_by,
    vocabulary,
)


def _refused(*sections: dict[str, Any], **parts: object) -> str:
    with pytest.raises(ValidationError) as caught:
        instrument(*sections, **parts)
    (problem,) = caught.value.errors()
    return f"{problem['type']} {problem['msg']}"


def test_a_language_without_wording_falls_back_to_its_base_then_english_then_any() -> None:
    text = Text.model_validate({"en": "Yes", "es": "Sí"})
    assert [text.get(tag) for tag in ("es-MX", "es", "ar", "en")] == ["Sí", "Sí", "Yes", "Yes"]
    assert Text.model_validate({"es": "Sí"}).get("ar") == "Sí"


def test_a_question_id_used_twice_is_refused() -> None:
    said = _refused(section("a", question("q")), section("b", question("q")))
    assert said == "duplicate_item /sections/1/items/0/id: q is used twice"


def test_a_section_id_used_twice_is_refused() -> None:
    said = _refused(section("a", question("q")), section("a", question("r")))
    assert said == "duplicate_section /sections/1/id: a is used twice"


def test_a_condition_on_an_unknown_question_is_refused() -> None:
    said = _refused(section("a", question("q", show_when=shown_by("ghost"))))
    assert said == "unknown_item /sections/0/items/0/show_when: there is no question ghost"


@pytest.mark.parametrize(
    ("asked", "comparison"),
    [
        ({}, {"op": "=", "value": "maybe"}),
        ({}, {"op": "in", "value": []}),
        ({}, {"op": ">", "value": "yes"}),
        ({}, {"op": "answered", "value": "yes"}),
        ({"type": "boolean"}, {"op": "=", "value": 1}),
        ({"type": "integer"}, {"op": "=", "value": True}),
        ({"type": "integer"}, {"op": ">", "value": [1, 2]}),
        ({"type": "date"}, {"op": "<", "value": 3}),
        ({"type": "info"}, {"op": "answered", "value": True}),
        ({"type": "info"}, {"op": "=", "value": "x"}),
        (
            {"options": [*YES_NO, {"code": "8", "label": {"en": "?"}, "missing": "unknown"}]},
            {"op": "=", "value": "8"},
        ),
    ],
)
def test_a_condition_that_no_answer_can_meet_is_refused(
    asked: dict[str, Any], comparison: dict[str, Any]
) -> None:
    hidden = question("hidden", show_when={"item": "gate"} | comparison)
    said = _refused(section("a", question("gate", **asked), hidden))
    assert said.startswith("impossible_condition /sections/0/items/1/show_when: ")


def test_questions_that_show_each_other_are_refused_and_named() -> None:
    said = _refused(
        section(
            "a",
            question("p", show_when={"not": {"any": [shown_by("q")]}}),
            question("q", show_when={"all": [shown_by("p")]}),
        )
    )
    assert said.startswith("visibility_cycle /sections: questions show each other in a circle: ")
    assert {"p", "q"} <= set(said.split())


def test_a_section_shown_by_a_question_of_its_own_is_a_circle() -> None:
    assert "circle" in _refused(section("a", question("q"), show_when=shown_by("q")))


def test_a_condition_of_no_known_kind_is_refused() -> None:
    said = _refused(section("a", question("q", show_when={"sometimes": True})))
    assert "none of the rules" in said
    assert "none of the rules" in _refused(section("a", question("q", show_when="sometimes")))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"options": []}, "no_options"),
        (
            {"options": [{"code": "9", "label": {"en": "?"}, "missing": "declined"}]},
            "no_options",
        ),
        ({"type": "text", "options": YES_NO}, "options_unexpected"),
        ({"options": [*YES_NO, YES_NO[0]]}, "duplicate_option"),
        ({"positive_when": ["maybe"]}, "unknown_option"),
        ({"type": "boolean", "positive_when": ["yes"]}, "unknown_option"),
        ({"positive_above": 3}, "positive_above_unexpected"),
        ({"positive_when": [], "indicators": ["isolated"]}, "never_positive"),
        ({"personal": True}, "personal_unexpected"),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(parts: dict[str, Any], code: str) -> None:
    assert _refused(section("a", question("q", **parts))).startswith(f"{code} question q: ")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bands": []}, "needs bands"),
        ({"method": "matrix"}, "needs outcome_rules"),
        ({"bands": [{"min": 1, "code": "x", "label": {"en": "X"}}]}, "start at 0"),
        ({"bands": [COUNTING["bands"][1], COUNTING["bands"][0]]}, "start at 0"),
        (
            {
                "method": "strength_combination",
                "outcome_rules": [
                    {"outcome": "no", "label": {"en": "No"}, "when": {"always": True}}
                ],
            },
            "needs a dimension_rule",
        ),
        (
            {
                "outcome_rules": [
                    {"outcome": "no", "label": {"en": "No"}, "when": {"positive": "a"}}
                ]
            },
            "is always",
        ),
    ],
)
def test_scoring_that_cannot_decide_is_refused(changes: dict[str, Any], said: str) -> None:
    assert said in _refused(section("a", question("q")), scoring=COUNTING | changes)


def test_an_outcome_rule_on_an_unknown_section_is_refused() -> None:
    named = {"all": [{"any": [{"any_positive": ["a", "ghost"]}]}, {"population": "child"}]}
    rules = [
        {"outcome": "yes", "label": {"en": "Yes"}, "when": named},
        {"outcome": "no", "label": {"en": "No"}, "when": {"always": True}},
    ]
    scoring = COUNTING | {"method": "matrix", "outcome_rules": rules}
    said = _refused(section("a", question("q")), scoring=scoring)
    assert said == "unknown_section /scoring/outcome_rules/0/when: there is no section ghost"


def test_a_list_that_needs_a_part_is_refused_when_empty() -> None:
    assert _refused() == "empty at least one is needed"


def test_an_option_set_is_written_out_and_an_unknown_one_is_refused_with_its_place() -> None:
    item = question("q", options="often")
    sets = {"often": YES_NO}
    assert instrument(section("a", item), option_sets=sets).items_by_id["q"].answer_codes == (
        "yes",
        "no",
    )
    with pytest.raises(SeedError) as caught:
        expand(document(section("a", question("p"), item), option_sets=["often"]), {})
    assert caught.value.problems[0].pointer == "/sections/0/items/1/options"


@pytest.mark.parametrize("sections", [None, [3], [{"items": 3}], [{"items": [3]}]])
def test_what_is_not_even_shaped_like_an_instrument_is_left_to_validation(
    sections: object,
) -> None:
    with pytest.raises(ValidationError):
        Instrument.model_validate(expand(document() | {"sections": sections}, {}))


def test_an_indicator_outside_the_shared_vocabulary_is_refused_by_name() -> None:
    asking = instrument(section("a", question("q", indicators=["isolated", "made_up"])))
    with pytest.raises(SeedError) as caught:
        asking.check_against({"isolated"})
    (problem,) = caught.value.problems
    assert problem.pointer == "/sections/0/items/0/indicators"
    assert "made_up" in problem.detail
    asking.check_against({"isolated", "made_up"})


def test_an_instrument_tells_the_section_of_a_question() -> None:
    asking = instrument(section("a", question("q")), section("b", question("r")))
    assert asking.section_of("r").id == "b"


def test_an_instrument_comes_back_from_json_as_it_was() -> None:
    before = instrument(
        section("a", question("q"), question("r", show_when={"not": {"any": [shown_by("q")]}}))
    )
    assert Instrument.model_validate(before.model_dump(mode="json")) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"element": "means", "federal": "recruit"},
        {"element": "vulnerability", "federal": "none", "un_protocol": True},
        {"element": "purpose", "federal": "none", "forms": ()},
    ],
)
def test_an_indicator_must_suit_its_element(changes: dict[str, Any]) -> None:
    row = vocabulary()["forced_labor"].model_dump(mode="json")
    with pytest.raises(ValidationError):
        Indicator.model_validate(row | changes)
