"""The clock vectors of `clock_vectors/`, worked out by hand, read into what the clocks take.

A file may bring rules and calendars of its own, for what no row of the seeds uses. What a vector
does not expect of a reading has to be empty there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from casework.domain.calendars import FurtherHoliday, WorkCalendar, WorkDays
from casework.domain.circumstances import Act, ActKind, Circumstances
from casework.domain.clock_rules import ClockRule
from casework.domain.events import EventKind, RecordedEvent
from casework.domain.readings import Reading
from casework.services.seed_rows import of_kind
from tests.seeds import rows

FOLDER = Path(__file__).parent / "clock_vectors"
NOTHING: Mapping[str, object] = {
    "version": None,
    "state": None,
    "period": "",
    "due_at": None,
    "due_on": None,
    "closes_at": None,
    "review_on": None,
    "met_at": None,
    "late": False,
    "paused_at": None,
    "assumed_due_at": None,
}
"""What is compared of a reading, and what each is where a vector does not name it."""
_INSTANTS = ("due_at", "closes_at", "met_at", "paused_at", "assumed_due_at")
_DAYS = ("due_on", "review_on")


@dataclass(frozen=True, kw_only=True)
class Vector:
    """One case worked out by hand: which rule, why, on what, and what has to come out."""

    name: str
    file: str
    rule: str
    because: str
    hard: str
    versions: tuple[ClockRule, ...]
    case: Circumstances
    expected: tuple[Mapping[str, object], ...]
    says: tuple[str, ...]
    """What the steps of each reading have to say; empty where nothing is asked of them."""

    def expected_rules(self) -> tuple[ClockRule, ...]:
        """The versions of the rule under which a reading is expected."""
        named = {expected["version"] for expected in self.expected}
        return tuple(rule for rule in self.versions if rule.version in named)


@cache
def vectors() -> tuple[Vector, ...]:
    """Every vector of every file."""
    return tuple(vector for path in sorted(FOLDER.glob("*.yaml")) for vector in _read(path))


def seen(reading: Reading) -> dict[str, object]:
    """What is compared of a reading, with its instants to the second."""
    found = {name: getattr(reading, name) for name in NOTHING}
    for name in _INSTANTS:
        found[name] = found[name] and found[name].replace(microsecond=0)
    return {**found, "state": reading.state.value}


def _read(path: Path) -> Iterator[Vector]:
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    own = [ClockRule.model_validate(row) for row in content.get("rules", [])]
    calendars = _calendars(content)
    for row in content["vectors"]:
        versions = [rule for rule in (*own, *rows.clocks()) if rule.id == row["rule"]]
        if not versions:
            raise ValueError(f"there is no rule {row['rule']}")
        yield _vector(path.stem, row, versions, calendars)


def _calendars(content: dict[str, Any]) -> dict[str, WorkDays]:
    """Those of the seeds, and those of the file with its own further days."""
    further = [FurtherHoliday.model_validate(row) for row in content.get("holidays", [])]
    brought = [WorkCalendar.model_validate(row) for row in content.get("calendars", [])]
    known = [*of_kind(rows.all_rows(), WorkCalendar), *brought]
    return {
        calendar.id: WorkDays(calendar, [day for day in further if day.calendar == calendar.id])
        for calendar in known
    }


def _vector(
    file: str, row: dict[str, Any], versions: Sequence[ClockRule], calendars: dict[str, WorkDays]
) -> Vector:
    events = tuple(_event(number, event) for number, event in enumerate(row["events"], start=1))
    as_of = _instant(row["as_of"]) if "as_of" in row else max(event.at for event in events)
    case = Circumstances(
        events=events,
        as_of=as_of,
        facts=row.get("facts", {}),
        acts=tuple(_act(row["rule"], act) for act in row.get("acts", [])),
        calendars=calendars,
        agency_zone=row.get("agency_zone", "America/New_York"),
    )
    expected = row["expect"] if isinstance(row["expect"], list) else [row["expect"]]
    return Vector(
        name=row["name"],
        file=file,
        rule=row["rule"],
        because=row["because"],
        hard=row.get("hard", ""),
        versions=tuple(versions),
        case=case,
        expected=tuple(_expected(reading, row.get("version")) for reading in expected),
        says=tuple(reading.get("says", "") for reading in expected),
    )


def _event(number: int, row: dict[str, Any]) -> RecordedEvent:
    """Events are called e1, e2 … in the order of the file, which is that of their recording."""
    return RecordedEvent(
        ref=f"e{number}",
        kind=EventKind(row["kind"]),
        at=_instant(row["at"]),
        zone=row["zone"],
        by_mail=row.get("by_mail"),
        seq=number,
        lineage=row.get("lineage", ""),
    )


def _act(rule_id: str, row: dict[str, Any]) -> Act:
    until = date.fromisoformat(row["until"]) if "until" in row else None
    return Act(
        kind=ActKind(row["kind"]),
        rule=rule_id,
        period=row.get("period", ""),
        at=_instant(row["at"]),
        until=until,
    )


def _expected(row: dict[str, Any], version: str | None) -> dict[str, object]:
    fields = {name: value for name, value in row.items() if name != "says"}
    unknown = fields.keys() - NOTHING.keys()
    if unknown:
        raise ValueError(f"a reading has no {unknown}")
    read = {**NOTHING, "version": version, **fields}
    for name in _INSTANTS:
        read[name] = read[name] and _instant(cast(str, read[name]))
    for name in _DAYS:
        read[name] = read[name] and date.fromisoformat(cast(str, read[name]))
    return read


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.utcoffset() is None:
        raise ValueError(f"{text} has no offset")
    return at.astimezone(UTC)
