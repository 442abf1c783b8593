"""All that the clocks of a case follow from: events, facts, what people did, calendars, the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from casework.domain.calendars import WorkDays
from casework.domain.clock_rules import ClockRule
from casework.domain.conditions import Facts
from casework.domain.errors import InvalidInputError
from casework.domain.events import EventKind, RecordedEvent
from casework.domain.local_time import utc


class ActKind(StrEnum):
    """What a person can do about one period of a clock."""

    MEET = "meet"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    WAIVE = "waive"
    EXCEPTION = "exception"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing a person did about one period of one clock, and did not undo."""

    kind: ActKind
    rule: str
    period: str
    at: datetime
    until: date | None = None
    """Of an extension whose length the rule does not name: the new last day."""


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """One case as its clocks see it at `as_of`. Raises InvalidInputError for a naive time."""

    events: tuple[RecordedEvent, ...]
    as_of: datetime
    facts: Facts = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    calendars: Mapping[str, WorkDays] = field(default_factory=dict)
    agency_zone: str = "America/New_York"

    def of_kinds(self, kinds: Iterable[EventKind]) -> list[RecordedEvent]:
        """The events of these kinds in the order in which they happened."""
        wanted = frozenset(kinds)
        return [event for event in self.counting if event.kind in wanted]

    @cached_property
    def counting(self) -> tuple[RecordedEvent, ...]:
        """The events in the order in which they happened, without removals called off later."""
        kept = [event for event in self.events if not self._called_off(event)]
        return tuple(sorted(kept, key=lambda event: (utc(event.at), event.ref)))

    def _called_off(self, event: RecordedEvent) -> bool:
        return event.kind is EventKind.REMOVAL_SCHEDULED and any(
            other.kind is EventKind.REMOVAL_CANCELLED and other.seq > event.seq
            for other in self.events
        )

    def acts_on(self, rule: ClockRule, period: str, *kinds: ActKind) -> list[Act]:
        """What was done about one period, in the order in which it counts."""
        found = [
            act
            for act in self.acts
            if act.rule == rule.id and act.period == period and act.kind in kinds
        ]
        return sorted(found, key=lambda act: act.at)

    def work_days(self, rule: ClockRule) -> WorkDays | None:
        """The business days a rule counts by; None where it names no calendar."""
        if rule.calendar is None:
            return None
        if rule.calendar not in self.calendars:
            detail = f"There is no calendar “{rule.calendar}”."
            raise InvalidInputError.at("/calendar", "unknown_calendar", detail)
        return self.calendars[rule.calendar]
