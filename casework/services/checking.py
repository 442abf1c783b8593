"""The nightly look at everything that must never be wrong, and what is done where it is.

A clock without its rungs is given them, a reading that differs is derived anew; what only a person
can mend is told to supervisors and administrators. All of it is journaled.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from casework.access import agency_context, system_principal
from casework.domain.errors import CaseworkError
from casework.domain.permissions import Role
from casework.models import Agency, Case, Deadline, Event, Reminder
from casework.models.deadlines import REMINDED
from casework.services import journal
from casework.services.deadlines import derive_deadlines, rule_of
from casework.services.knowledge import ClockBook, clock_book
from casework.services.notices import notify_members
from casework.services.rungs import mend_rungs, missing_rungs
from casework.services.waiting import waiting_since

logger = logging.getLogger(__name__)
UNFIRED_AFTER = timedelta(minutes=10)
UNSENT_AFTER = timedelta(hours=1)
PAUSED_AFTER = timedelta(days=90)
STUCK_AFTER = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be."""

    kind: str
    """stuck_case, long_paused, clock_without_rungs, rung_without_clock, reading_differs,
    not_derived, unfired, unsent, needs_attention."""
    case: str = ""
    """The case's number."""
    what: str = ""
    """A rule, a rung or a channel; never anything about a person."""
    mended: bool = False


def check_all(*, at: datetime) -> dict[str, list[Finding]]:
    """Every agency's findings by its reference; journaled, and told to those who answer for it."""
    book = clock_book()
    return {
        str(agency.ref): check_agency(agency, book, at=at)
        for agency in Agency.objects.order_by("pk")
    }


def check_agency(agency: Agency, book: ClockBook, *, at: datetime) -> list[Finding]:
    """One agency: look, mend what can be mended, tell what was found."""
    findings = [*_derived(agency, book, at)]
    with agency_context(agency.pk):
        findings += [*_rungs(agency, book, at), *_standing_still(agency, at)]
        findings += [*_unsettled(agency, at)]
        if findings:
            _tell(agency, findings, at)
    return findings


def _derived(agency: Agency, book: ClockBook, at: datetime) -> Iterator[Finding]:
    """Cases whose stored clocks differ from what follows from their events; each is put right."""
    with agency_context(agency.pk):
        cases = list(
            Event.objects.filter(agency=agency)
            .order_by("case_id")
            .values_list("case_id", "case__number")
            .distinct()
        )
    for pk, number in cases:
        try:
            with agency_context(agency.pk):
                case = Case.objects.for_display().get(pk=pk)
                moved = derive_deadlines(case, by=system_principal(agency), at=at, book=book)
        except CaseworkError:
            logger.exception("check.not_derived")
            yield Finding(kind="not_derived", case=number)
            continue
        for one in moved:
            yield Finding(
                kind="reading_differs", case=case.number, what=one.deadline.rule, mended=True
            )


def _rungs(agency: Agency, book: ClockBook, at: datetime) -> Iterator[Finding]:
    clocks = Deadline.objects.filter(agency=agency, status__in=REMINDED).for_display()
    for row in clocks.order_by("id").iterator(chunk_size=500):
        try:
            rule = rule_of(row)
            codes = missing_rungs(row, rule, book, at=at)
        except CaseworkError:
            logger.exception("check.no_ladder")
            yield Finding(kind="not_derived", case=row.case.number, what=row.rule)
            continue
        if codes:
            mend_rungs(row, rule, book, at=at)
        for code in codes:
            yield Finding(
                kind="clock_without_rungs",
                case=row.case.number,
                what=f"{row.rule} {code}",
                mended=True,
            )
    loose = Reminder.objects.loose().filter(agency=agency, status="scheduled")
    for reminder in loose.select_related("deadline", "deadline__case").order_by("id"):
        yield Finding(
            kind="rung_without_clock",
            case=reminder.deadline.case.number,
            what=f"{reminder.deadline.rule} {reminder.rung}",
            mended=True,
        )
    loose.update(status="superseded", settled_at=at)


def _standing_still(agency: Agency, at: datetime) -> Iterator[Finding]:
    """Clocks long paused, and open cases in which nothing happens and nothing is due."""
    paused = Deadline.objects.filter(
        agency=agency, status="paused", paused_at__lt=at - PAUSED_AFTER
    )
    for row in paused.for_display().order_by("id"):
        yield Finding(kind="long_paused", case=row.case.number, what=row.rule)
    since = at - STUCK_AFTER
    watched = Deadline.objects.filter(status__in=("running", "review", "paused"))
    stuck = (
        Case.objects.of_agency(agency.pk)
        .open()
        .filter(updated_at__lt=since)
        .exclude(pk__in=watched.values("case_id"))
        .exclude(pk__in=Event.objects.filter(recorded_at__gte=since).values("case_id"))
    )
    for case in stuck.order_by("id"):
        yield Finding(kind="stuck_case", case=case.number)


def _unsettled(agency: Agency, at: datetime) -> Iterator[Finding]:
    """Reminders that should have fired, and messages that should have left."""
    late = Reminder.objects.filter(
        agency=agency, status="scheduled", fire_at__lt=at - UNFIRED_AFTER
    )
    for reminder in late.select_related("deadline", "deadline__case").order_by("fire_at", "id"):
        yield Finding(
            kind="unfired",
            case=reminder.deadline.case.number,
            what=f"{reminder.deadline.rule} {reminder.rung}",
        )
    for channel, needy in waiting_since(agency, at - UNSENT_AFTER):
        yield Finding(kind="needs_attention" if needy else "unsent", what=channel)


@transaction.atomic
def _tell(agency: Agency, findings: list[Finding], at: datetime) -> None:
    counts = Counter(finding.kind for finding in findings)
    notify_members(
        agency,
        [Role.SUPERVISOR.value, Role.ADMINISTRATOR.value],
        key=f"check:{at.date().isoformat()}",
        template="check_found",
        params={kind: str(number) for kind, number in counts.items()},
        at=at,
    )
    journal.record(
        "check.found",
        f"agency:{agency.ref}",
        by=system_principal(agency),
        at=at,
        **dict(sorted(counts.items())),
    )
