"""Clocks as pages show them: what is due, how long is left, in whose time, and by which rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from casework.domain.clock_rules import Mark
from casework.domain.clocks import ClockRule, ClockState
from casework.domain.local_time import day_of
from casework.models import Deadline
from casework.services.deadline_states import state_at
from casework.services.deadlines import rule_of
from casework.web.clock_words import because, day_line, headline
from casework.web.moments import day_text, place_text
from casework.web.wording import Words

_WEEK = timedelta(days=7)
_QUESTIONS = ("cannot_compute", "not_computed")
_URGENT = {ClockState.OVERDUE: "overdue", ClockState.DUE_SOON: "day"}
_OVER = ("met", "waived", "ended", "stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActView:
    """What somebody did about a clock."""

    kind: Words
    at: datetime
    until: str
    reason: str
    who: str
    recorded_at: datetime
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLink:
    """What can be done about a clock now."""

    act: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """One clock of one case at one moment."""

    row: Deadline
    rule: ClockRule
    now: datetime
    acts: tuple[ActView, ...] = ()
    """What was done about it, where the page tells that."""
    allowed: tuple[ActLink, ...] = ()

    @property
    def running(self) -> bool:
        """Whether it has a moment ahead or behind that was not met yet."""
        return self.row.status == "running"

    @property
    def state(self) -> ClockState | None:
        """Open, due soon, overdue, met or met late; None where there is nothing to meet."""
        return state_at(self.row, self.now)

    @property
    def missed(self) -> bool:
        """Over without having been met in time; it stays so."""
        return self.row.status == "ended" and self.row.late

    @property
    def over(self) -> bool:
        """Whether nothing is left to do or to know about it."""
        return self.row.status in _OVER and not self.missed

    @property
    def to_look_at(self) -> bool:
        """Whether the day to look again has come."""
        day = self.row.review_on
        return self.row.status == "review" and (day is None or day <= self.today)

    @property
    def today(self) -> date:
        """The date in the place of the clock."""
        return day_of(self.now, self.row.zone)

    @property
    def tone(self) -> str:
        """Which look the clock gets; its words say the same."""
        if self.row.status in _QUESTIONS:
            return "open-question"
        if self.missed:
            return "overdue"
        if self.row.status in ("review", "open"):
            return "due_soon" if self.to_look_at else "open"
        return self.state.value if self.state else "stopped"

    @property
    def headline(self) -> Words:
        """How it stands, in words."""
        return headline(self.row, self.rule, self.now)

    @property
    def day_line(self) -> str:
        """The day it is about, where days are counted."""
        return day_line(self.row)

    @property
    def review_day(self) -> str:
        """The day on which a person looks again."""
        return day_text(self.row.review_on) if self.row.review_on else ""

    @property
    def exact_end(self) -> datetime | None:
        """The instant that the page names: the midnight after a last day, not a breath before."""
        row = self.row
        if row.due_at and row.due_on and row.marks != Mark.OPENS:
            return row.due_at + timedelta(microseconds=1)
        return row.due_at

    @property
    def because(self) -> str:
        """From which event and period the moment follows."""
        return because(self.row, self.rule)

    @property
    def period(self) -> str:
        """Which of several periods, where that has a name."""
        return "" if self.row.period.startswith("event:") else self.row.period

    @property
    def zone(self) -> str:
        """The place's IANA zone."""
        return ZoneInfo(self.row.zone).key

    @property
    def place(self) -> str:
        """The place the zone is named for."""
        return place_text(self.row.zone)


def clock_views(rows: Iterable[Deadline], now: datetime) -> list[ClockView]:
    """Deadlines as clocks at that moment."""
    return [ClockView(row=row, rule=rule_of(row), now=now) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPair:
    """A clock of the law and, where the report measures the same thing, its reading beside it."""

    law: ClockView | None
    reading: ClockView | None

    @property
    def over(self) -> bool:
        """Whether nothing is left of either."""
        return all(clock.over for clock in (self.law, self.reading) if clock)


def paired(clocks: Iterable[ClockView]) -> list[ClockPair]:
    """Every clock once, readings beside the legal clock of the same length and demand."""
    shown = list(clocks)
    readings = [clock for clock in shown if clock.rule.report_reading]
    pairs = []
    for law in (clock for clock in shown if not clock.rule.report_reading):
        beside = next((reading for reading in readings if _same_demand(law, reading)), None)
        if beside:
            readings.remove(beside)
        pairs.append(ClockPair(law=law, reading=beside))
    return pairs + [ClockPair(law=None, reading=reading) for reading in readings]


def _same_demand(law: ClockView, reading: ClockView) -> bool:
    one, other = law.rule, reading.rule
    same = bool(set(one.report_rows) & set(other.report_rows))
    return same and (one.kind, one.amount) == (other.kind, other.amount)


def by_urgency(clocks: Iterable[ClockView], now: datetime) -> dict[str, list[ClockView]]:
    """Clocks by what they ask for, the law before the report."""
    groups: dict[str, list[ClockView]] = {
        name: [] for name in ("overdue", "missed", "day", "week", "look", "later", "watch", "open")
    }
    for clock in sorted(clocks, key=lambda clock: clock.rule.report_reading):
        groups[_group(clock, now)].append(clock)
    return groups


def _group(clock: ClockView, now: datetime) -> str:
    if clock.missed:
        return "missed"
    if clock.row.status in _QUESTIONS:
        return "open"
    if clock.to_look_at:
        return "look"
    return _by_moment(clock, now)


def _by_moment(clock: ClockView, now: datetime) -> str:
    due_at = clock.row.due_at
    if not clock.running or due_at is None or clock.row.marks == Mark.OPENS:
        return "watch"
    if clock.state in _URGENT:
        return _URGENT[clock.state]
    return "week" if due_at - now <= _WEEK else "later"
