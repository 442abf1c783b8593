"""Conditions in three-valued logic, and the reasons they give."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from casework.domain.conditions import Condition, Evaluation, Facts, FactValue, evaluate, fact_codes
from casework.domain.ternary import Ternary
from tests.unit.casework.condition_examples import any_condition, any_facts, parsed, plain

YES, NO, UNKNOWN = Ternary.YES, Ternary.NO, Ternary.UNKNOWN

A, B, C = ({"fact": code, "is": True} for code in "abc")


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ({"fact": "x", "is": True}, True, YES),
        ({"fact": "x", "is": True}, False, NO),
        ({"fact": "x", "is": True}, 1, UNKNOWN),
        ({"fact": "x", "is": 1}, True, UNKNOWN),
        ({"fact": "x", "is": "a"}, "a", YES),
        ({"fact": "x", "is": "a"}, "b", NO),
        ({"fact": "x", "is": "a"}, ("b", "a"), YES),
        ({"fact": "x", "is": "a"}, ("b", "c"), NO),
        ({"fact": "x", "is": "a"}, (), NO),
        ({"fact": "x", "one_of": ["a", "b"]}, "b", YES),
        ({"fact": "x", "one_of": ["a", "b"]}, "c", NO),
        ({"fact": "x", "one_of": [1, 2]}, 2, YES),
        ({"fact": "x", "at_least": 3}, 3, YES),
        ({"fact": "x", "at_least": 3}, 2, NO),
        ({"fact": "x", "at_least": 0}, False, UNKNOWN),
        ({"fact": "x", "at_most": 3}, 3, YES),
        ({"fact": "x", "at_most": 3}, 4, NO),
        ({"fact": "x", "before": date(2026, 1, 23)}, date(2026, 1, 22), YES),
        ({"fact": "x", "before": date(2026, 1, 23)}, date(2026, 1, 23), NO),
        ({"fact": "x", "before": date(2026, 1, 23)}, "2026-01-22", UNKNOWN),
        ({"fact": "x", "before": date(2026, 1, 23)}, datetime(2026, 1, 22, tzinfo=UTC), UNKNOWN),
        ({"fact": "x", "on_or_after": "2026-01-23"}, date(2026, 1, 23), YES),
        ({"fact": "x", "on_or_after": "2026-01-23"}, date(2026, 1, 22), NO),
    ],
)
def test_a_fact_is_held_against_the_test(
    written: dict[str, Any], value: FactValue, expected: Ternary
) -> None:
    assert evaluate(parsed(written), {"x": value}).value is expected


def test_an_absent_fact_is_unknown_and_never_no() -> None:
    found = evaluate(parsed({"fact": "x", "is": False}), {})
    assert found == Evaluation(value=UNKNOWN, unknown=frozenset({"x"}))


@pytest.mark.parametrize(
    ("written", "facts", "value", "because", "unknown"),
    [
        ({"all": [A, B]}, {"a": True, "b": True}, YES, "ab", ""),
        ({"all": [A, B, C]}, {"a": True, "b": False}, NO, "b", ""),
        ({"all": [A, B, C]}, {"a": True, "b": True}, UNKNOWN, "", "c"),
        ({"any": [A, B, C]}, {"a": False, "b": True}, YES, "b", ""),
        ({"any": [A, B]}, {"a": False, "b": False}, NO, "ab", ""),
        ({"any": [A, B, C]}, {"a": False}, UNKNOWN, "", "bc"),
        ({"not": A}, {"a": True}, NO, "a", ""),
        ({"not": A}, {}, UNKNOWN, "", "a"),
        ({"at_least": {"count": 2, "of": [A, B, C]}}, {"a": True, "c": True}, YES, "ac", ""),
        ({"at_least": {"count": 2, "of": [A, B, C]}}, {"a": False, "c": False}, NO, "ac", ""),
        ({"at_least": {"count": 2, "of": [A, B, C]}}, {"a": True}, UNKNOWN, "", "bc"),
        ({"any": [{"all": [A, B]}, C]}, {"a": False}, UNKNOWN, "", "c"),
    ],
)
def test_a_value_names_what_it_rests_on_and_what_is_missing(
    written: dict[str, Any], facts: Facts, value: Ternary, because: str, unknown: str
) -> None:
    expected = Evaluation(value=value, because=frozenset(because), unknown=frozenset(unknown))
    assert evaluate(parsed(written), facts) == expected


@settings(max_examples=200)
@given(condition=any_condition, facts=any_facts, more=any_facts)
def test_more_facts_never_change_a_yes_or_a_no(
    condition: Condition, facts: dict[str, FactValue], more: dict[str, FactValue]
) -> None:
    before = evaluate(condition, facts).value
    after = evaluate(condition, {**more, **facts}).value
    assert before in {UNKNOWN, after}


@settings(max_examples=200)
@given(condition=any_condition, facts=any_facts)
def test_the_reasons_alone_give_the_same_value(
    condition: Condition, facts: dict[str, FactValue]
) -> None:
    found = evaluate(condition, facts)
    reasons = {code: facts[code] for code in found.because}
    assert evaluate(condition, reasons) == found or found.value is UNKNOWN


@settings(max_examples=100)
@given(condition=any_condition, facts=any_facts)
def test_only_an_unknown_value_lacks_facts_and_they_are_not_known(
    condition: Condition, facts: dict[str, FactValue]
) -> None:
    found = evaluate(condition, facts)
    assert bool(found.unknown) is (found.value is UNKNOWN)
    assert not found.unknown & facts.keys()


@settings(max_examples=100)
@given(condition=any_condition)
def test_a_condition_survives_being_stored(condition: Condition) -> None:
    assert parsed(plain(condition)) == condition


def test_every_fact_asked_about_is_named() -> None:
    written = {"all": [A, {"not": {"any": [B, {"at_least": {"count": 1, "of": [C, A]}}]}}]}
    assert fact_codes(parsed(written)) == {"a", "b", "c"}


@pytest.mark.parametrize(
    "written",
    [
        {"all": []},
        {"fact": "x"},
        {"fact": "x", "is": True, "at_least": 2},
        {"fact": "x", "is": date(2026, 1, 1)},
        {"fact": "x", "at_least": True},
        {"fact": "X y", "is": True},
        {"at_least": {"count": 0, "of": [A]}},
        {"at_least": {"count": 2, "of": [A]}},
        {"none": [A]},
        [A],
        "a",
    ],
)
def test_what_is_no_condition_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        parsed(written)
