"""What two versions of one definition say differently, place by place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place at which two documents differ."""

    where: str
    """A JSON pointer; a row of a list is named by its id or code where it has one."""
    old: Any
    """None where only the new one has something there."""
    new: Any
    """None where only the old one has something there."""


def differences(old: object, new: object, where: str = "") -> Iterator[Difference]:
    """Every place at which the JSON documents differ, in the order of the new one.

    Lists of rows with an `id` or a `code` are compared row by row, whatever their order; other
    lists as a whole.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_mappings(old, new, where)
    elif _rows(old) is not None and _rows(new) is not None:
        yield from _of_mappings(_rows(old) or {}, _rows(new) or {}, where)
    elif old != new or type(old) is not type(new):
        yield Difference(where=where or "/", old=old, new=new)


def _of_mappings(
    old: Mapping[str, object], new: Mapping[str, object], where: str
) -> Iterator[Difference]:
    for key in [*new, *(key for key in old if key not in new)]:
        place = f"{where}/{key}"
        if key in old and key in new:
            yield from differences(old[key], new[key], place)
        else:
            yield Difference(where=place, old=old.get(key), new=new.get(key))


def _rows(value: object) -> dict[str, object] | None:
    """The rows of a list by their names; None where it is no list of named rows."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        return None
    named = {_name(row): row for row in value}
    return (
        None if None in named or len(named) < len(value) else {str(n): r for n, r in named.items()}
    )


def _name(row: object) -> object:
    return (row.get("id") or row.get("code")) if isinstance(row, Mapping) else None
