"""How a legal clock is written: what starts it, how it runs, what stretches, ends or meets it.

A row says everything that is needed to compute its moment, also where we do not compute it yet. A
change in the law is a further version of the row; nothing in here knows any figure of the law.
"""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from casework.domain.clock_terms import (
    ClockKind,
    Direction,
    Extension,
    Fallback,
    Mark,
    Occurrence,
    OneMeets,
    Period,
    Place,
    Recurrence,
    ReportWindow,
    Roll,
    Tolling,
    Trigger,
)
from casework.domain.conditions import Condition
from casework.domain.events import EventKind
from casework.domain.rule_versions import RuleVersion

__all__ = [
    "ClockKind",
    "ClockRule",
    "Direction",
    "Extension",
    "Fallback",
    "Mark",
    "Occurrence",
    "OneMeets",
    "Period",
    "Place",
    "Recurrence",
    "ReportWindow",
    "Roll",
    "Tolling",
    "Trigger",
]


_AMOUNTS = ("hours", "days", "months", "years", "age_years", "window", "review_every_days")
_NEEDS: Mapping[ClockKind, str] = {
    ClockKind.ELAPSED_HOURS: "hours",
    ClockKind.CALENDAR_DAYS: "days",
    ClockKind.BUSINESS_DAYS: "days",
    ClockKind.CALENDAR_MONTHS: "months",
    ClockKind.CALENDAR_YEARS: "years",
    ClockKind.FISCAL_YEAR: "window",
    ClockKind.HALF_YEAR: "window",
    ClockKind.QUARTER: "window",
    ClockKind.AGE_EVENT: "age_years",
    ClockKind.STATUS_WINDOW: "ends_with",
    ClockKind.QUALITATIVE: "review_every_days",
}
_BY_DATE = frozenset({"days", "months", "years"})
"""Kinds that count dates; only there does it matter which day is the first and which the last."""
_ONLY_FORWARD = ("tolling", "mailing_extra_days", "extension", "cut_short_by", "recurs")
_ONLY_BY_DATE = (
    *("first_day_counts", "roll", "calendar", "mailing_extra_days", "tolling", "extension"),
    *("recurs", "opens_days_before", "cut_short_by", "marks", "counts"),
)


class ClockRule(RuleVersion):
    """One version of one legal clock."""

    in_force_note: str = ""
    """Why a rule of law has no first day here: our sources name none."""
    kind: ClockKind
    hours: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    months: int | None = Field(default=None, ge=1)
    years: int | None = Field(default=None, ge=1)
    age_years: int | None = Field(default=None, ge=1)
    window: ReportWindow | None = None
    review_every_days: int | None = Field(default=None, ge=1)
    """Our own practice: how often a person looks at what the law puts in no number."""
    trigger: Trigger
    met_by: tuple[EventKind, ...] = ()
    one_meets: OneMeets = OneMeets.EARLIEST
    ends_with: tuple[EventKind, ...] = ()
    """What closes the window, also when it is recorded ahead of its day."""
    marks: Mark = Mark.DUE
    counts: Direction = Direction.AFTER
    first_day_counts: bool = False
    """Whether the day of the trigger is the first of the period."""
    roll: Roll = Roll.NONE
    calendar: str | None = None
    """The id of the calendar whose holidays count."""
    zone: Place = Place.EVENT
    mailing_extra_days: int | None = Field(default=None, ge=1)
    """Added where the trigger came by post."""
    opens_days_before: int | None = Field(default=None, ge=1)
    """How long before the moment one may act at the earliest."""
    cut_short_by: tuple[EventKind, ...] = ()
    """Events with which the period is over before its time."""
    tolling: tuple[Tolling, ...] = ()
    extension: Extension | None = None
    recurs: Recurrence | None = None
    reaches_running: bool = False
    """Whether it also reaches periods begun before it that had not run out on its first day."""
    cap: int | None = Field(default=None, ge=1)
    """How many may be granted in one period; only for fiscal years."""
    only_if: Condition | None = None
    """The clock is left out only when this is known not to hold; unknown never switches it off."""
    only_when_known: bool = False
    """For rules of one place: left out also while `only_if` is not known to hold."""
    binds: str
    exceptions: tuple[str, ...] = ()
    """Recorded when someone relies on them, and never silently taken into account."""
    fallback: Fallback | None = None
    report_reading: bool = False
    """Whether this is how the report puts it, shown beside the law, and not law itself."""
    practice: bool = False
    """Whether this is our own practice, resting on what the report asks, and no law."""
    unsettled: str = ""
    """What our sources do not settle."""
    before: str = ""
    """What held before this version."""
    notes: str = ""
    rungs: str
    """The id of the ladder of reminders."""

    @model_validator(mode="after")
    def _has_what_its_kind_needs_and_no_more(self) -> Self:
        need = _NEEDS.get(self.kind)
        if need and not getattr(self, need):
            raise ValueError(f"{need} belong to {self.kind}, which needs them")
        for name in _AMOUNTS:
            if name != need and getattr(self, name) is not None:
                raise ValueError(f"{name} do not belong to {self.kind}")
        if self.reaches_running and (self.by_date or not self.in_force_from):
            raise ValueError("reaches_running belongs to a version that ends a limit on a day")
        if self.cap and self.kind is not ClockKind.FISCAL_YEAR:
            raise ValueError("a cap belongs to fiscal_year")
        return self

    @model_validator(mode="after")
    def _says_since_when(self) -> Self:
        if self.report_reading and self.practice:
            raise ValueError("report_reading and practice exclude each other")
        if self.report_reading or self.practice:
            if self.in_force_from or self.in_force_note:
                raise ValueError("in_force_from is for law; a reading or practice has none")
        elif bool(self.in_force_from) == bool(self.in_force_note):
            raise ValueError("law has in_force_from, or else an in_force_note that says why not")
        return self

    @model_validator(mode="after")
    def _counts_as_its_kind_can(self) -> Self:
        if not self.by_date:
            for name in _ONLY_BY_DATE:
                if getattr(self, name) != type(self).model_fields[name].default:
                    raise ValueError(f"{name} does not belong to {self.kind}")
        needs_calendar = self.kind is ClockKind.BUSINESS_DAYS or self.roll is not Roll.NONE
        if needs_calendar != (self.calendar is not None):
            raise ValueError("a calendar belongs to business_days and to a roll, which need it")
        return self

    @model_validator(mode="after")
    def _starts_and_is_met(self) -> Self:
        elapsed = self.kind is ClockKind.ELAPSED_HOURS
        if elapsed and (self.trigger.latest_of or self.trigger.occurrence is not Occurrence.FIRST):
            raise ValueError("trigger: hours run from one event, or the earliest of several")
        if self.fallback and not (elapsed or self.by_date):
            raise ValueError("a fallback belongs to clocks that count time")
        if not self.met_by and self.marks is Mark.DUE and (elapsed or self.by_date):
            raise ValueError("met_by is missing: what is due is met by something")
        if self.only_when_known and self.only_if is None:
            raise ValueError("only_when_known needs only_if")
        return self

    @model_validator(mode="after")
    def _combines_what_has_a_meaning(self) -> Self:
        if self.counts is Direction.BEFORE:
            for name in _ONLY_FORWARD:
                if getattr(self, name):
                    raise ValueError(f"{name} belongs to periods that run forward")
        each = self.trigger.occurrence is Occurrence.EACH
        if each and not self.by_date:
            raise ValueError("trigger: each belongs to clocks that count days")
        if self.recurs and (self.trigger.occurrence is not Occurrence.FIRST or self.tolling):
            raise ValueError("recurs: from the first trigger, and without tolling")
        return self

    @property
    def by_date(self) -> bool:
        """Whether the period counts dates: days, months or years."""
        return _NEEDS.get(self.kind) in _BY_DATE

    @property
    def amount(self) -> int | None:
        """How many hours, days, months or years of time or age; None where none is counted."""
        return self.hours or self.days or self.months or self.years or self.age_years
