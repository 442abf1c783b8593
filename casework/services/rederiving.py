"""Every open clock anew: after a holiday was added, a rule changed, or time alone moved one.

One transaction a case, under its row lock: a crash half way leaves each case either as it was or as
it should be, and the next round goes on from there.
"""

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from casework.access import agency_context, set_context, system_principal
from casework.domain.calendars import ADDED, FurtherHoliday
from casework.domain.clocks import starters
from casework.domain.digests import digest
from casework.domain.errors import CaseworkError, InvalidInputError
from casework.domain.rule_versions import Certainty
from casework.models import Agency, Case, Deadline, Definition, Event
from casework.services.deadlines import derive_deadlines
from casework.services.knowledge import ClockBook, clock_book
from casework.services.moving import move_together

logger = logging.getLogger(__name__)
_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Rederived:
    """How far a change of the knowledge reached."""

    cases: int
    moved: int
    """Clocks whose reading changed; the journal of each case names them."""
    failed: int = 0
    """Cases that could not be derived and stayed as they were; the nightly check names them."""


def rederive(
    rules: Collection[str],
    *,
    at: datetime,
    book: ClockBook | None = None,
    ladders: Collection[str] = (),
) -> Rederived:
    """Derive the clocks of these rules anew in every case that has one or could have one.

    A case that cannot be derived stays as it was and holds up no other. `ladders`: those that are
    not what they were.
    """
    known = book or clock_book()
    kinds = {kind.value for name in rules for kind in starters(known.versions.get(name, ()))}
    cases = moved = failed = 0
    for agency in Agency.objects.order_by("pk"):
        pks = _concerned(agency, rules, kinds)
        cases += len(pks)
        for batch in range(0, len(pks), _BATCH):
            together, singly = 0, pks[batch : batch + _BATCH]
            if not ladders:
                together, singly = move_together(agency, singly, rules=rules, book=known, at=at)
            moved += together
            for pk in singly:
                try:
                    moved += rederive_case(
                        agency, pk, at=at, book=known, rules=rules, ladders=ladders
                    )
                except CaseworkError:
                    logger.exception("deadlines.not_derived")
                    failed += 1
    return Rederived(cases=cases, moved=moved, failed=failed)


def _concerned(agency: Agency, rules: Collection[str], kinds: Collection[str]) -> list[int]:
    with agency_context(agency.pk):
        clocks = Deadline.objects.filter(agency=agency, rule__in=rules).values("case_id")
        events = Event.objects.filter(agency=agency, kind__in=kinds).standing().values("case_id")
        return list(clocks.union(events).order_by("case_id").values_list("case_id", flat=True))


def rederive_case(
    agency: Agency,
    pk: int,
    *,
    at: datetime,
    book: ClockBook,
    rules: Collection[str] | None = None,
    ladders: Collection[str] = (),
) -> int:
    """One case in a transaction of its own. Returns how many of its clocks changed."""
    by = system_principal(agency)
    with _in_context(agency):
        case = Case.objects.select_related("agency", "person__key").get(pk=pk)
        moved = derive_deadlines(case, by=by, at=at, book=book, rules=rules, ladders=ladders)
        return len(moved)


@contextmanager
def _in_context(agency: Agency) -> Iterator[None]:
    """One transaction in the agency's context, which ends with it and need not be put back."""
    if connection.in_atomic_block:
        with agency_context(agency.pk):
            yield
        return
    with transaction.atomic():
        set_context(agency_id=agency.pk)
        yield


def look_again(agency: Agency, *, at: datetime) -> int:
    """Derive what changes by the passing of time alone. Returns how many cases were looked at.

    A case that cannot be derived, for whatever reason, is left for the next round; it holds up no
    other, however many there are of it, and none of the reminders that are fired after this.
    """
    with agency_context(agency.pk):
        due = Deadline.objects.filter(agency=agency, look_again_at__lte=at)
        pks = list(due.order_by("look_again_at").values_list("case_id", flat=True))
    book = clock_book() if pks else None
    looked = 0
    for pk in dict.fromkeys(pks):
        if looked == _BATCH:
            break
        try:
            rederive_case(agency, pk, at=at, book=book or clock_book())
            looked += 1
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # one bad case must not hold up the others
            logger.exception("deadlines.not_derived")
    return looked


def add_holiday(calendar: str, day: date, *, title: str, citation: str, at: datetime) -> Rederived:
    """A further day on which the offices of a calendar are closed; every clock it moves moves.

    InvalidInputError for an unknown calendar, a day that is none already, or a missing citation.
    """
    book = clock_book()
    if calendar not in book.calendars:
        detail = f"There is no calendar “{calendar}”; there are: {', '.join(book.calendars)}."
        raise InvalidInputError.at("/calendar", "not_an_option", detail)
    work = book.calendars[calendar]
    if work.holiday(day):
        detail = f"{day} is a holiday already: {work.holiday(day)}."
        raise InvalidInputError.at("/day", "known_already", detail)
    for name, text in (("title", title), ("citation", citation)):
        if not text.strip():
            raise InvalidInputError.at(f"/{name}", "required", f"Give the {name}.")
    holiday = FurtherHoliday(
        id=f"{calendar}-{day.isoformat()}",
        version=ADDED,
        title=title.strip(),
        jurisdiction=work.calendar.jurisdiction,
        in_force_from=day,
        in_force_to=day,
        citation=citation.strip(),
        law_sources=work.calendar.law_sources,
        certainty=Certainty.SECONDARY,
        calendar=calendar,
        day=day,
    )
    _store(holiday, at)
    return rederive(_counted_by(calendar, clock_book()), at=at)


def remove_holiday(calendar: str, day: date, *, at: datetime) -> Rederived:
    """Take back a day that was added here. InvalidInputError where there is none such."""
    rows = Definition.objects.shared().current().of_kind("holiday")
    changed = rows.filter(code=f"{calendar}-{day.isoformat()}", version=ADDED).update(
        withdrawn_at=at
    )
    if not changed:
        detail = f"{day} was not added to the calendar “{calendar}”."
        raise InvalidInputError.at("/day", "not_known", detail)
    return rederive(_counted_by(calendar, clock_book()), at=at)


def _store(holiday: FurtherHoliday, at: datetime) -> None:
    document = holiday.model_dump(mode="json", by_alias=True)
    with transaction.atomic():
        Definition.objects.create(
            kind="holiday",
            code=holiday.id,
            version=holiday.version,
            digest=digest(document),
            in_force_from=holiday.in_force_from,
            in_force_to=holiday.in_force_to,
            certainty=holiday.certainty.value,
            citation=holiday.citation,
            content=document,
            loaded_at=at,
        )


def _counted_by(calendar: str, book: ClockBook) -> list[str]:
    """The rules of which some version goes by that calendar."""
    return [
        name
        for name, versions in book.versions.items()
        if any(rule.calendar == calendar for rule in versions)
    ]


def rules_touched(changes: Iterable[tuple[str, str]], book: ClockBook) -> set[str]:
    """Which clocks a change of these definitions, (kind, code), can move."""
    touched: set[str] = set()
    for kind, code in changes:
        if kind == "clock":
            touched.add(code)
        elif kind == "calendar":
            touched.update(_counted_by(code, book))
        elif kind == "holiday":
            for calendar in book.calendars:
                touched.update(_counted_by(calendar, book))
        elif kind == "ladder":
            touched.update(
                name
                for name, versions in book.versions.items()
                if any(rule.rungs == code for rule in versions)
            )
    return touched
