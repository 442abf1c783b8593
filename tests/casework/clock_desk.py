"""What tests of clocks on real rows share: a case's clocks, its rungs, and what was journaled."""

from collections.abc import Callable
from datetime import datetime, timedelta

from casework.domain.permissions import Principal
from casework.models import Case, Deadline, Event, Notice, Reminder
from casework.models.journal import JournalEntry
from casework.services.deadline_acts import Deed
from tests import builders

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TRANSFER = "UAC-TRANSFER-72H"
PERMIT = "ASYLUM-EAD-150"
INTERIM = "CHILD-INTERIM-90"
STATUS = "U-DURATION"
STARTS = {
    TRANSFER: "uac_determined",
    PERMIT: "asylum_filed",
    INTERIM: "interim_eligibility_determined",
    STATUS: "u_granted",
}
Act = Callable[..., Deadline]


def started(case: Case, by: Principal, at: datetime, rule: str, kind: str = "") -> Deadline:
    """The clock of that rule, begun at that moment by the event that starts it."""
    builders.record_event(case=case, by=by, at=at, kind=kind or STARTS[rule])
    return clock(case, rule)


def clock(case: Case, rule: str) -> Deadline:
    """The only clock of that rule."""
    return Deadline.objects.get(case=case, rule=rule)


def rungs(row: Deadline, status: str = "scheduled") -> list[str]:
    """The rungs of the present version in that state, in the order in which they fire."""
    rows = Reminder.objects.filter(deadline=row, deadline_version=row.version, status=status)
    return [reminder.rung for reminder in rows.order_by("fire_at")]


def journaled(case: Case) -> list[str]:
    """What the journal says was done about the clocks of the case, oldest first."""
    rows = JournalEntry.objects.filter(subject=f"case:{case.ref}", action__startswith="deadline.")
    return list(rows.order_by("pk").values_list("action", flat=True))


def told(template: str) -> list[str]:
    """Who has a notice of that template, by name, in order."""
    rows = Notice.objects.filter(template=template).order_by("recipient__name")
    return list(rows.values_list("recipient__name", flat=True))


def break_events(case: Case, **columns: str) -> None:
    """Leave the case with events from which nothing can be derived."""
    Event.objects.filter(case=case).update(**columns)


def because(reason: str = "The court ordered it.", since: datetime | None = None) -> Deed:
    """A deed with a reason."""
    return Deed(reason=reason, since=since)
