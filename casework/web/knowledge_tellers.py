"""Words for conditions that other apps store, so that casework need not know of their shapes."""

from collections.abc import Callable
from typing import Any, TypeAlias

from django.utils.module_loading import import_string

from casework.domain.condition_words import Told

Teller: TypeAlias = Callable[[dict[str, Any]], Told | None]
_TELLERS: list[str] = []
_CONDITIONS = frozenset(("when", "show_when"))
"""The names under which conditions stand."""


def register_teller(path: str) -> None:
    """Add what puts conditions into words, by its dotted path; a second time changes nothing."""
    if path not in _TELLERS:
        _TELLERS.append(path)


def told_by_others(name: str, document: dict[str, Any]) -> Told | None:
    """The condition in the words of whoever knows its shape; None where nobody does."""
    if name not in _CONDITIONS:
        return None
    for path in _TELLERS:
        teller: Teller = import_string(path)
        tree = teller(document)
        if tree is not None:
            return tree
    return None
