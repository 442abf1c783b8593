"""The rows of the seeds, read for tests the plain way."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from casework.domain.clocks import ClockRule
from casework.domain.facts import FactDefinition
from casework.domain.ladders import Ladder
from casework.domain.relief import Pathway
from casework.domain.sources import Source

SEEDS = Path(__file__).parents[2] / "seeds"


@cache
def rows(kind: str) -> list[dict[str, Any]]:
    """Every row of one kind, from whichever file it stands in below its folder."""
    found: list[dict[str, Any]] = []
    for path in sorted([*SEEDS.glob("*.yaml"), *SEEDS.glob("*/*.yaml")]):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += content.get(kind, [])
    return found


def pathways() -> list[Pathway]:
    return [Pathway.model_validate(row) for row in rows("pathways")]


def clocks() -> list[ClockRule]:
    return [ClockRule.model_validate(row) for row in rows("clocks")]


def ladders() -> dict[str, Ladder]:
    return {row["id"]: Ladder.model_validate(row) for row in rows("ladders")}


def facts() -> dict[str, FactDefinition]:
    return {row["code"]: FactDefinition.model_validate(row) for row in rows("facts")}


def sources() -> dict[str, Source]:
    return {row["id"]: Source.model_validate(row) for row in rows("sources")}
