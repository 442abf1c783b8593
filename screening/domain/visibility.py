"""Which questions show: only those whose conditions the shown answers are known to meet."""

from collections.abc import Collection, Mapping
from typing import Protocol

from casework.domain.facts import Standing
from casework.domain.ternary import Ternary, all_of, any_of
from screening.domain.comparing import AnswerValue, compared
from screening.domain.instrument import Instrument
from screening.domain.rules import Comparison, Condition, Either, Negation

__all__ = ["AnswerValue", "Said", "visible_items"]


class Said(Protocol):
    """What a condition needs to know of an answer."""

    @property
    def standing(self) -> Standing:
        """How we stand to it."""

    @property
    def value(self) -> AnswerValue:
        """What was answered; None unless known."""


def visible_items(instrument: Instrument, answers: Mapping[str, Said]) -> frozenset[str]:
    """The ids of the questions that show, given every answer kept so far.

    A condition on a question that is hidden or has no known answer shows nothing. The answer to a
    hidden question is not looked at, but it is not lost: it counts again when its question shows
    again. The order of the answers makes no difference; the work is linear in the instrument.
    """
    shown: set[str] = set()
    for item_id in instrument.order:
        conditions = instrument.conditions[item_id]
        if all(_holds(condition, shown, answers) is Ternary.YES for condition in conditions):
            shown.add(item_id)
    return frozenset(shown)


def _holds(condition: Condition, shown: Collection[str], answers: Mapping[str, Said]) -> Ternary:
    if isinstance(condition, Comparison):
        return _compare(condition, shown, answers)
    if isinstance(condition, Negation):
        return ~_holds(condition.part, shown, answers)
    combine = any_of if isinstance(condition, Either) else all_of
    return combine(_holds(part, shown, answers) for part in condition.parts)


def _compare(
    comparison: Comparison, shown: Collection[str], answers: Mapping[str, Said]
) -> Ternary:
    if comparison.item not in shown:
        return Ternary.UNKNOWN
    answer = answers.get(comparison.item)
    if answer is None or answer.standing is not Standing.KNOWN:
        return compared(comparison, None)
    return compared(comparison, answer.value)
