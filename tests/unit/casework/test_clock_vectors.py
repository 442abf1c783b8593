"""Clocks against what a person worked out from the rules, to the second."""

from collections import Counter
from dataclasses import replace

import pytest

from casework.domain.clock_rules import ClockKind
from casework.domain.clocks import derive
from tests.seeds import rows
from tests.unit.casework.vectors import Vector, seen, vectors

AT_LEAST, HARD_AT_LEAST, OF_EACH_KIND = 230, 80, 3
SORTS = frozenset({"dst", "month_end", "leap", "holiday", "two_triggers", "tolling"})


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: f"{vector.rule}: {vector.name}")
def test_a_clock_says_what_was_worked_out_by_hand(vector: Vector) -> None:
    readings = derive(vector.versions, vector.case)
    why = f"{vector.name}: {vector.because}"
    assert [seen(reading) for reading in readings] == list(vector.expected), why
    for reading, words in zip(readings, vector.says, strict=True):
        assert words in " ".join(reading.steps), why


def test_the_order_in_which_events_are_given_changes_nothing() -> None:
    for vector in vectors():
        case = replace(vector.case, events=vector.case.events[::-1])
        assert derive(vector.versions, case) == derive(vector.versions, vector.case), vector.name


def test_there_are_enough_vectors_and_enough_of_the_hard_sort() -> None:
    hard = [vector for vector in vectors() if vector.hard]
    assert {vector.hard for vector in hard} == SORTS
    assert len(vectors()) >= AT_LEAST
    assert len(hard) >= HARD_AT_LEAST


def test_every_vector_has_a_name_of_its_own_and_says_why() -> None:
    names = Counter(vector.name for vector in vectors())
    assert [name for name, times in names.items() if times > 1] == []
    assert [vector.name for vector in vectors() if not vector.because] == []


def test_every_version_of_every_clock_of_the_seeds_has_a_vector() -> None:
    tried = {(rule.id, rule.version) for one in vectors() for rule in one.expected_rules()}
    assert {(rule.id, rule.version) for rule in rows.clocks()} - tried == set()


def test_every_kind_of_clock_has_vectors() -> None:
    kinds = Counter(rule.kind for one in vectors() for rule in one.expected_rules())
    assert {kind: kinds[kind] for kind in ClockKind if kinds[kind] < OF_EACH_KIND} == {}
