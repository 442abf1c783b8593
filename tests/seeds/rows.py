"""The rows of the seeds, read for tests as they are read everywhere."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from casework.domain.calendars import WorkCalendar, WorkDays
from casework.domain.clocks import ClockRule
from casework.domain.facts import FactDefinition
from casework.domain.ladders import Ladder
from casework.domain.pathways import Pathway
from casework.domain.sources import Source
from casework.services.seed_rows import Row, of_kind, read_rows

SEEDS = Path(__file__).parents[2] / "seeds"


@cache
def all_rows() -> tuple[Row, ...]:
    return tuple(read_rows(SEEDS))


@cache
def rows(kind: str) -> list[dict[str, Any]]:
    """Every row of one kind as it is written, from whichever file it stands in."""
    found: list[dict[str, Any]] = []
    for path in sorted([*SEEDS.glob("*.yaml"), *SEEDS.glob("*/*.yaml")]):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        found += content.get(kind, [])
    return found


@cache
def pathways() -> list[Pathway]:
    return of_kind(all_rows(), Pathway)


@cache
def clocks() -> list[ClockRule]:
    return of_kind(all_rows(), ClockRule)


@cache
def calendars() -> list[WorkCalendar]:
    return of_kind(all_rows(), WorkCalendar)


@cache
def work_days(calendar: str) -> WorkDays:
    return next(WorkDays(one) for one in calendars() if one.id == calendar)


@cache
def ladders() -> dict[str, Ladder]:
    return {ladder.id: ladder for ladder in of_kind(all_rows(), Ladder)}


@cache
def facts() -> dict[str, FactDefinition]:
    return {fact.code: fact for fact in of_kind(all_rows(), FactDefinition)}


@cache
def sources() -> dict[str, Source]:
    return {source.id: source for source in of_kind(all_rows(), Source)}
