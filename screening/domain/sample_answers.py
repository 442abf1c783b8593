"""The few answers to a question that conditions can tell apart, one of each sort."""

import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, combinations, pairwise

from casework.domain.ternary import Ternary
from screening.domain.comparing import AnswerValue, compared
from screening.domain.items import NUMBERS, Item, ItemType
from screening.domain.rules import Comparison, Scalar

_MOST_COMBINED = 6
"""Of so many options of a multiple choice every combination is tried."""
_OTHER_TEXT = "\N{BULLET}"
_A_DAY = timedelta(days=1)


def samples(item: Item, asked: Sequence[Comparison]) -> tuple[AnswerValue, ...] | None:
    """Answers of which one meets exactly what any answer can meet; those that meet most go first.

    `None` among them is having no answer. None in place of all: there are too many sorts to try.
    """
    possible = _possible(item, [value for one in asked for value in one.values])
    if possible is None:
        return None
    by_result: dict[tuple[Ternary, ...], AnswerValue] = {}
    for value in (*possible, None):
        by_result.setdefault(tuple(compared(one, value) for one in asked), value)
    ordered = sorted(by_result, key=lambda results: -results.count(Ternary.YES))
    return tuple(by_result[results] for results in ordered)


def _possible(item: Item, mentioned: Sequence[Scalar]) -> list[AnswerValue] | None:
    if item.type is ItemType.MULTI_CHOICE:
        return _combined(item, mentioned)
    if item.type is ItemType.BOOLEAN:
        return [True, False]
    if item.type in NUMBERS:
        return list(_numbers(item, mentioned))
    if item.type is ItemType.DATE:
        return _days(mentioned)
    texts = [value for value in mentioned if isinstance(value, str)]
    return list(item.answer_codes) or [*texts, _OTHER_TEXT]


def _combined(item: Item, mentioned: Sequence[Scalar]) -> list[AnswerValue] | None:
    """Every combination of the options named, with and without one that is not."""
    options = [option for option in item.options if option.missing is None]
    named = [option.code for option in options if option.code in mentioned and not option.exclusive]
    if len(named) > _MOST_COMBINED:
        return None
    others = [option.code for option in options if option.code not in named]
    alone = [(option.code,) for option in options if option.exclusive]
    unnamed = [o.code for o in options if o.code in others and not o.exclusive][:1]
    sets = chain.from_iterable(combinations(named, size) for size in range(len(named) + 1))
    together = [(*chosen, *more) for chosen in sets for more in ((), tuple(unnamed))]
    return [chosen for chosen in (*together, *alone) if chosen]


def _numbers(item: Item, mentioned: Sequence[Scalar]) -> Iterator[int | float]:
    """Each number mentioned, and one below, between and above."""
    numbers = [value for value in mentioned if not isinstance(value, str)]
    marks = sorted({0, *(number for number in numbers if math.isfinite(number))})
    if item.type is ItemType.INTEGER:
        near = {math.floor(mark) + step for mark in marks for step in (-1, 0, 1, 2)}
        yield from sorted(near)
        return
    yield from marks
    yield from ((low + high) / 2 for low, high in pairwise(marks))
    yield from (edge for mark in marks for edge in (mark - 1, mark + 1))


def _days(mentioned: Sequence[Scalar]) -> list[AnswerValue] | None:
    """Each day mentioned, the day before and the day after; None if one is no day."""
    found: set[date] = set()
    for value in mentioned:
        try:
            day = date.fromisoformat(str(value))
            found |= {day - _A_DAY, day, day + _A_DAY}
        except (ValueError, OverflowError):
            return None
    return [day.isoformat() for day in sorted(found)]
