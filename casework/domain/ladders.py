"""Reminder ladders: when to speak up before, at and after a due instant, and to whom."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from casework.domain.rule_versions import Definition

_OVERDUE = re.compile(r"overdue_([1-9][0-9]*)", re.ASCII)


class Anchor(StrEnum):
    """From which instant a rung is measured."""

    START = "start"
    DUE = "due"


class Audience(StrEnum):
    """Who is reminded."""

    ASSIGNEE = "assignee"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Rung(Definition):
    """One reminder: so many minutes after its anchor, or before it when negative."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    anchor: Anchor
    offset_minutes: int
    audience: tuple[Audience, ...] = Field(min_length=1)


class Repeat(Definition):
    """Reminders without end once the deadline has passed, until it is met."""

    every_minutes: int = Field(ge=1)
    audience: tuple[Audience, ...] = Field(min_length=1)
    from_: Anchor = Field(alias="from")

    @model_validator(mode="after")
    def _follows_the_due_instant(self) -> Self:
        if self.from_ is not Anchor.DUE:
            raise ValueError("reminders without end begin at due")
        return self


class Ladder(Definition):
    """The reminders of one sort of deadline."""

    id: str = Field(min_length=1)
    title: str = ""
    citation: str = ""
    """Why it reminds when it does; the law knows periods, and no reminders."""
    report_rows: tuple[str, ...] = ()
    """The demands of the report that ask for reminders, e.g. R9."""
    rungs: tuple[Rung, ...] = Field(min_length=1)
    repeat: Repeat | None = None

    @model_validator(mode="after")
    def _names_each_rung_once(self) -> Self:
        codes = [rung.code for rung in self.rungs]
        if len(set(codes)) < len(codes) or any(_OVERDUE.fullmatch(code) for code in codes):
            raise ValueError("each rung has a code of its own, and overdue_N are the repeats")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRung:
    """One reminder at its instant in UTC."""

    code: str
    fire_at: datetime
    audience: tuple[Audience, ...]


def plan(ladder: Ladder, started_at: datetime, due_at: datetime) -> tuple[PlannedRung, ...]:
    """Every rung, and the first of the repeats, in the order in which they fire.

    Both instants in UTC. No rung is left out for lying in the past: what was recorded late fires
    at once and says that it is late.
    """
    anchors = {Anchor.START: started_at, Anchor.DUE: due_at}
    planned = [
        PlannedRung(
            code=rung.code,
            fire_at=anchors[rung.anchor] + timedelta(minutes=rung.offset_minutes),
            audience=rung.audience,
        )
        for rung in ladder.rungs
    ]
    if ladder.repeat:
        planned.append(_repeated(ladder.repeat, 1, due_at))
    return tuple(sorted(planned, key=lambda rung: rung.fire_at))


def next_repeat(ladder: Ladder, code: str, fire_at: datetime) -> PlannedRung | None:
    """The repeat after the one called `code` that fires at `fire_at`.

    None when that rung is no repeat, or the ladder has none.
    """
    match = _OVERDUE.fullmatch(code)
    if ladder.repeat is None or match is None:
        return None
    return _repeated(ladder.repeat, int(match[1]) + 1, fire_at)


def _repeated(repeat: Repeat, number: int, after: datetime) -> PlannedRung:
    return PlannedRung(
        code=f"overdue_{number}",
        fire_at=after + timedelta(minutes=repeat.every_minutes),
        audience=repeat.audience,
    )
