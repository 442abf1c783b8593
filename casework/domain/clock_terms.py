"""The words in which a legal clock is written: its kind, what starts it, what stretches it."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from casework.domain.events import EventKind
from casework.domain.rule_versions import Definition


class ClockKind(StrEnum):
    """How a period runs."""

    ELAPSED_HOURS = "elapsed_hours"
    """Without a break: nights, weekends and holidays included; never rounded to days."""
    CALENDAR_DAYS = "calendar_days"
    BUSINESS_DAYS = "business_days"
    CALENDAR_MONTHS = "calendar_months"
    CALENDAR_YEARS = "calendar_years"
    FISCAL_YEAR = "fiscal_year"
    """1 October to 30 September, named for the year in which it ends."""
    HALF_YEAR = "half_year"
    QUARTER = "quarter"
    AGE_EVENT = "age_event"
    """An age, held against the day of the trigger, which does not move afterwards."""
    STATUS_WINDOW = "status_window"
    """Open until an event, and not for a number of days."""
    QUALITATIVE = "qualitative"
    """Promptly, diligently, within reason: a day to look again, and never a deadline."""
    NONE = "none"
    """At any time; shown as such and not left blank."""


class Occurrence(StrEnum):
    """Which one counts where a trigger is recorded more than once."""

    FIRST = "first"
    LAST = "last"
    EACH = "each"
    """Every one starts a period of its own."""


class OneMeets(StrEnum):
    """What one meeting event does where several periods of a rule are open."""

    EARLIEST = "earliest"
    """It meets the one that began first; the others go on, which is the safer reading."""
    ALL = "all"
    """It meets every one that had begun, as one claim covers every pay day before it."""


class Trigger(Definition):
    """What starts a clock: one kind of event, or the earliest or the latest of several kinds."""

    event: EventKind | None = None
    earliest_of: tuple[EventKind, ...] = ()
    latest_of: tuple[EventKind, ...] = ()
    occurrence: Occurrence = Occurrence.FIRST
    text: str = ""
    """The trigger in words, where its kinds alone do not say enough."""

    @model_validator(mode="after")
    def _is_one_of_the_three(self) -> Self:
        if sum(map(bool, (self.event, self.earliest_of, self.latest_of))) != 1:
            raise ValueError("give one of event, earliest_of and latest_of")
        return self

    def kinds(self) -> tuple[EventKind, ...]:
        """The kinds of event that start the clock."""
        return (self.event,) if self.event else self.earliest_of or self.latest_of


class Fallback(Definition):
    """From what a safe assumption can be made while the true start is not recorded."""

    event: EventKind
    text: str


class Period(Definition):
    """One amount of time."""

    hours: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    months: int | None = Field(default=None, ge=1)
    years: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _is_one_amount(self) -> Self:
        if sum(map(bool, (self.hours, self.days, self.months, self.years))) != 1:
            raise ValueError("give one of hours, days, months and years")
        return self


class Tolling(Definition):
    """Days that do not count: from the day of one event to the day before the first of others."""

    from_: EventKind = Field(alias="from")
    to: tuple[EventKind, ...] = Field(min_length=1)
    text: str


class Extension(Definition):
    """How far the period can be stretched, and how often."""

    by: Period | None = None
    """None: our sources name no length."""
    times: int | None = Field(default=None, ge=1)
    """None: our sources name no limit."""
    needs_reason: bool = True
    text: str = ""


class ReportWindow(Definition):
    """The fixed periods of a report, and how long after the end of each it is due."""

    due_offset_days: int | None = Field(default=None, ge=0)
    """None: our sources name no day on which it is due."""
    fiscal: bool = False
    """Quarters numbered within the fiscal year."""


class Mark(StrEnum):
    """What the computed moment is."""

    DUE = "due"
    """The last moment at which to act."""
    OPENS = "opens"
    """The first moment at which to act."""
    ENDS = "ends"
    """Something ends by itself then."""


class Direction(StrEnum):
    """On which side of its trigger the moment lies."""

    AFTER = "after"
    BEFORE = "before"


class Roll(StrEnum):
    """What happens to a last day that is no business day."""

    NONE = "none"
    NEXT_BUSINESS_DAY = "next_business_day"


class Place(StrEnum):
    """In whose time zone a day begins and ends."""

    EVENT = "event"
    AGENCY = "agency"


class Recurrence(StrEnum):
    """From what the period runs again once it is over."""

    FROM_MEETING = "from_meeting"
    FROM_DUE = "from_due"
