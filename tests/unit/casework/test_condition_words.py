"""A condition in words says what its data say, part by part."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from casework.domain.condition_words import Shape, Told, condition_in, told
from casework.domain.conditions import Condition

FACT = {"fact": "in_custody", "is": True}
OTHER = {"fact": "visa_class", "is": "A-3"}
LABELS = {"in_custody": "In custody", "visa_class": "Visa class", "age": "Age", "born": "Born"}
READ: TypeAdapter[Condition] = TypeAdapter(Condition)


def in_words(written: dict[str, Any]) -> Told:
    return told(READ.validate_python(written), LABELS)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (FACT, "In custody: yes"),
        ({"fact": "in_custody", "is": False}, "In custody: no"),
        (OTHER, "Visa class: A-3"),
        ({"fact": "visa_class", "one_of": ["H-2A", "H-2B"]}, "Visa class: one of H-2A, H-2B"),
        ({"fact": "age", "at_least": 18}, "Age: at least 18"),
        ({"fact": "age", "at_most": 20}, "Age: at most 20"),
        ({"fact": "born", "before": date(2000, 1, 2)}, "Born: before 2000-01-02"),
        ({"fact": "born", "on_or_after": "2000-01-02"}, "Born: on or after 2000-01-02"),
        ({"all": [FACT, OTHER]}, "all of these"),
        ({"any": [FACT, OTHER]}, "any of these"),
        ({"at_least": {"count": 2, "of": [FACT, OTHER, FACT]}}, "at least 2 of these"),
        ({"not": FACT}, "not"),
        ({"unsettled": "Courts differ."}, "not settled: Courts differ."),
        ({"impossible": "There is no such law."}, "never: There is no such law."),
    ],
)
def test_each_shape_has_its_words(written: dict[str, Any], words: str) -> None:
    assert in_words(written).words == words


def test_the_parts_stand_below_in_the_order_written() -> None:
    tree = in_words({"all": [FACT, {"not": {"any": [OTHER, FACT]}}]})
    assert [part.words for part in tree.parts] == ["In custody: yes", "not"]
    (either,) = tree.parts[1].parts
    assert [part.words for part in either.parts] == ["Visa class: A-3", "In custody: yes"]


@pytest.mark.parametrize("key", ["all", "any"])
def test_a_group_of_one_is_that_one(key: str) -> None:
    assert in_words({key: [{key: [FACT]}]}) == in_words(FACT)


def test_at_least_all_is_all_and_at_least_one_is_any() -> None:
    both = {"at_least": {"count": 2, "of": [FACT, OTHER]}}
    one = {"at_least": {"count": 1, "of": [FACT, OTHER]}}
    assert [in_words(both).shape, in_words(one).shape] == [Shape.ALL, Shape.ANY]


def test_a_test_names_its_fact_and_one_without_a_label_is_shown_by_its_code() -> None:
    part = in_words({"fact": "shoe_size", "at_least": 40})
    assert (part.fact, part.words) == ("shoe_size", "shoe_size: at least 40")


@pytest.mark.parametrize("document", [None, "in_custody", ["a"], {}, {"item": "q1"}, {"all": []}])
def test_what_is_no_condition_is_not_taken_for_one(document: object) -> None:
    assert condition_in(document) is None


def test_a_stored_condition_is_found_again() -> None:
    stored = READ.dump_python(READ.validate_python({"all": [FACT, OTHER]}), mode="json")
    assert condition_in(stored) == READ.validate_python({"all": [FACT, OTHER]})
