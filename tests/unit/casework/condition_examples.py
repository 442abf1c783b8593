"""Conditions for tests: written ones, and any that hypothesis can think of."""

from datetime import date
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from casework.domain import conditions
from casework.domain.conditions import FactValue

_ADAPTER: TypeAdapter[conditions.Condition] = TypeAdapter(conditions.Condition)

VALUES: dict[str, tuple[FactValue, ...]] = {
    "flag": (True, False),
    "other_flag": (True, False),
    "colour": ("red", "blue", "green?"),
    "count": (0, 1, 2, 3, 4),
    "day": (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)),
}


def parsed(written: object) -> conditions.Condition:
    return _ADAPTER.validate_python(written)


def plain(condition: conditions.Condition) -> object:
    return _ADAPTER.dump_python(condition, mode="json")


_TESTS = st.sampled_from(
    [
        {"fact": "flag", "is": True},
        {"fact": "flag", "is": False},
        {"fact": "other_flag", "is": True},
        {"fact": "colour", "is": "red"},
        {"fact": "colour", "one_of": ["red", "blue"]},
        {"fact": "count", "at_least": 2},
        {"fact": "count", "at_most": 2},
        {"fact": "count", "is": 3},
        {"fact": "day", "before": "2026-01-02"},
        {"fact": "day", "on_or_after": "2026-01-03"},
    ]
)


def _grown(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: {"all": parts}),
        several.map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
        several.flatmap(
            lambda parts: st.integers(1, len(parts)).map(
                lambda count: {"at_least": {"count": count, "of": parts}}
            )
        ),
    )


any_condition = st.recursive(_TESTS, _grown, max_leaves=7).map(parsed)

any_facts = st.fixed_dictionaries(
    {}, optional={code: st.sampled_from(values) for code, values in VALUES.items()}
)
