"""What is stored about the clocks of a case, and how the reminders of each have to hang."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from casework.domain.ladders import QuietHours, Rung
from casework.models import Case, Deadline, Reminder
from casework.models.journal import JournalEntry
from tests.properties.clock_story import Says, Written
from tests.seeds import rows

CHOSEN = (
    *("UAC-TRANSFER-72H", "RFE-84", "ASYLUM-EAD-150", "CHILD-INTERIM-90", "CP-2Y", "EAD-RENEW"),
    *("DOMESTIC-INTERVIEW-1Y", "TIMS-HALF", "REMOVAL-SCREEN", "DETENTION-REVIEW", "AR11-10"),
    "VAWA-CHILD-21",
)
"""One of each sort, so that every way to count, to stretch, to meet and to come back is among."""


def _written() -> dict[str, list[Written]]:
    found: dict[str, list[Written]] = {name: [] for name in CHOSEN}
    for one in rows.clocks():
        if one.id in found:
            found[one.id].append(one.model_dump(by_alias=True, exclude_defaults=True))
    assert all(found.values())
    return found


RULES = _written()
LADDERS = {
    (name, one["version"]): rows.ladders()[one["rungs"]]
    for name, versions in RULES.items()
    for one in versions
}


def kinds() -> list[str]:
    """Every kind of event that one of these clocks has to do with."""
    found: list[str] = []
    for version in (one for versions in RULES.values() for one in versions):
        trigger = version["trigger"]
        found += [trigger["event"]] if "event" in trigger else []
        found += [*trigger.get("earliest_of", ()), *trigger.get("latest_of", ())] * 2
        found += [*version.get("met_by", ()), *version.get("ends_with", ())]
        for tolling in version.get("tolling", ()):
            found += [tolling["from"], *tolling["to"]]
    return sorted(map(str, found))


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Everything stored about the clocks of the case at one moment."""

    clocks: dict[int, dict[str, Any]]
    reminders: list[tuple[int, int, str, datetime, str]]
    journal: list[tuple[str, str]]
    """Action and deadline of every entry about a clock that moved."""


_COLUMNS = [field.attname for field in Deadline._meta.get_fields() if hasattr(field, "attname")]
UNWATCHED = {"id", "updated_at", "version", "definition__version"}


def look(case: Case) -> Seen:
    """Read it all."""
    moved = JournalEntry.objects.filter(subject=f"case:{case.ref}", action__startswith="deadline.")
    entries = moved.exclude(action__startswith="deadline.act.").order_by("id")
    clocks = Deadline.objects.filter(case=case)
    reminders = Reminder.objects.filter(deadline__case=case).order_by("id")
    return Seen(
        clocks={one["id"]: one for one in clocks.values(*_COLUMNS, "definition__version")},
        reminders=list(
            reminders.values_list("deadline", "deadline_version", "rung", "fire_at", "status")
        ),
        journal=list(entries.values_list("action", "detail__deadline")),
    )


def check_ladder(clock: dict[str, Any], hung: dict[str, Any], now: datetime) -> None:
    """Every rung of the ladder and nothing else, the ones to come scheduled."""
    ladder = LADDERS[clock["rule"], clock["definition__version"]]
    scheduled = {code for code, (_, status) in hung.items() if status == "scheduled"}
    starts = {rung.code for rung in ladder.rungs if rung.anchor == "start"}
    hangs = clock["status"] in ("running", "review") or (clock["status"], clock["marks"]) == OPENED
    if not hangs:
        told = clock["status"] in ("open", "no_deadline")
        assert scheduled <= (starts if told else set())
        return
    once = {rung.code for rung in ladder.rungs}
    repeats = set(hung) - once
    assert set(hung) >= once
    assert bool(repeats) == bool(ladder.repeat)
    assert all(code.startswith("overdue_") for code in repeats)
    assert len(repeats) <= 2
    assert {code for code, (fire_at, _) in hung.items() if fire_at > now} <= scheduled
    if ladder.repeat or any(fire_at > now for fire_at, _ in hung.values()):
        assert scheduled
    for rung in ladder.rungs:
        assert hung[rung.code][0] == _fires_at(clock, rung, ladder.quiet_hours)


def _fires_at(clock: dict[str, Any], rung: Rung, quiet: QuietHours | None) -> datetime:
    """When a rung fires: days by the wall clock at nine, all else by what has really passed."""
    if rung.anchor == "start":
        at = clock["started_at"] + timedelta(minutes=rung.offset_minutes)
    else:
        day = clock["due_on"] or clock["review_on"]
        days, minutes = divmod(rung.offset_minutes, 1440)
        if day is None or minutes:
            at = clock["due_at"] + timedelta(minutes=rung.offset_minutes)
        else:
            nine = time(9, tzinfo=ZoneInfo(clock["zone"]))
            at = datetime.combine(day + timedelta(days=days), nine).astimezone(UTC)
    return _awake(at, clock["zone"], quiet, ahead=rung.anchor == "due") if quiet else at


def _awake(at: datetime, zone: str, quiet: QuietHours, *, ahead: bool) -> datetime:
    """Minute by minute out of the quiet hours: back for what warns ahead, on for the rest."""
    step = timedelta(minutes=-1 if ahead else 1)

    def asleep(moment: datetime) -> bool:
        there = moment.astimezone(ZoneInfo(zone)).time()
        return there >= quiet.from_ or there < quiet.to

    if not asleep(at):
        return at
    at = at.replace(second=0, microsecond=0)
    while asleep(at):
        at += step
    return at - step if ahead else at


def told_by(clock: dict[str, Any]) -> dict[str, Any]:
    """What of a stored clock is compared."""
    names = ["started_at", "due_at", "due_on", "met_at", "late", "paused_at"]
    names += ["closes_at", "review_on", "assumed_due_at"]
    told = {"state": clock["status"], "version": clock["definition__version"]}
    if told["state"] == "stopped":
        told["version"] = ""
    return told | {name: clock[name] for name in names}


def wanted_of(say: Says) -> dict[str, Any]:
    """The same of what the model says."""
    told = asdict(say)
    del told["started_on"]
    return told


OPENED = ("open", "opens")
"""Something may be done from now on: said once more on the day."""
STOPPED = {**wanted_of(Says(version="", state="stopped"))}
