"""The rules of an instrument in words, for people who check what an instrument does."""

from typing import Any

import pytest

from casework.domain.condition_words import Shape
from screening.web.rule_words import told_rule

YES = {"item": "q1", "op": "=", "value": "yes"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (YES, "the answer to q1 is yes"),
        ({"item": "q1", "op": "!=", "value": True}, "the answer to q1 is not Yes"),
        ({"item": "q1", "op": "in", "value": ["a", "b"]}, "the answer to q1 is one of a, b"),
        ({"item": "q1", "op": "contains", "value": "a"}, "the answer to q1 contains a"),
        ({"item": "q1", "op": ">", "value": 3}, "the answer to q1 is above 3"),
        ({"item": "q1", "op": ">=", "value": 3}, "the answer to q1 is at least 3"),
        ({"item": "q1", "op": "<", "value": 3}, "the answer to q1 is below 3"),
        ({"item": "q1", "op": "<=", "value": 3}, "the answer to q1 is at most 3"),
        ({"item": "q1", "op": "answered", "value": True}, "q1 has an answer"),
        ({"item": "q1", "op": "answered", "value": False}, "q1 has no answer"),
        ({"positive": "act"}, "the part act is positive"),
        ({"always": True}, "in all other cases"),
        ({"population": "child"}, "the person was under 18"),
        ({"population": "adult"}, "the person was an adult"),
    ],
)
def test_each_rule_has_its_words(rule: dict[str, Any], words: str) -> None:
    told = told_rule(rule)
    assert told is not None
    assert told.words == words


@pytest.mark.parametrize(
    ("rule", "shape", "parts"),
    [
        ({"all": [YES, YES]}, Shape.ALL, 2),
        ({"any": [YES, {"always": True}]}, Shape.ANY, 2),
        ({"not": YES}, Shape.NOT, 1),
        ({"any_positive": ["act", "means"]}, Shape.ANY, 2),
    ],
)
def test_parts_stand_below(rule: dict[str, Any], shape: Shape, parts: int) -> None:
    told = told_rule(rule)
    assert told is not None
    assert (told.shape, len(told.parts)) == (shape, parts)


@pytest.mark.parametrize(
    "document",
    [{}, {"fact": "x"}, {"item": "q1", "op": "~"}, {"all": [YES, {}]}, {"not": {"fact": "x"}}],
)
def test_what_is_no_rule_is_left_alone(document: dict[str, Any]) -> None:
    assert told_rule(document) is None
