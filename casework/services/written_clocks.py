"""The clocks as they stand in the files, for whoever computes one by hand without a database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.domain.calendars import FurtherHoliday, WorkCalendar, WorkDays
from casework.domain.clocks import ClockRule
from casework.domain.facts import FactDefinition
from casework.services.seed_rows import Row, of_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenClocks:
    """Rule → its versions, the calendars they count by, and the facts they ask about."""

    versions: Mapping[str, list[ClockRule]]
    calendars: Mapping[str, WorkDays]
    facts: Mapping[str, FactDefinition]


def written_clocks(rows: Iterable[Row]) -> WrittenClocks:
    """What the rows say about clocks."""
    read = list(rows)
    versions: dict[str, list[ClockRule]] = defaultdict(list)
    for rule in of_kind(read, ClockRule):
        versions[rule.id].append(rule)
    further = of_kind(read, FurtherHoliday)
    return WrittenClocks(
        versions=versions,
        calendars={
            calendar.id: WorkDays(calendar, [day for day in further if day.calendar == calendar.id])
            for calendar in of_kind(read, WorkCalendar)
        },
        facts={fact.code: fact for fact in of_kind(read, FactDefinition)},
    )
