"""Reminders of a deadline: planned when it moves, retired when it moves again."""

from dataclasses import asdict, dataclass
from datetime import datetime

from casework.domain.clock_rules import ClockRule
from casework.domain.ladders import Ladder, PlannedRung, Schedule, plan, upcoming_repeat
from casework.domain.local_time import at_time_of_day
from casework.models import Deadline, Reminder
from casework.models.deadlines import REMINDED
from casework.services.knowledge import ClockBook


def reschedule(
    row: Deadline,
    rule: ClockRule,
    book: ClockBook,
    *,
    new: bool,
    at: datetime,
    quietly: bool = False,
) -> None:
    """Retire the reminders of earlier versions; plan those of this one.

    A rung whose moment has passed is not dropped: it fires with the next sweep, worded as late.
    Where several have passed, the latest of them speaks for the earlier ones, to all of their
    readers; the others are kept as superseded, so that the full set of rungs can be shown.
    `quietly`: only the ladder changed, so that nobody hears again what they were told already.
    """
    waiting = Reminder.objects.filter(deadline=row, status="scheduled")
    heard = quietly and not waiting.filter(fire_at__lte=at).exists()
    waiting.update(status="superseded", settled_at=at)
    rungs = hung(row, book.ladder(rule.rungs), new=new, at=at, silent=heard)
    Reminder.objects.bulk_create(_reminder(row, rung) for rung in rungs)


@dataclass(slots=True, kw_only=True)
class HungRung:
    """A reminder as it is about to be stored."""

    rung: str
    fire_at: datetime
    audience: list[str]
    repeat_minutes: int | None
    status: str = "scheduled"
    settled_at: datetime | None = None


def hung(
    row: Deadline, ladder: Ladder, *, new: bool, at: datetime, silent: bool = False
) -> list[HungRung]:
    """The reminders of the present version, not yet stored.

    `silent`: what has passed is not said again.
    """
    planned = planned_rungs(row, ladder, new=new, at=at)
    passed = [rung for rung in planned if rung.fire_at <= at]
    rungs = [_hung(rung) for rung in planned]
    for one in rungs[: len(passed)]:
        one.status, one.settled_at = "superseded", at
    if passed and not silent:
        speaker = rungs[len(passed) - 1]
        speaker.status, speaker.settled_at, speaker.repeat_minutes = "scheduled", None, None
        speaker.audience = list(dict.fromkeys(who for rung in passed for who in rung.audience))
    return rungs


def planned_rungs(row: Deadline, ladder: Ladder, *, new: bool, at: datetime) -> list[PlannedRung]:
    """The rungs a deadline should have as it stands; none where nobody is to be told anything."""
    when = _schedule(row, ladder, new=new)
    if when is None:
        return []
    ahead = upcoming_repeat(ladder, when, at)
    return [*plan(ladder, when), *([ahead] if ahead else [])]


def missing_rungs(row: Deadline, rule: ClockRule, book: ClockBook, *, at: datetime) -> list[str]:
    """The rungs that the present version of a deadline should own and does not."""
    return [rung.code for rung in _missing(row, rule, book, at=at)]


def mend_rungs(row: Deadline, rule: ClockRule, book: ClockBook, *, at: datetime) -> None:
    """Plan what is missing; what should have fired fires with the next sweep, worded as late."""
    rungs = _missing(row, rule, book, at=at)
    missed = (_reminder(row, _hung(rung)) for rung in rungs)
    Reminder.objects.bulk_create(missed, ignore_conflicts=True)


def _missing(row: Deadline, rule: ClockRule, book: ClockBook, *, at: datetime) -> list[PlannedRung]:
    if row.status not in ("running", "review"):
        return []
    planned = planned_rungs(row, book.ladder(rule.rungs), new=False, at=at)
    owned = dict(
        Reminder.objects.filter(deadline=row, deadline_version=row.version).values_list(
            "rung", "status"
        )
    )
    once = [rung for rung in planned if rung.repeat_minutes is None and rung.code not in owned]
    repeats = [rung for rung in planned if rung.repeat_minutes is not None]
    to_come = any(
        status == "scheduled" and code.startswith("overdue_") for code, status in owned.items()
    )
    return once if to_come or not repeats else [*once, repeats[-1]]


def _schedule(row: Deadline, ladder: Ladder, *, new: bool) -> Schedule | None:
    if row.status not in REMINDED or row.started_at is None:
        return None
    if row.status == "running" or (row.status == "open" and row.due_at):
        return Schedule(started_at=row.started_at, due_at=row.due_at, day=row.due_on, zone=row.zone)
    if row.status == "review" and row.review_on:
        look = at_time_of_day(row.review_on, ladder.time_of_day, row.zone)
        return Schedule(started_at=row.started_at, due_at=look, day=row.review_on, zone=row.zone)
    # Nothing is due: what hangs on the start is said once, when the clock first appears.
    return Schedule(started_at=row.started_at, due_at=None, zone=row.zone) if new else None


def _hung(rung: PlannedRung) -> HungRung:
    return HungRung(
        rung=rung.code,
        fire_at=rung.fire_at,
        audience=list(rung.audience),
        repeat_minutes=rung.repeat_minutes,
    )


def _reminder(row: Deadline, rung: HungRung) -> Reminder:
    return Reminder(
        agency_id=row.agency_id, deadline=row, deadline_version=row.version, **asdict(rung)
    )
