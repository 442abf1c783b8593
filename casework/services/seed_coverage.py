"""Whether every demand of the report is carried by rows, and every row by a source."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from casework.domain.clocks import ClockRule
from casework.domain.mission import MissionRow
from casework.domain.pathways import Pathway, PathwayKind
from casework.services.seed_rows import Row, of_kind

JURISDICTIONS = 52
"""The States, the District of Columbia, and the United States themselves."""
CLOCKS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What carries each demand, and what is wrong."""

    demands: Mapping[str, MissionRow]
    carried_by: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Demand → kind → codes, in order."""
    gaps: tuple[str, ...]
    """Sentences; none: everything is covered."""


def coverage(rows: Iterable[Row]) -> Coverage:
    """The demands of the report, each with the rows that carry it."""
    rows = list(rows)
    demands = {row.id: row for row in of_kind(rows, MissionRow)}
    carried: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in demands}
    for row in rows:
        for name in getattr(row.definition, "report_rows", ()):
            carried[name][row.kind].add(row.code)
    gaps = [
        *(
            f"{name} ({demand.title}): no row carries it"
            for name, demand in demands.items()
            if not carried[name]
        ),
        *_unsourced(rows),
        *_too_few(rows),
    ]
    return Coverage(
        demands=demands,
        carried_by={
            name: {kind: tuple(sorted(codes)) for kind, codes in sorted(kinds.items())}
            for name, kinds in carried.items()
        },
        gaps=tuple(gaps),
    )


def _unsourced(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        source = getattr(row.definition, "source", None)
        citation = getattr(row.definition, "citation", "") or getattr(source, "citation", "")
        if not citation:
            yield f"{row.place}: {row.kind} {row.code}: cites no source"


def _too_few(rows: list[Row]) -> Iterator[str]:
    clocks = {rule.id for rule in of_kind(rows, ClockRule)}
    if len(clocks) < CLOCKS:
        yield f"only {len(clocks)} of {CLOCKS} clocks"
    for kind in (PathwayKind.RECORD_RELIEF, PathwayKind.SAFE_HARBOR):
        places = {way.jurisdiction for way in of_kind(rows, Pathway) if way.kind is kind}
        if len(places) < wanted(kind):
            yield f"{kind.value}: only {len(places)} of {wanted(kind)} jurisdictions"


def wanted(kind: PathwayKind) -> int:
    """Safe harbour is the States' own; clearing a record is also a federal matter."""
    return JURISDICTIONS if kind is PathwayKind.RECORD_RELIEF else JURISDICTIONS - 1
