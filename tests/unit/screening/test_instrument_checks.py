"""What can have no effect is refused: questions that never show, weights that never count."""

from typing import Any

import pytest
from pydantic import ValidationError

from screening.domain import showing
from tests.unit.screening.examples import YES_NO, instrument, question, section, shown_by

MANY = [{"code": f"o{n}", "label": {"en": f"O{n}"}} for n in range(8)]
GATE: dict[str, Any] = {"type": "integer"}
ALONE = {"code": "none", "label": {"en": "None"}, "exclusive": True}


def _refused(*items: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        instrument(section("a", *items))
    (problem,) = caught.value.errors()
    return f"{problem['type']} {problem['msg']}"


def _accepts(*items: dict[str, Any]) -> bool:
    return list(instrument(section("a", *items)).items_by_id) == [item["id"] for item in items]


def _both(*comparisons: dict[str, Any], item: str = "gate") -> dict[str, Any]:
    return {"all": [{"item": item} | one for one in comparisons]}


def _is(value: object, op: str = "=") -> dict[str, Any]:
    return {"op": op, "value": value}


NEVER = _both(_is("yes"), _is("no"))


@pytest.mark.parametrize(
    ("gate", "condition"),
    [
        ({}, NEVER),
        ({}, {"not": {"any": [shown_by("gate"), {"not": shown_by("gate")}]}}),
        ({}, _both(_is("yes"), _is(False, "answered"))),
        ({"type": "boolean"}, _both(_is(value=True), _is(value=False))),
        ({"type": "integer"}, _both(_is(17, ">"), _is(18, "<"))),
        ({"type": "decimal"}, _both(_is(17, ">="), _is(17, "<"))),
        ({"type": "date"}, _both(_is("2026-01-01", ">"), _is("2026-01-02", "<"))),
        ({"type": "text"}, _both(_is("a"), _is("b"))),
        (
            {"type": "multi-choice", "options": [*MANY, ALONE]},
            _both(_is("none", "contains"), _is("o1", "contains")),
        ),
    ],
)
def test_a_question_that_no_answers_show_is_refused(
    gate: dict[str, Any], condition: dict[str, Any]
) -> None:
    said = _refused(question("gate", **gate), question("hidden", show_when=condition))
    assert said.startswith("never_shown /sections/0/items/1/show_when: question hidden can never")


@pytest.mark.parametrize(
    ("gate", "condition"),
    [
        ({"type": "decimal"}, _both(_is(17, ">"), _is(18, "<"))),
        ({"type": "date"}, _both(_is("2026-01-01", ">"), _is("2026-01-03", "<"))),
        ({"type": "date"}, _both(_is("some day", ">"), _is("2026-01-03", "<"))),
        ({"type": "date"}, _both(_is("9999-12-31", ">="))),
        ({"type": "text"}, _both(_is("a", "!="))),
        (
            {"type": "multi-choice", "options": MANY},
            _both(_is("o0", "contains"), _is("o1", "contains"), _is("o2", "!=")),
        ),
        (
            {"type": "multi-choice", "options": MANY},
            _both(*(_is(f"o{n}", "contains") for n in range(8))),
        ),
    ],
)
def test_a_question_that_some_answers_show_is_accepted(
    gate: dict[str, Any], condition: dict[str, Any]
) -> None:
    assert _accepts(question("gate", **gate), question("shown", show_when=condition))


def test_what_only_a_hidden_question_would_show_never_shows() -> None:
    said = _refused(
        question("gate", type="integer"),
        question("never", weight=1, show_when=_both(_is(5, ">"), _is(4, "<"))),
        question("deeper", show_when=shown_by("never")),
    )
    assert "question never can never show" in said


def test_what_may_be_shown_by_a_question_that_never_shows_is_searched_further() -> None:
    hopeless = question("never", weight=1, show_when=NEVER)
    either = {"any": [shown_by("never"), shown_by("never", value="no")]}
    said = _refused(question("gate"), question("deeper", show_when=either), hopeless)
    assert "question deeper can never show" in said


def test_a_question_behind_a_gate_with_too_many_answers_is_taken_to_show() -> None:
    codes = [option["code"] for option in MANY]
    many = question("gate", type="multi-choice", options=MANY)
    mid = question("mid", show_when=_both(*(_is(code, "contains") for code in codes)))
    assert _accepts(many, mid, question("last", show_when=shown_by("mid")))


def test_where_the_search_would_take_too_long_a_question_is_taken_to_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(showing, "BUDGET", 1)
    assert _accepts(question("gate"), question("hidden", show_when=NEVER))


@pytest.mark.parametrize(
    ("parts", "field", "why"),
    [
        ({"weight": 2, "show_when": NEVER}, "weight", "it can never show"),
        ({"strength": "weak", "show_when": NEVER}, "strength", "it can never show"),
        ({"weight": 2, "scored": False}, "weight", "it is not scored"),
        ({"strength": "weak", "scored": False}, "strength", "it is not scored"),
        ({"weight": 2, "positive_when": []}, "weight", "no answer to it is positive"),
        ({"weight": 0, "type": "info"}, "weight", "it takes no answer"),
        (
            {"positive_when": [], "options": [YES_NO[0], YES_NO[1] | {"score": 3}]},
            "options/1/score",
            "no answer to it is positive, required or looked at",
        ),
        (
            {
                "options": [
                    *YES_NO,
                    {"code": "9", "label": {"en": "?"}, "missing": "declined", "score": 1},
                ]
            },
            "options/2/score",
            "option 9 stands for having no answer",
        ),
    ],
)
def test_a_weight_that_never_counts_is_refused(parts: dict[str, Any], field: str, why: str) -> None:
    said = _refused(question("gate"), question("q", **parts))
    assert said.startswith(f"weight_without_effect /sections/0/items/1/{field}: question q ")
    assert said.endswith(f"but can never count because {why}")


def test_a_sign_set_aside_keeps_the_strength_it_is_known_for() -> None:
    aside = question("q", scored=False, strength="strong", indicators=["isolated"])
    assert _accepts(aside)


def test_the_score_of_an_option_counts_where_another_question_looks_at_it() -> None:
    scored = [YES_NO[0] | {"score": 2}, YES_NO[1]]
    gate = question("gate", positive_when=[], options=scored)
    assert _accepts(gate, question("q", show_when=shown_by("gate")))
