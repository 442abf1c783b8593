"""An oracle for what would decide a condition: every state of knowledge at once, as bits.

Each of n facts is unknown, true or false, so there are 3^n states. A set of states is one whole
number, a bit a state; the conditions become a few operations on such numbers. Nothing of it is
shared with the method under test, which walks the tree and merges witnesses.
"""

from functools import cache

from casework.domain.conditions import Condition, FactIs, Not, as_threshold

LETTERS = "abcdefghijkl"


@cache
def _states(size: int, place: int, value: int) -> int:
    """The states in which the fact at `place` is unknown (0), true (1) or false (2)."""
    run = 3**place
    pattern: int = ((1 << run) - 1) << (value * run)
    period = 3 * run
    while period < 3**size:
        pattern |= (pattern << period) | (pattern << (2 * period))
        period *= 3
    return pattern


def decided_by(condition: Condition, size: int) -> tuple[frozenset[str], ...]:
    """The minimal sets of facts of which some answers decide, by looking at every state."""
    yes, no = _sides(condition, size)
    deciding = sorted(
        {
            frozenset(letter for bit, letter in enumerate(LETTERS) if subset >> bit & 1)
            for subset in _supports(yes | no, size)
        },
        key=lambda codes: (len(codes), sorted(codes)),
    )
    minimal: list[frozenset[str]] = []
    for codes in deciding:
        if not any(smaller <= codes for smaller in minimal):
            minimal.append(codes)
    return () if frozenset[str]() in minimal else tuple(minimal)


def _sides(condition: Condition, size: int) -> tuple[int, int]:
    """The states in which the condition is a yes, and those in which it is a no."""
    if isinstance(condition, FactIs):
        place = LETTERS.index(condition.fact)
        true, false = _states(size, place, 1), _states(size, place, 2)
        return (true, false) if condition.expected is True else (false, true)
    if isinstance(condition, Not):
        yes, no = _sides(condition.part, size)
        return no, yes
    count, parts = as_threshold(condition)  # type: ignore[arg-type]
    sides = [_sides(part, size) for part in parts]
    everywhere = (1 << 3**size) - 1
    return (
        _at_least(count, [yes for yes, _ in sides], everywhere),
        _at_least(len(parts) - count + 1, [no for _, no in sides], everywhere),
    )


def _at_least(count: int, sets: list[int], everywhere: int) -> int:
    """The states that lie in at least so many of the sets."""
    reached = [everywhere] + [0] * count
    for states in sets:
        for so_far in reversed(range(count)):
            reached[so_far + 1] |= reached[so_far] & states
    return reached[count]


def _supports(states: int, size: int) -> list[int]:
    """For each of the states, which facts are known in it, as bits; each such set once."""
    if not states:
        return []
    if size == 0:
        return [0]
    run = 3 ** (size - 1)
    part = (1 << run) - 1
    unknown = states & part
    known = (states >> run & part) | (states >> (2 * run))
    here = 1 << (size - 1)
    return _supports(unknown, size - 1) + [one | here for one in _supports(known, size - 1)]
