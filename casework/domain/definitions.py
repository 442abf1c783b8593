"""Which kinds of definition there are, and how a row of each becomes definitions.

Casework registers its own kinds here; screening adds instruments and indicators when it starts,
since casework may not know of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import BaseModel

from casework.domain.calendars import FurtherHoliday, WorkCalendar
from casework.domain.clocks import ClockRule
from casework.domain.facts import FactDefinition
from casework.domain.ladders import Ladder
from casework.domain.mission import MissionRow
from casework.domain.pathways import Pathway
from casework.domain.reference_statistics import ReferenceSeries
from casework.domain.safe_harbor import SafeHarborRule
from casework.domain.safe_harbor import pathways_of as safe_harbor_pathways
from casework.domain.sources import Source
from casework.domain.vacatur import VacaturRule
from casework.domain.vacatur import pathways_of as vacatur_pathways

Known: TypeAlias = Mapping[tuple[str, str], BaseModel]
"""What was read before: (kind, code) → the newest version."""


Misfit: TypeAlias = tuple[tuple[str | int, ...], str]
"""Where in the row, and what is wrong there."""


def _fits(_row: BaseModel, _known: Known) -> Iterable[Misfit]:
    return ()


def _unchanged(document: dict[str, object], _known: Known) -> dict[str, object]:
    return document


def _nothing(_row: BaseModel) -> Iterable[tuple[str, BaseModel]]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of definition: its name, the key its files use, and its schema."""

    name: str
    file_key: str
    schema: type[BaseModel]
    prepare: Callable[[dict[str, object], Known], dict[str, object]] = _unchanged
    """Turns a row as written, and what was read before, into a row as the schema reads it."""
    check: Callable[[BaseModel, Known], Iterable[Misfit]] = _fits
    """What in a row does not fit the rows of other kinds, once all of them are read."""
    after: frozenset[str] = frozenset()
    """The kinds whose rows `prepare` looks up, and which are therefore read first."""
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
    Kind(name="mission", file_key="mission", schema=MissionRow),
    Kind(name="fact", file_key="facts", schema=FactDefinition),
    Kind(name="calendar", file_key="calendars", schema=WorkCalendar),
    Kind(name="holiday", file_key="further_holidays", schema=FurtherHoliday),
    Kind(name="ladder", file_key="ladders", schema=Ladder),
    Kind(name="clock", file_key="clocks", schema=ClockRule),
    Kind(name="pathway", file_key="pathways", schema=Pathway),
    Kind(name="statistic", file_key="statistics", schema=ReferenceSeries),
    Kind(
        name="vacatur_rule", file_key="vacatur_rules", schema=VacaturRule, derived=vacatur_pathways
    ),
    Kind(
        name="safe_harbor_rule",
        file_key="safe_harbor_rules",
        schema=SafeHarborRule,
        derived=safe_harbor_pathways,
    ),
):
    register_kind(_kind)
