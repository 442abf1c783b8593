"""What starts a clock: which event, on whose day, and under which version of the rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from casework.domain.circumstances import Circumstances
from casework.domain.clock_rules import ClockRule, Occurrence, Place, Recurrence
from casework.domain.conditions import evaluate
from casework.domain.counting import months_after
from casework.domain.events import EventKind, RecordedEvent
from casework.domain.local_time import day_of, start_of_day, utc
from casework.domain.rule_versions import enjoined_on, in_force_on
from casework.domain.ternary import Ternary

BIRTHDAY = "fact:date_of_birth"
"""Stands for an event that follows from the date of birth and was not recorded itself."""
_OF_AGE_MONTHS = 18 * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start of one version of a clock."""

    rule: ClockRule
    event: RecordedEvent
    at: datetime
    """In UTC."""
    zone: str
    """In whose time the days of the period begin and end."""
    period: str
    enjoined_by: str = ""
    """The case in which a court kept the version from being applied on that day."""
    assumed: bool = False
    """It stands in for the true start, which is not recorded."""

    @property
    def day(self) -> date:
        """The date on which it starts."""
        return day_of(self.at, self.zone)


def starts(versions: Sequence[ClockRule], case: Circumstances) -> list[Start]:
    """Every start there is, the earliest first, each under the version that held on its day.

    Where two versions start the same period, the later version counts. Without any start, the
    fallback of a version is one, marked as assumed.
    """
    ordered = sorted(versions, key=lambda rule: (rule.in_force_from or date.min, rule.version))
    found: dict[str, Start] = {}
    for rule in ordered:
        if concerns(rule, case):
            found |= {start.period: start for start in _of(rule, case)}
    if not found:
        found = {start.period: start for rule in ordered for start in _assumed(rule, case)}
    return sorted(found.values(), key=lambda start: (start.at, start.period))


def concerns(rule: ClockRule, case: Circumstances) -> bool:
    """Whether no known fact rules the clock out; a rule of one place waits until it is known."""
    if rule.only_if is None:
        return True
    holds = evaluate(rule.only_if, case.facts).value
    return not (holds is Ternary.NO or (rule.only_when_known and holds is Ternary.UNKNOWN))


def _of(rule: ClockRule, case: Circumstances) -> Iterator[Start]:
    for event in _triggers(rule, case):
        each = rule.trigger.occurrence is Occurrence.EACH
        yield from _in_force(rule, event, case, f"event:{event.root}" if each else "")


def _assumed(rule: ClockRule, case: Circumstances) -> Iterator[Start]:
    if rule.fallback and concerns(rule, case) and not _triggers(rule, case):
        for event in case.of_kinds((rule.fallback.event,))[:1]:
            for start in _in_force(rule, event, case, ""):
                yield replace(start, assumed=True)


def _in_force(
    rule: ClockRule, event: RecordedEvent, case: Circumstances, period: str
) -> Iterator[Start]:
    zone = event.zone if rule.zone is Place.EVENT else case.agency_zone
    start = Start(rule=rule, event=event, at=utc(event.at), zone=zone, period=period)
    if in_force_on(rule, start.day):
        yield replace(start, enjoined_by=enjoined_on(rule, start.day))


def _triggers(rule: ClockRule, case: Circumstances) -> list[RecordedEvent]:
    """The events that start the rule, by its trigger's kinds and by which of them count."""
    recorded = case.of_kinds(rule.trigger.kinds())
    if not recorded:
        return []
    if rule.recurs is Recurrence.FROM_MEETING:
        # Each meeting starts a further period anyway; the first one starts with something else.
        first = [event for event in recorded if event.kind not in rule.met_by]
        return (first or recorded)[-1:] if rule.trigger.latest_of and first else recorded[:1]
    if rule.trigger.latest_of:
        return _with_coming_of_age(rule, recorded, case)[-1:]
    if rule.trigger.occurrence is Occurrence.EACH:
        return recorded
    return recorded[-1:] if rule.trigger.occurrence is Occurrence.LAST else recorded[:1]


def _with_coming_of_age(
    rule: ClockRule, recorded: list[RecordedEvent], case: Circumstances
) -> list[RecordedEvent]:
    """The 18th birthday follows from the date of birth; it never starts a clock alone."""
    kind, born = EventKind.TURNED_EIGHTEEN, case.facts.get("date_of_birth")
    known = any(event.kind is kind for event in recorded)
    if kind not in rule.trigger.kinds() or known or not isinstance(born, date):
        return recorded
    day = months_after(born, _OF_AGE_MONTHS)
    zone = case.agency_zone
    birthday = RecordedEvent(ref=BIRTHDAY, kind=kind, at=start_of_day(day, zone), zone=zone)
    return sorted([*recorded, birthday], key=lambda event: (utc(event.at), event.ref))
