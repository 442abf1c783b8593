"""A clock computed by hand: events, facts and acts as somebody types them, never guessed at."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from casework.domain.circumstances import Act, ActKind
from casework.domain.clock_rules import ClockKind, ClockRule
from casework.domain.conditions import FactValue
from casework.domain.errors import InvalidInputError
from casework.domain.events import EventKind, RecordedEvent
from casework.domain.facts import FactDefinition, FactType, check_value
from casework.domain.leap_seconds import read_moment
from casework.domain.local_time import instants, place

BY_MAIL = "served_by_mail"
"""Said of the events themselves and not of the case: whether they came by post."""
DEFAULT_ZONE = "America/New_York"
_NOON = time(12)
_YEARS = range(1900, 2201)
"""Beyond them a year was mistyped, and no period of law has room to run."""
_YES, _NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment as it was typed: the instant in UTC, and in whose time its day is meant."""

    at: datetime
    zone: str
    note: str = ""
    """What was assumed in reading it."""
    day_only: bool = False


def read_when(text: str, zone: str | None, pointer: str) -> When:
    """A moment with its offset, a local time, or a day alone.

    A local time needs a zone. One that the clocks skipped is refused; of one that they showed
    twice the earlier counts, which gives the earlier deadline, and that is said.
    """
    if zone is not None:
        place(zone)
    day = _day(text)
    if day is not None:
        check_year(day, pointer)
        there = zone or DEFAULT_ZONE
        return When(at=_first(instants(day, _NOON, there), day), zone=there, day_only=True)
    try:
        moment = read_moment(text)
    except ValueError as error:
        detail = f"“{text}” is no moment; an example is 2026-03-07T10:00:00-06:00."
        raise InvalidInputError.at(pointer, "not_a_moment", detail) from error
    check_year(moment, pointer)
    if moment.utcoffset() is not None:
        return When(at=moment.astimezone(UTC), zone=zone or _fixed(moment, pointer))
    if zone is None:
        detail = "Give the offset, or the place by --zone: without it no instant is known."
        raise InvalidInputError.at(pointer, "no_offset", detail)
    return _local(moment, zone, pointer)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-31") else None
    except ValueError:
        return None


def check_year(day: date, pointer: str) -> None:
    """Raises InvalidInputError for a day in a century that no clock of ours reaches."""
    if day.year not in _YEARS:
        detail = f"Give a year of {_YEARS[0]} to {_YEARS[-1]}."
        raise InvalidInputError.at(pointer, "out_of_range", detail)


def _first(found: Sequence[datetime], day: date) -> datetime:
    """Noon of a day; of a day that a place skipped altogether, noon in UTC."""
    return found[0] if found else datetime.combine(day, _NOON, tzinfo=UTC)


def _fixed(moment: datetime, pointer: str) -> str:
    """A zone that always has the offset as written, so that the day is the day as written."""
    offset = moment.utcoffset() or timedelta(0)
    hours, rest = divmod(offset, timedelta(hours=1))
    if rest:
        detail = "Give the place by --zone: its day cannot be told from this offset."
        raise InvalidInputError.at(pointer, "no_zone", detail)
    return "UTC" if not hours else f"Etc/GMT{-hours:+d}"


def _local(moment: datetime, zone: str, pointer: str) -> When:
    found = instants(moment.date(), moment.time(), zone)
    if not found:
        detail = f"The clocks of {zone} skipped {moment.isoformat()}; give the offset."
        raise InvalidInputError.at(pointer, "skipped", detail)
    note = ""
    if len(found) > 1:
        shown = found[0].astimezone(place(zone)).isoformat()
        note = f"{moment.isoformat()} came twice in {zone}; the earlier one counts: {shown}."
    return When(at=found[0], zone=zone, note=note)


def read_events(
    given: Iterable[str], zone: str | None, *, by_mail: bool | None, to_the_hour: bool
) -> tuple[list[RecordedEvent], list[str]]:
    """Events written NAME=WHEN, in order, and what was assumed in reading them.

    Raises InvalidInputError for an unknown name, a missing moment, one that cannot be read, or a
    day alone where the clock counts hours (`to_the_hour`).
    """
    events, notes = [], []
    for number, text in enumerate(given):
        pointer = f"/event/{number}"
        name, moment = _parts(text, pointer, "NAME=WHEN")
        kind = _kind(name, pointer)
        when = read_when(moment, zone, pointer)
        notes += [when.note] if when.note else []
        if when.day_only and to_the_hour:
            detail = f"{name}: this clock counts hours; give the time of day as well."
            raise InvalidInputError.at(pointer, "no_time", detail)
        events.append(
            RecordedEvent(
                ref=f"{kind.value}-{number + 1}",
                kind=kind,
                at=when.at,
                zone=when.zone,
                by_mail=by_mail,
                seq=number,
            )
        )
    return events, notes


def _parts(text: str, pointer: str, shape: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise InvalidInputError.at(pointer, "wrong_shape", f"“{text}” must read {shape}.")
    return name.strip(), value.strip()


def _kind(name: str, pointer: str) -> EventKind:
    try:
        return EventKind(name)
    except ValueError as error:
        detail = f"There is no event “{name}”.{near(name, EventKind)}"
        raise InvalidInputError.at(pointer, "not_an_option", detail) from error


def near(name: str, known: Iterable[str]) -> str:
    """“ Did you mean …?” for a name that is close to known ones; empty where none is."""
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f" Did you mean {' or '.join(close)}?" if close else ""


def read_facts(
    given: Iterable[str], vocabulary: Mapping[str, FactDefinition]
) -> tuple[dict[str, FactValue], bool | None]:
    """Facts written NAME=VALUE, and whether the events came by post (None: not said)."""
    facts: dict[str, FactValue] = {}
    by_mail: bool | None = None
    for number, text in enumerate(given):
        pointer = f"/fact/{number}"
        name, value = _parts(text, pointer, "NAME=VALUE")
        if name == BY_MAIL:
            by_mail = _boolean(value, pointer)
        elif name in vocabulary:
            facts[name] = check_value(vocabulary[name], _plain(vocabulary[name], value), pointer)
        else:
            detail = f"There is no fact “{name}”.{near(name, vocabulary)}"
            raise InvalidInputError.at(pointer, "not_an_option", detail)
    return facts, by_mail


def _boolean(value: str, pointer: str) -> bool:
    if value.lower() not in _YES | _NO:
        raise InvalidInputError.at(pointer, "not_a_boolean", "Give true or false.")
    return value.lower() in _YES


def _plain(definition: FactDefinition, value: str) -> object:
    """The text as JSON would hold it; what does not fit is left for the check to refuse."""
    if definition.type is FactType.BOOLEAN and value.lower() in _YES | _NO:
        return value.lower() in _YES
    if definition.type is FactType.INTEGER and value.lstrip("-").isdecimal():
        return int(value)
    return value


def read_acts(given: Iterable[str], versions: Sequence[ClockRule], zone: str | None) -> list[Act]:
    """Acts written KIND=WHEN, or extend=WHEN/LAST-DAY, on the only period of the rule.

    Raises InvalidInputError also where no version of the rule gives a ground for one.
    """
    acts = []
    for number, text in enumerate(given):
        pointer = f"/act/{number}"
        name, rest = _parts(text, pointer, "KIND=WHEN")
        moment, _, until = rest.partition("/")
        if name not in set(ActKind):
            detail = f"There is no act “{name}”; there are: {', '.join(ActKind)}."
            raise InvalidInputError.at(pointer, "not_an_option", detail)
        last = _day(until) if until else None
        if until and last is None:
            raise InvalidInputError.at(pointer, "not_a_day", f"“{until}” is no day.")
        when = read_when(moment, zone, pointer)
        act = Act(kind=ActKind(name), rule=versions[0].id, period="", at=when.at, until=last)
        _check_grounds(act, versions, pointer)
        acts.append(act)
    return acts


def _check_grounds(act: Act, versions: Sequence[ClockRule], pointer: str) -> None:
    """By hand as on a case: what the rule gives no ground for is not done."""
    extensions = [rule.extension for rule in versions if rule.extension]
    grounds = {
        ActKind.PAUSE: any(rule.tolling for rule in versions),
        ActKind.RESUME: any(rule.tolling for rule in versions),
        ActKind.EXTEND: bool(extensions),
        ActKind.REVIEW: any(rule.kind is ClockKind.QUALITATIVE for rule in versions),
    }
    if not grounds.get(act.kind, True):
        detail = f"Our sources name no ground for “{act.kind}” of this clock."
        raise InvalidInputError.at(pointer, "no_ground", detail)
    named = any(one.by for one in extensions)
    if (act.until is not None) != (act.kind is ActKind.EXTEND and not named):
        detail = "Give a last day, as in extend=2026-03-01/2026-06-30, where the rule names none."
        raise InvalidInputError.at(pointer, "wrong_last_day", detail)
