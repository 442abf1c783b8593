"""Clocks as pages show them: what is due, how long is left, in whose time, and by which rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext

from casework.domain.clocks import ClockRule, ClockState, state_of
from casework.models import Deadline
from casework.services.deadlines import rule_of
from casework.web.moments import time_left
from casework.web.wording import Words, word

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """One clock of one case at one moment."""

    row: Deadline
    rule: ClockRule
    now: datetime

    @property
    def running(self) -> bool:
        """Whether there is still something to meet."""
        return self.row.status == "running"

    @property
    def state(self) -> ClockState:
        """Open, due soon, overdue, met or met late."""
        return state_of(self.row.due_at, self.row.met_at, self.now)

    @property
    def tone(self) -> str:
        """Which look the clock gets; its words say the same."""
        if self.row.status in ("cannot_compute", "not_computed"):
            return "open-question"
        return self.state.value if self.row.status in ("running", "met") else "stopped"

    @property
    def headline(self) -> Words:
        """How it stands, in words."""
        if self.running and self.row.due_at:
            return time_left(self.row.due_at, self.now)
        if self.row.status == "met":
            late = self.state is ClockState.MET_LATE
            return gettext("Met, but late") if late else gettext("Met in time")
        return word(self.row.status)

    @property
    def because(self) -> str:
        """From which event and period the moment follows."""
        event = self.row.trigger_event
        if event is None or self.rule.hours is None:
            return ""
        hours = self.rule.hours
        said = ngettext(
            "%(hours)d hour after: %(event)s", "%(hours)d hours after: %(event)s", hours
        )
        return said % {"hours": hours, "event": word(event.kind)}

    @property
    def zone(self) -> str:
        """The place's IANA zone."""
        return ZoneInfo(self.row.zone).key


def clock_views(rows: Iterable[Deadline], now: datetime) -> list[ClockView]:
    """Deadlines as clocks at that moment."""
    return [ClockView(row=row, rule=rule_of(row), now=now) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPair:
    """A clock of the law and, where the report measures the same thing, its reading beside it."""

    law: ClockView | None
    reading: ClockView | None


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
    same = set(law.rule.report_rows) & set(reading.rule.report_rows)
    return bool(same) and law.rule.hours == reading.rule.hours


def by_urgency(clocks: Iterable[ClockView], now: datetime) -> dict[str, list[ClockView]]:
    """Running clocks in four groups, the law before the report; a fifth for those not computed."""
    groups: dict[str, list[ClockView]] = {
        "overdue": [],
        "day": [],
        "week": [],
        "later": [],
        "open": [],
    }
    for clock in sorted(clocks, key=lambda clock: clock.rule.report_reading):
        groups[_group(clock, now)].append(clock)
    return groups


def _group(clock: ClockView, now: datetime) -> str:
    due_at = clock.row.due_at
    if not clock.running or due_at is None:
        return "open"
    if clock.state is ClockState.OVERDUE:
        return "overdue"
    if clock.state is ClockState.DUE_SOON:
        return "day"
    return "week" if due_at - now <= _WEEK else "later"
