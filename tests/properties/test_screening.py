"""Answers, for every instrument that ships: hidden ones never count, the order never matters."""

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.facts import Standing
from casework.domain.findings import Finding
from casework.domain.ternary import Ternary
from screening.domain.answers import Answer
from screening.domain.instrument import Instrument, Status
from screening.domain.items import Item, ItemType
from screening.domain.outcome import conclude
from screening.domain.scoring import score
from screening.domain.visibility import visible_items
from tests.properties import EXAMPLES
from tests.unit.screening.examples import said, shipped, shipped_instruments, yardstick

GATE = shipped("us-tvpra-contiguous-child-screen")
_SILENT = [standing for standing in Standing if standing is not Standing.KNOWN]


def _values(item: Item) -> st.SearchStrategy[Any]:
    if item.type is ItemType.MULTI_CHOICE:
        one = st.sampled_from(item.answer_codes)
        return st.lists(one, min_size=1, max_size=3, unique=True).map(tuple)
    if item.type is ItemType.CHOICE:
        return st.sampled_from(item.answer_codes)
    plain: dict[ItemType, st.SearchStrategy[Any]] = {
        ItemType.BOOLEAN: st.booleans(),
        ItemType.INTEGER: st.integers(0, 100),
        ItemType.DECIMAL: st.floats(0, 100),
        ItemType.DATE: st.just("2026-01-31"),
        ItemType.TEXT: st.just("said"),
    }
    return plain[item.type]


def _answers(instrument: Instrument) -> st.SearchStrategy[dict[str, Answer]]:
    asked = [item for item in instrument.items_by_id.values() if item.type is not ItemType.INFO]
    one = {item.id: st.one_of(_values(item), st.sampled_from(_SILENT)) for item in asked}
    return st.fixed_dictionaries({}, optional=one).map(lambda answers: said(**answers))


@st.composite
def _screened(draw: st.DrawFn) -> tuple[Instrument, dict[str, Answer], Ternary]:
    instrument = draw(st.sampled_from(shipped_instruments()))
    return instrument, draw(_answers(instrument)), draw(st.sampled_from(Ternary))


def _concluded(instrument: Instrument, answers: dict[str, Answer], minor: Ternary) -> Finding:
    return conclude(instrument, "digest", answers, yardstick(), minor)


@settings(max_examples=EXAMPLES)
@given(_screened())
def test_hidden_answers_never_count(drawn: tuple[Instrument, dict[str, Answer], Ternary]) -> None:
    instrument, answers, minor = drawn
    shown = visible_items(instrument, answers)
    seen = {item: answer for item, answer in answers.items() if item in shown}
    assert _concluded(instrument, answers, minor) == _concluded(instrument, seen, minor)


@settings(max_examples=EXAMPLES)
@given(_screened(), st.randoms(use_true_random=False))
def test_the_order_of_answers_never_matters(
    drawn: tuple[Instrument, dict[str, Answer], Ternary], random: Random
) -> None:
    instrument, answers, minor = drawn
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert _concluded(instrument, dict(shuffled), minor) == _concluded(instrument, answers, minor)


@settings(max_examples=EXAMPLES)
@given(_screened())
def test_what_is_open_never_gives_a_result_of_nothing_found(
    drawn: tuple[Instrument, dict[str, Answer], Ternary],
) -> None:
    instrument, answers, minor = drawn
    result = score(instrument, answers, minor)
    lowest = instrument.scoring.bands[0].code if instrument.scoring.bands else None
    if result.unassessed and not result.because:
        assert result.outcome != lowest


@settings(max_examples=EXAMPLES)
@given(_answers(GATE), st.sampled_from(Ternary))
def test_a_child_is_never_cleared_over_anything_open(
    answers: dict[str, Answer], minor: Ternary
) -> None:
    criteria = {f"c{number}" for number in range(1, 5)}
    known = {item for item, one in answers.items() if one.standing is Standing.KNOWN}
    if score(GATE, answers, minor).outcome == "criteria_met":
        assert criteria <= known


def test_every_instrument_that_can_be_begun_is_among_them() -> None:
    assert {one.status for one in shipped_instruments()} & {Status.ACTIVE}
