"""Conditions, whatever they are made of and whatever is known."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.conditions import Condition, FactValue, evaluate
from casework.domain.deciding import deciding_sets
from casework.domain.ternary import Ternary
from tests.properties import EXAMPLES
from tests.properties.truth_table import LETTERS, decided_by
from tests.unit.casework.condition_examples import any_condition, any_facts, parsed


@settings(max_examples=EXAMPLES)
@given(condition=any_condition, facts=any_facts, more=any_facts)
def test_more_knowledge_never_flips_a_decided_value(
    condition: Condition, facts: dict[str, FactValue], more: dict[str, FactValue]
) -> None:
    before = evaluate(condition, facts).value
    assert before in {Ternary.UNKNOWN, evaluate(condition, {**more, **facts}).value}


def _leaf(size: int) -> st.SearchStrategy[dict[str, Any]]:
    letters = st.sampled_from(LETTERS[:size])
    return st.builds(lambda code, value: {"fact": code, "is": value}, letters, st.booleans())


def _grown(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=5)
    counted = several.flatmap(
        lambda parts: st.integers(1, len(parts)).map(
            lambda count: {"at_least": {"count": count, "of": parts}}
        )
    )
    return st.one_of(
        several.map(lambda parts: {"all": parts}),
        several.map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
        counted,
    )


@st.composite
def _sized(draw: st.DrawFn) -> tuple[Condition, int]:
    size = draw(st.integers(1, len(LETTERS)))
    written = draw(st.recursive(_leaf(size), _grown, max_leaves=16))
    return parsed(written), size


@settings(max_examples=EXAMPLES)
@given(_sized())
def test_the_sets_that_would_decide_are_the_minimal_ones(drawn: tuple[Condition, int]) -> None:
    condition, size = drawn
    assert deciding_sets(condition, {}) == decided_by(condition, size)


@pytest.mark.parametrize(("count", "of"), [(1, 12), (6, 12), (12, 12), (7, 11)])
def test_the_oracle_agrees_on_twelve_facts(count: int, of: int) -> None:
    parts = [{"fact": letter, "is": True} for letter in LETTERS[:of]]
    condition = parsed({"at_least": {"count": count, "of": parts}})
    assert deciding_sets(condition, {}) == decided_by(condition, of)


def test_the_oracle_would_notice_a_set_that_is_not_minimal() -> None:
    both = parsed({"all": [{"fact": "a", "is": True}, {"fact": "b", "is": True}]})
    assert decided_by(both, 2) == (frozenset("a"), frozenset("b"))
    assert frozenset("ab") not in decided_by(both, 2)
