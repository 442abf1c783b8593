"""A case as its clocks see it: standing events, and what people did about its deadlines."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from casework.domain.calendars import WorkDays
from casework.domain.circumstances import Act, ActKind, Circumstances
from casework.domain.conditions import Facts
from casework.domain.events import EventKind, RecordedEvent
from casework.models import Case, DeadlineAct, Event


def circumstances_of(
    case: Case,
    rows: list[Event],
    calendars: Mapping[str, WorkDays],
    *,
    at: datetime,
    facts: Facts,
    acts: Iterable[Act],
) -> Circumstances:
    """The case as its clocks see it: standing events, known facts, acts that were not undone."""
    roots: dict[int, str] = {}
    for row in rows:
        roots[row.pk] = roots.get(row.amends_id or 0, str(row.ref))
    return Circumstances(
        events=tuple(
            RecordedEvent(
                ref=str(row.ref),
                kind=EventKind(row.kind),
                at=row.at,
                zone=row.zone,
                by_mail=row.by_mail,
                seq=row.pk,
                lineage=roots[row.pk],
            )
            for row in rows
            if row.superseded_at is None
        ),
        as_of=at,
        facts=facts,
        acts=tuple(acts),
        calendars=calendars,
        agency_zone=case.agency.time_zone,
    )


def acts_on(case: Case) -> list[Act]:
    """What was done about the case's deadlines and not undone, in order."""
    rows = DeadlineAct.objects.filter(deadline__case=case, undone_at__isnull=True)
    return [act_of(row) for row in rows.select_related("deadline").order_by("id")]


def act_of(row: DeadlineAct) -> Act:
    """What somebody did, as the clocks see it."""
    return Act(
        kind=ActKind(row.kind),
        rule=row.deadline.rule,
        period=row.deadline.period,
        at=row.at,
        until=row.until,
    )
