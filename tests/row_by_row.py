"""One test for many rows: the check is held against every one, and all that fail are named."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

_Row = TypeVar("_Row")
Check = Callable[[_Row], None]


def every(
    rows: Iterable[_Row], named: Callable[[_Row], str] = str
) -> Callable[[Check[_Row]], Callable[[], None]]:
    """Makes one test of a check of one row. It does not end at the first that fails."""
    held = tuple(rows)

    def make(check: Check[_Row]) -> Callable[[], None]:
        def holds_for_every_row() -> None:
            assert held, "there are no rows to hold it against"
            wrong = [f"{named(row)}: {said}" for row in held if (said := _wrong(check, row))]
            if wrong:
                pytest.fail("\n".join((f"{len(wrong)} of {len(held)} rows:", *wrong)))

        return holds_for_every_row

    return make


def _wrong(check: Check[_Row], row: _Row) -> str:
    """What the check says of the row; nothing if it holds."""
    try:
        check(row)
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 the others are wanted too
        return f"{type(error).__name__}: {error}"
    return ""
