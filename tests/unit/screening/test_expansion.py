"""One question, one wording behind every door: short forms are written out from what is shared."""

from typing import Any

import pytest

from casework.domain.definitions import Known
from casework.domain.facts import FactDefinition
from screening.domain.expansion import UnknownOptionSetError, UnknownQuestionError, expand
from screening.domain.instrument import Instrument
from tests.seeds import rows
from tests.unit.screening.examples import document, section, vocabulary

KNOWN: Known = {
    **{("indicator", code): one for code, one in vocabulary().items()},
    **{("fact", code): one for code, one in rows.facts().items()},
}


def item(**written: Any) -> dict[str, Any]:  # noqa: ANN401
    expanded = expand(document(section("a", written)), KNOWN)
    return dict(expanded["sections"][0]["items"][0])


def test_the_question_of_a_shared_sign_comes_with_its_reasons_strength_and_languages() -> None:
    sign = vocabulary()["passport_retained"]
    found = item(ask="passport_retained")
    assert found["text"] == sign.question.root
    assert {"en", "es", "ar"} <= set(found["why_we_ask"])
    assert found["indicators"] == [found["id"]] == ["passport_retained"]
    assert (found["strength"], found["positive_when"]) == (sign.strength.value, ["yes"])


def test_what_a_question_says_itself_goes_before_what_it_takes_over() -> None:
    found = item(ask="passport_retained", id="papers", text={"en": "Who has your papers?"})
    assert (found["id"], found["text"]) == ("papers", {"en": "Who has your papers?"})


@pytest.mark.parametrize(
    ("code", "type_"),
    [
        ("in_custody", "choice"),
        ("visa_class", "choice"),
        ("date_of_birth", "date"),
    ],
)
def test_a_question_about_a_fact_becomes_that_fact_and_no_sign(code: str, type_: str) -> None:
    found = item(ask_fact=code)
    assert (found["id"], found["fact"], found["type"]) == (code, code, type_)
    assert found["scored"] is False
    assert "indicators" not in found


def test_the_options_of_a_choice_are_those_of_the_fact() -> None:
    fact: FactDefinition = rows.facts()["visa_class"]
    assert [option["code"] for option in item(ask_fact="visa_class")["options"]] == [*fact.options]


def test_the_options_of_a_fact_are_called_what_the_fact_calls_them() -> None:
    first = item(ask_fact="wants_law_enforcement_contact")["options"][0]
    assert first == {"code": "yes", "label": {"en": "Yes", "es": "Sí", "ar": "نعم"}}


def test_an_option_that_the_fact_does_not_name_is_its_code_in_english() -> None:
    options = item(ask_fact="need_unserved_reason")["options"]
    assert {"code": "too_far", "label": {"en": "too far"}} in options


def test_an_instrument_of_shared_questions_is_sound() -> None:
    asked = document(section("a", {"ask": "passport_retained"}, {"ask_fact": "in_custody"}))
    assert set(Instrument.model_validate(expand(asked, KNOWN)).items_by_id) == {
        "passport_retained",
        "in_custody",
    }


@pytest.mark.parametrize(
    ("written", "pointer", "code"),
    [
        ({"ask": "no_such_sign"}, "/sections/0/items/0/ask", "unknown_indicator"),
        ({"ask": ["a"]}, "/sections/0/items/0/ask", "unknown_indicator"),
        ({"ask_fact": "no_such_fact"}, "/sections/0/items/0/ask_fact", "unknown_fact"),
    ],
)
def test_what_is_not_shared_is_refused_with_its_place(
    written: dict[str, Any], pointer: str, code: str
) -> None:
    with pytest.raises(UnknownQuestionError) as refusal:
        item(**written)
    (problem,) = refusal.value.problems
    assert (problem.pointer, problem.code) == (pointer, code)


def test_an_option_set_that_is_not_defined_is_refused() -> None:
    with pytest.raises(UnknownOptionSetError, match="there is no option set often"):
        item(id="q", options="often")


@pytest.mark.parametrize("sections", [None, ["text"], [{"id": "a", "items": "none"}]])
def test_what_is_no_instrument_at_all_is_left_for_its_schema_to_refuse(sections: object) -> None:
    assert expand({"sections": sections}, KNOWN)["sections"] == sections


def test_an_item_that_is_no_mapping_is_left_for_its_schema_to_refuse() -> None:
    sections = [{"id": "a", "items": ["text"]}]
    assert expand({"sections": sections}, KNOWN)["sections"] == sections
