"""Which kinds of definition there are, and how a row of each becomes definitions.

Casework registers its own kinds here; screening adds instruments and indicators when it starts,
since casework may not know of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic import BaseModel

from casework.domain.clocks import ClockRule
from casework.domain.facts import FactDefinition
from casework.domain.ladders import Ladder
from casework.domain.relief import Pathway
from casework.domain.sources import Source


def _unchanged(document: dict[str, object]) -> dict[str, object]:
    return document


def _nothing(_row: BaseModel) -> Iterable[tuple[str, BaseModel]]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of definition: its name, the key its files use, and its schema."""

    name: str
    file_key: str
    schema: type[BaseModel]
    prepare: Callable[[dict[str, object]], dict[str, object]] = _unchanged
    """Turns a row as written into a row as the schema reads it."""
    derived: Callable[[BaseModel], Iterable[tuple[str, BaseModel]]] = _nothing
    """Definitions of other kinds that follow from a row: an indicator is also a fact."""


_KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known under its file key; registering the same again changes nothing."""
    _KINDS[kind.file_key] = kind


def kinds() -> dict[str, Kind]:
    """File key → kind, for every kind known so far."""
    return dict(_KINDS)


for _kind in (
    Kind(name="source", file_key="sources", schema=Source),
    Kind(name="fact", file_key="facts", schema=FactDefinition),
    Kind(name="ladder", file_key="ladders", schema=Ladder),
    Kind(name="clock", file_key="clocks", schema=ClockRule),
    Kind(name="pathway", file_key="pathways", schema=Pathway),
):
    register_kind(_kind)
