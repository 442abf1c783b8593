"""The shortest ways to an answer."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings

from casework.domain.conditions import Condition, FactValue, evaluate, fact_codes
from casework.domain.deciding import deciding_sets, relevant_values
from casework.domain.ternary import Ternary
from tests.unit.casework.condition_examples import VALUES, any_condition, any_facts, parsed

A, B, C = ({"fact": code, "is": True} for code in "abc")
NOT_A = {"fact": "a", "is": False}


@pytest.mark.parametrize(
    ("written", "facts", "expected"),
    [
        (A, {}, ["a"]),
        (A, {"a": True}, []),
        ({"all": [A, B]}, {}, ["a", "b"]),
        ({"all": [A, B]}, {"a": True}, ["b"]),
        ({"at_least": {"count": 2, "of": [A, B, C]}}, {}, ["ab", "ac", "bc"]),
        ({"at_least": {"count": 2, "of": [A, B, C]}}, {"b": True}, ["a", "c"]),
        ({"all": [{"any": [A, B]}, A]}, {}, ["a"]),
        ({"any": [{"all": [A, B]}, {"all": [NOT_A, C]}]}, {}, ["ab", "ac", "bc"]),
        ({"any": [{"all": [A, NOT_A]}, B]}, {}, ["b"]),
        ({"not": {"all": [A, {"any": [B, C]}]}}, {"b": False}, ["a", "c"]),
    ],
)
def test_the_smallest_sets_come_first(
    written: dict[str, Any], facts: dict[str, FactValue], expected: list[str]
) -> None:
    assert deciding_sets(parsed(written), facts) == tuple(frozenset(codes) for codes in expected)


def test_a_value_that_answers_nothing_is_asked_anew() -> None:
    assert deciding_sets(parsed(A), {"a": "perhaps"}) == (frozenset("a"),)


def test_a_test_that_no_answer_can_meet_alone_leaves_no_way() -> None:
    mixed = parsed({"all": [{"fact": "x", "one_of": ["a"]}, {"fact": "x", "is": True}]})
    assert deciding_sets(mixed, {}) == (frozenset("x"),)
    both_types = parsed({"at_least": {"count": 1, "of": [{"fact": "x", "is": True}]}})
    assert deciding_sets(both_types, {"x": False}) == ()


def test_every_side_of_every_test_has_a_value() -> None:
    written = {
        "all": [
            A,
            {"fact": "n", "at_least": 3},
            {"fact": "s", "one_of": ["x", "yy"]},
            {"fact": "d", "before": date(2026, 1, 2)},
            {"fact": "e", "on_or_after": date.min},
        ]
    }
    assert {code: set(values) for code, values in relevant_values(parsed(written)).items()} == {
        "a": {True, False},
        "n": {2, 3, 4},
        "s": {"x", "yy", "yy?"},
        "d": {date(2026, 1, 1), date(2026, 1, 2)},
        "e": {date.min},
    }


def by_trying(condition: Condition, facts: dict[str, FactValue]) -> Iterator[frozenset[str]]:
    """The minimal deciding sets by trying every answer to every set of facts."""
    missing = sorted(fact_codes(condition) - facts.keys())
    found: list[frozenset[str]] = []
    for size in range(len(missing) + 1):
        for codes in combinations(missing, size):
            smaller = any(known <= set(codes) for known in found)
            answers = product(*(VALUES[code] for code in codes))
            if not smaller and any(settles(condition, facts, codes, each) for each in answers):
                found.append(frozenset(codes))
    return iter(codes for codes in found if codes)


def settles(
    condition: Condition,
    facts: dict[str, FactValue],
    codes: tuple[str, ...],
    answers: tuple[FactValue, ...],
) -> bool:
    more = dict(zip(codes, answers, strict=True))
    return evaluate(condition, {**facts, **more}).value is not Ternary.UNKNOWN


@settings(max_examples=200, deadline=None)
@given(condition=any_condition, facts=any_facts)
def test_the_sets_are_those_that_trying_everything_finds(
    condition: Condition, facts: dict[str, FactValue]
) -> None:
    assert deciding_sets(condition, facts) == tuple(by_trying(condition, facts))


@pytest.mark.parametrize(("count", "ways"), [(1, 20), (2, 190), (19, 190), (20, 20)])
def test_twenty_indicators_are_no_trouble(count: int, ways: int) -> None:
    assert len(deciding_sets(at_least_of_twenty(count), {})) == ways


@pytest.mark.parametrize(("count", "ways"), [(1, 20), (10, 0)])
def test_only_short_ways_can_be_asked_for(count: int, ways: int) -> None:
    assert len(deciding_sets(at_least_of_twenty(count), {}, at_most=1)) == ways


def at_least_of_twenty(count: int) -> Condition:
    parts = [{"fact": f"i{number}", "is": True} for number in range(20)]
    return parsed({"at_least": {"count": count, "of": parts}})
