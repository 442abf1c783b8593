"""Whether a question can ever show: a search through the answers that its conditions look at.

Sound: a question that is said never to show does so for no answers at all. The search is exact
while its budget lasts; afterwards a question is taken to be one that can show.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import chain, product
from typing import TypeAlias

from casework.domain.ternary import Ternary, all_of, any_of
from screening.domain.comparing import AnswerValue, compared
from screening.domain.items import Item
from screening.domain.rules import Comparison, Condition, Either, Negation, comparisons
from screening.domain.sample_answers import samples

BUDGET = 100_000
"""So many comparisons are tried for one instrument: a fraction of a second."""
_Results: TypeAlias = frozenset[Ternary]
_ANY: _Results = frozenset(Ternary)
_HIDDEN: _Results = frozenset({Ternary.UNKNOWN})


class Showing:
    """The questions of one instrument and what decides whether they show."""

    def __init__(
        self,
        items: Mapping[str, Item],
        conditions: Mapping[str, tuple[Condition, ...]],
        order: Sequence[str],
    ) -> None:
        self._conditions = conditions
        self._order = order
        self._budget = BUDGET
        self._known: dict[tuple[Condition, ...], bool] = {}
        asked: dict[str, list[Comparison]] = {}
        for one in _looked_at(chain.from_iterable(conditions.values())):
            asked.setdefault(one.item, []).append(one)
        self._samples = {gate: samples(items[gate], tests) for gate, tests in asked.items()}

    def can_show(self, item_id: str) -> bool:
        """Whether some answers make the question show."""
        conditions = self._conditions[item_id]
        if conditions not in self._known:
            self._known[conditions] = self._search(conditions)
        return self._known[conditions]

    def _search(self, conditions: tuple[Condition, ...]) -> bool:
        """Try answers gate by gate, leaving off where no further answer can help."""
        if self._budget < 0:
            return True
        gates = self._gates(conditions)
        open_ = [gate for gate in reversed(gates) if self._samples[gate] is not None]
        cost = sum(len(list(_looked_at(self._conditions[gate]))) for gate in gates)
        cost += len(list(_looked_at(conditions)))
        waiting: list[tuple[AnswerValue, ...]] = [()]
        while waiting:
            self._budget -= cost
            if self._budget < 0:
                return True
            tried = waiting.pop()
            if not self._may_hold(conditions, gates, dict(zip(open_, tried, strict=False))):
                continue
            if len(tried) == len(open_):
                return True
            following = self._samples[open_[len(tried)]] or ()
            waiting.extend((*tried, value) for value in reversed(following))
        return False

    def _gates(self, conditions: tuple[Condition, ...]) -> list[str]:
        """The questions looked at, and those that these depend on, the latter first."""
        found: set[str] = set()
        waiting = [one.item for one in _looked_at(conditions)]
        while waiting:
            gate = waiting.pop()
            if gate not in found:
                found.add(gate)
                waiting += [one.item for one in _looked_at(self._conditions[gate])]
        return [item_id for item_id in self._order if item_id in found]

    def _may_hold(
        self,
        conditions: tuple[Condition, ...],
        gates: Sequence[str],
        answers: Mapping[str, AnswerValue],
    ) -> bool:
        """Whether all the conditions hold for these answers and some to the other gates."""
        shown: dict[str, frozenset[bool]] = {}
        for gate in gates:
            results = [_results(one, shown, answers) for one in self._conditions[gate]]
            never = any(Ternary.YES not in result for result in results)
            always = all(result == {Ternary.YES} for result in results)
            shown[gate] = frozenset({not never, always})
        return all(Ternary.YES in _results(one, shown, answers) for one in conditions)


def _looked_at(conditions: Iterable[Condition]) -> Iterable[Comparison]:
    return chain.from_iterable(comparisons(condition) for condition in conditions)


def _results(
    condition: Condition,
    shown: Mapping[str, frozenset[bool]],
    answers: Mapping[str, AnswerValue],
) -> _Results:
    """Every value that the condition can still take."""
    if isinstance(condition, Comparison):
        hidden = _HIDDEN if False in shown[condition.item] else frozenset()
        if True not in shown[condition.item]:
            return hidden
        if condition.item not in answers:
            return _ANY
        return hidden | {compared(condition, answers[condition.item])}
    if isinstance(condition, Negation):
        return frozenset(~value for value in _results(condition.part, shown, answers))
    combine = any_of if isinstance(condition, Either) else all_of
    parts = [_results(part, shown, answers) for part in condition.parts]
    return reduce(lambda left, right: frozenset(map(combine, product(left, right))), parts)
