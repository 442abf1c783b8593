"""Reminder ladders: when to speak up before, at and after a due instant, and to whom."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from casework.domain.local_time import at_time_of_day, place
from casework.domain.rule_versions import Definition

_DAY_MINUTES = 24 * 60
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


class QuietHours(Definition):
    """Hours of a place in which nobody is disturbed, over midnight if `from` lies after `to`."""

    from_: time = Field(alias="from")
    to: time

    def over(self, at: datetime, zone: str, *, ahead: bool) -> datetime:
        """The instant itself outside these hours; else their beginning if ahead, or their end.

        What warns ahead of its moment never comes later for the sake of quiet.
        """
        there = at.astimezone(place(zone))
        night = self.from_ > self.to
        late, early = there.time() >= self.from_, there.time() < self.to
        if not ((late or early) if night else (late and early)):
            return at
        if ahead:
            day = there.date() - timedelta(days=1) if night and not late else there.date()
            return at_time_of_day(day, self.from_, zone)
        day = there.date() + timedelta(days=1) if night and late else there.date()
        return at_time_of_day(day, self.to, zone)


class Ladder(Definition):
    """The reminders of one sort of deadline."""

    id: str = Field(min_length=1)
    title: str = ""
    citation: str = ""
    """Why it reminds when it does; the law knows periods, and no reminders."""
    report_rows: tuple[str, ...] = ()
    """The demands of the report that ask for reminders, e.g. R9."""
    time_of_day: time = time(9)
    """Where the clock counts days: when on a day, in the place's time, whole days are measured."""
    quiet_hours: QuietHours | None = None
    """Only where nothing is lost by waiting for the morning; None: day and night."""
    rungs: tuple[Rung, ...] = Field(min_length=1)
    repeat: Repeat | None = None

    @model_validator(mode="after")
    def _names_each_rung_once(self) -> Self:
        codes = [rung.code for rung in self.rungs]
        if len(set(codes)) < len(codes) or any(_OVERDUE.fullmatch(code) for code in codes):
            raise ValueError("each rung has a code of its own, and overdue_N are the repeats")
        if self.quiet_hours and self.repeat and self.repeat.every_minutes % _DAY_MINUTES:
            raise ValueError("quiet hours belong to ladders that repeat by whole days")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The instants, in UTC, between which a ladder is hung."""

    started_at: datetime
    due_at: datetime | None
    """None: nothing is ever due, and only what hangs on the start is said."""
    day: date | None = None
    """Where days are counted: the one that is due."""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRung:
    """One reminder at its instant in UTC."""

    code: str
    fire_at: datetime
    audience: tuple[Audience, ...]
    repeat_minutes: int | None = None
    """Set on a rung that comes again until the clock is met."""


def plan(ladder: Ladder, when: Schedule) -> tuple[PlannedRung, ...]:
    """Every rung, and the first of the repeats, in the order in which they fire.

    No rung is left out for lying in the past: what was recorded late fires at once and says that
    it is late.
    """
    planned = [
        PlannedRung(code=rung.code, fire_at=at, audience=rung.audience)
        for rung in ladder.rungs
        if (at := _fires_at(ladder, rung.anchor, rung.offset_minutes, when)) is not None
    ]
    first = _repeated(ladder, 1, when)
    return tuple(sorted([*planned, *first], key=lambda rung: rung.fire_at))


def upcoming_repeat(ladder: Ladder, when: Schedule, now: datetime) -> PlannedRung | None:
    """The next of the repeats that is still to come, where the first of them has passed."""
    first = _repeated(ladder, 1, when)
    if not first or ladder.repeat is None or first[0].fire_at > now:
        return None
    turns = (now - first[0].fire_at) // timedelta(minutes=ladder.repeat.every_minutes)
    candidates = [rung for turn in (1, 2, 3) for rung in _repeated(ladder, turns + turn, when)]
    return next((rung for rung in candidates if rung.fire_at > now), None)


def _fires_at(
    ladder: Ladder, anchor: Anchor, offset_minutes: int, when: Schedule
) -> datetime | None:
    ahead = anchor is Anchor.DUE and offset_minutes <= 0
    days, minutes = divmod(offset_minutes, _DAY_MINUTES)
    if anchor is Anchor.START:
        at = when.started_at + timedelta(minutes=offset_minutes)
    elif when.due_at is None:
        return None
    elif when.day is not None and not minutes:
        at = at_time_of_day(when.day + timedelta(days=days), ladder.time_of_day, when.zone)
    else:
        at = when.due_at + timedelta(minutes=offset_minutes)
    return ladder.quiet_hours.over(at, when.zone, ahead=ahead) if ladder.quiet_hours else at


def _repeated(ladder: Ladder, number: int, when: Schedule) -> list[PlannedRung]:
    repeat = ladder.repeat
    if repeat is None:
        return []
    at = _fires_at(ladder, Anchor.DUE, number * repeat.every_minutes, when)
    if at is None:
        return []
    return [
        PlannedRung(
            code=f"overdue_{number}",
            fire_at=at,
            audience=repeat.audience,
            repeat_minutes=repeat.every_minutes,
        )
    ]
