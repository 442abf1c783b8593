"""Which unknown facts, taken together, could settle a condition: the shortest ways to an answer.

The method is structural and exact, also where one fact stands in several places. For every part
we keep its *witnesses*: for each fact involved, which of its relevant values settle the part as
wished. A group that needs N of its parts merges the witnesses of N parts, and a merge in which a
fact is left without a value is dropped, so a fact never has to be two things at once. Negation
swaps yes and no; "at least N of M is no" is "at least M-N+1 are no". Witnesses that ask more than
another one are pruned at every step, so the work grows with the number of really different ways.
(Ten of twenty has 184,756 of them: give `at_most` where only short ways are of use.)

The relevant values of a fact are those that the condition mentions and their neighbours: enough to
be on either side of every test. An unknown fact is taken to have one value, not several.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from casework.domain.conditions import (
    Condition,
    Facts,
    FactTest,
    FactValue,
    Not,
    Stated,
    as_threshold,
    evaluate,
    fact_tests,
)
from casework.domain.ternary import Ternary

Witness: TypeAlias = Mapping[str, int]
"""Fact code → which of its relevant values serve, as a set of bits."""


def deciding_sets(
    condition: Condition, facts: Facts, *, at_most: int | None = None
) -> tuple[frozenset[str], ...]:
    """The minimal sets of unknown facts of which some answers make the condition a yes or a no.

    Smallest first, then by code; with `at_most` only those of up to so many facts. Empty when it is
    settled already.
    """
    return Decider(condition, at_most=at_most).sets(facts)


class Decider:
    """One condition made ready to be asked, again and again, what would decide it."""

    __slots__ = ("_at_most", "_condition", "_serving", "_values")

    def __init__(self, condition: Condition, *, at_most: int | None = None) -> None:
        self._condition = condition
        self._values = relevant_values(condition)
        self._at_most = len(self._values) if at_most is None else at_most
        self._serving = {
            (id(test), wish): _bits(test.answer(value) is wish for value in self._values[test.fact])
            for test in fact_tests(condition)
            for wish in (Ternary.YES, Ternary.NO)
        }

    @property
    def codes(self) -> tuple[str, ...]:
        """Every fact that the condition asks about."""
        return tuple(self._values)

    def sets(self, facts: Facts) -> tuple[frozenset[str], ...]:
        """The minimal sets of unknown facts that could settle it; see `deciding_sets`."""
        if evaluate(self._condition, facts).value is not Ternary.UNKNOWN:
            return ()
        search = _Search(self._serving, facts, self._at_most)
        yes = search.witnesses(self._condition, Ternary.YES)
        no = search.witnesses(self._condition, Ternary.NO)
        return _minimal(frozenset(witness) for witness in (*yes, *no))


def relevant_values(condition: Condition) -> dict[str, tuple[FactValue, ...]]:
    """For every fact of the condition, one value from each range that its tests tell apart."""
    mentioned: dict[str, list[FactValue]] = {}
    for test in fact_tests(condition):
        mentioned.setdefault(test.fact, []).extend(test.mentioned())
    return {code: _with_neighbours(values) for code, values in mentioned.items()}


class _Search:
    """One search over one condition: what is known, and what each fact could be."""

    def __init__(
        self, serving: Mapping[tuple[int, Ternary], int], facts: Facts, longest: int
    ) -> None:
        self._serving = serving
        self._facts = facts
        self._longest = longest

    def witnesses(self, condition: Condition, wish: Ternary) -> Sequence[Witness]:
        """The different ways in which the condition comes to be what is wished."""
        if isinstance(condition, FactTest):
            return self._of_test(condition, wish)
        if isinstance(condition, Stated):
            return [{}] if condition.value is wish else []
        if isinstance(condition, Not):
            return self.witnesses(condition.part, ~wish)
        count, parts = as_threshold(condition)
        needed = count if wish is Ternary.YES else len(parts) - count + 1
        return self._merged(needed, [self.witnesses(part, wish) for part in parts])

    def _of_test(self, test: FactTest, wish: Ternary) -> Sequence[Witness]:
        facts = self._facts
        known = test.answer(facts[test.fact]) if test.fact in facts else Ternary.UNKNOWN
        if known is not Ternary.UNKNOWN:
            return [{}] if known is wish else []
        serving = self._serving[id(test), wish]
        return [{test.fact: serving}] if serving else []

    def _merged(self, needed: int, parts: Sequence[Sequence[Witness]]) -> Sequence[Witness]:
        """Every way to have `needed` of the parts at once; ways[n] are those that have n so far.

        Ways that have fallen so far behind that the parts left cannot make up for it are dropped.
        """
        if needed == 1:
            return _pruned([way for part in parts for way in part if len(way) <= self._longest])
        ways: list[Sequence[Witness]] = [[{}], *([] for _ in range(needed))]
        for left, part in zip(reversed(range(len(parts))), parts, strict=True):
            for have in reversed(range(max(0, needed - left - 1), needed)):
                more = (_joined(way, witness) for way in ways[have] for witness in part)
                short = [way for way in more if way is not None and len(way) <= self._longest]
                ways[have + 1] = _pruned([*ways[have + 1], *short])
        return ways[needed]


def _joined(one: Witness, other: Witness) -> Witness | None:
    if not one:
        return other
    joined = dict(one)
    for code, serving in other.items():
        both = joined.get(code, serving) & serving
        if not both:
            return None
        joined[code] = both
    return joined


def _pruned(witnesses: Sequence[Witness]) -> Sequence[Witness]:
    if len(witnesses) < 2:
        return witnesses
    kept: list[Witness] = []
    for witness in sorted(witnesses, key=len):
        if not any(_asks_no_more(other, witness) for other in kept):
            kept = [other for other in kept if not _asks_no_more(witness, other)]
            kept.append(witness)
    return kept


def _asks_no_more(one: Witness, other: Witness) -> bool:
    for code, serving in one.items():
        narrower = other.get(code, 0)
        if not narrower or serving & narrower != narrower:
            return False
    return True


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)


def _minimal(sets: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    kept: list[frozenset[str]] = []
    for candidate in sorted(set(sets), key=lambda codes: (len(codes), sorted(codes))):
        if not any(smaller <= candidate for smaller in kept):
            kept.append(candidate)
    return tuple(kept)


def _with_neighbours(values: Iterable[FactValue]) -> tuple[FactValue, ...]:
    """Told apart by type as well, because in Python true equals 1."""
    found: dict[tuple[type, FactValue], FactValue] = {}
    for value in values:
        for near in (value, *_neighbours(value)):
            found[type(near), near] = near
    texts = [value for value in found.values() if isinstance(value, str)]
    return (*found.values(), max(texts, key=len) + "?") if texts else tuple(found.values())


def _neighbours(value: FactValue) -> tuple[FactValue, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value - 1, value + 1)
    if isinstance(value, date) and value > date.min:
        return (value - timedelta(days=1),)
    return ()
