"""A question shows only when the shown answers are known to meet its conditions."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.facts import Standing
from screening.domain.visibility import AnswerValue, visible_items
from tests.unit.screening.examples import instrument, question, said, section, shown_by

CHAIN = instrument(
    section("a", question("a1"), question("a2", show_when=shown_by("a1"))),
    section("b", question("b1"), question("b2"), show_when=shown_by("a2")),
)


def _shows(
    condition: dict[str, Any], asked: dict[str, Any], /, **answers: Standing | AnswerValue
) -> bool:
    asking = instrument(section("a", question("gate", **asked), question("q", show_when=condition)))
    return "q" in visible_items(asking, said(**answers))


def test_a_question_without_conditions_always_shows() -> None:
    assert visible_items(CHAIN, {}) == {"a1"}


def test_hiding_a_gate_hides_everything_behind_it_and_showing_it_brings_it_back() -> None:
    answers = said(a1="yes", a2="yes", b1="yes")
    assert visible_items(CHAIN, answers) == {"a1", "a2", "b1", "b2"}
    assert visible_items(CHAIN, answers | said(a1="no")) == {"a1"}
    assert visible_items(CHAIN, answers | said(a1="no") | said(a1="yes")) == {
        "a1",
        "a2",
        "b1",
        "b2",
    }


@pytest.mark.parametrize("standing", [s for s in Standing if s is not Standing.KNOWN])
def test_an_unknown_answer_meets_no_condition_not_even_a_negated_one(standing: Standing) -> None:
    for condition in (
        shown_by("gate"),
        shown_by("gate", op="!="),
        {"not": shown_by("gate")},
        {"any": [shown_by("gate"), {"not": shown_by("gate")}]},
    ):
        assert not _shows(condition, {}, gate=standing)
        assert not _shows(condition, {})


MULTI = {
    "type": "multi-choice",
    "options": [{"code": c, "label": {"en": c}} for c in "abc"],
    "positive_when": [],
}


@pytest.mark.parametrize(
    ("gate", "op", "wanted", "value", "shows"),
    [
        ({}, "=", "yes", "yes", True),
        ({}, "=", "yes", "no", False),
        ({}, "!=", "yes", "no", True),
        ({}, "!=", "yes", "yes", False),
        ({}, "in", ["yes", "no"], "no", True),
        (MULTI, "contains", "b", ("a", "b"), True),
        (MULTI, "contains", "c", ("a", "b"), False),
        ({"type": "integer"}, ">", 3, 3, False),
        ({"type": "integer"}, ">=", 3, 3, True),
        ({"type": "decimal"}, "<", 3.5, 3.4, True),
        ({"type": "decimal"}, "<=", 3.5, 3.6, False),
        ({"type": "date"}, "<", "2026-02-01", "2026-01-31", True),
        ({"type": "boolean"}, "=", False, False, True),
        ({}, "answered", True, "no", True),
        ({}, "answered", False, "no", False),
    ],
)
def test_each_operator(
    gate: dict[str, Any], op: str, wanted: object, value: AnswerValue, shows: bool
) -> None:
    condition = {"item": "gate", "op": op, "value": wanted}
    assert _shows(condition, gate, gate=value) is shows


def test_answered_false_shows_while_the_gate_shows_and_is_unanswered() -> None:
    unanswered = shown_by("gate", op="answered", value=False)
    assert _shows(unanswered, {})
    asking = instrument(
        section(
            "a",
            question("first"),
            question("gate", show_when=shown_by("first")),
            question("q", show_when=unanswered),
        )
    )
    assert "q" not in visible_items(asking, {})


def test_all_and_any_combine() -> None:
    asking = instrument(
        section(
            "a",
            question("p"),
            question("q"),
            question("both", show_when={"all": [shown_by("p"), shown_by("q")]}),
            question("one", show_when={"any": [shown_by("p"), shown_by("q")]}),
        )
    )
    assert visible_items(asking, said(p="yes")) == {"p", "q", "one"}
    assert visible_items(asking, said(p="yes", q="yes")) == {"p", "q", "one", "both"}


def test_a_chain_of_a_thousand_questions_is_no_matter() -> None:
    chain = [question("q0")]
    chain += [question(f"q{n}", show_when=shown_by(f"q{n - 1}")) for n in range(1, 1000)]
    asking = instrument(section("a", *reversed(chain)))
    assert len(visible_items(asking, said(**{f"q{n}": "yes" for n in range(1000)}))) == 1000


@settings(max_examples=100, deadline=None)
@given(st.permutations([("a1", "yes"), ("a2", "yes"), ("b1", "no"), ("b2", "yes")]))
def test_the_order_of_the_answers_never_matters(pairs: list[tuple[str, str]]) -> None:
    assert visible_items(CHAIN, said(**dict(pairs))) == {"a1", "a2", "b1", "b2"}
