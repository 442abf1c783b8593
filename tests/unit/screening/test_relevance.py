"""The small part of XLSForm's language that says when a question shows."""

from typing import Any

import pytest

from screening.gateways.relevance import DEEPEST, Literal, RelevanceError, read_relevance


def _text(value: str) -> Literal:
    return Literal(text=value, quoted=True)


def _number(value: str) -> Literal:
    return Literal(text=value, quoted=False)


A: dict[str, Any] = {"item": "a", "op": "=", "value": _text("yes")}
B: dict[str, Any] = {"item": "b", "op": "contains", "value": _text("x")}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("${a} = 'yes'", A),
        (' ${ a }="yes" ', A),
        ("${a} = \u2018yes\u2019", A),
        ("${a} != 'no'", {"item": "a", "op": "!=", "value": _text("no")}),
        ("${n} >= 18", {"item": "n", "op": ">=", "value": _number("18")}),
        ("${n} < -2.5", {"item": "n", "op": "<", "value": _number("-2.5")}),
        ("${d} > '2026-01-31'", {"item": "d", "op": ">", "value": _text("2026-01-31")}),
        ("${a} = ''", {"item": "a", "op": "answered", "value": False}),
        ("${a} != ''", {"item": "a", "op": "answered", "value": True}),
        ("selected(${b}, 'x')", B),
        ("not(${a} = 'yes')", {"not": A}),
        ("((${a} = 'yes'))", A),
        ("${a} = 'yes' and selected(${b},'x')", {"all": [A, B]}),
        ("${a} = 'yes' or ${a} = 'yes' and selected(${b},'x')", {"any": [A, {"all": [A, B]}]}),
        ("(${a} = 'yes' or selected(${b},'x')) and ${a} = 'yes'", {"all": [{"any": [A, B]}, A]}),
    ],
)
def test_a_condition_becomes_a_rule(text: str, rule: dict[str, Any]) -> None:
    assert read_relevance(text) == rule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pulldata('staff', 'x') = 1", "there is no “pulldata” here, at character 1"),
        ("${a} = 'yes' and regex(${b}, '.*')", "there is no “regex” here, at character 18"),
        ("true()", "there is no “true” here"),
        ("not ${a} = 'yes'", "“${a}” at character 5"),
        ("${a}", "the end is not accepted here"),
        ("", "the end is not accepted here"),
        ("${a} = yes", "“yes” at character 8"),
        ("${a} = ${b}", "“${b}” at character 8"),
        ("${a} + 1 = 2", "“+” at character 6"),
        ("${a} = 'yes' ${b} = 'x'", "“${b}” at character 14"),
        ("${a} = 'yes", "“'” at character 8"),
        ("(${a} = 'yes'", "the end is not accepted here"),
        ("selected(${b} 'x')", "“'x'” at character 15"),
        ("selected('x', ${b})", "“'x'” at character 10"),
        ("${a} = 12345678901234567890", "at character 8"),
        ("${a} = \u0661", "at character 8"),
        ("(" * (DEEPEST + 1) + "${a} = 1", f"more than {DEEPEST} deep"),
        ("('" * 4_000, "at character"),
    ],
)
def test_anything_else_is_refused_with_its_position(text: str, said: str) -> None:
    with pytest.raises(RelevanceError) as refusal:
        read_relevance(text)
    assert said in str(refusal.value)
    assert "accepted are" in str(refusal.value)


def test_brackets_side_by_side_are_not_deep() -> None:
    assert len(read_relevance(" and ".join(["(${a} = 'yes')"] * 50))["all"]) == 50
