"""Many cases at once, as after a new holiday: read together, each written in its own transaction.

What was read without a lock is asked again under it: a case in which anything happened meanwhile,
or in which more changes than the moment of known clocks, is left to the long way round.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from casework.access import agency_context
from casework.domain.clocks import asks_for_facts, starters
from casework.domain.errors import CaseworkError
from casework.domain.events import EventKind
from casework.models import Agency, Case, Deadline, DeadlineAct, Event
from casework.services.case_circumstances import act_of, circumstances_of
from casework.services.deadlines import Change, Clock, change_of, in_line
from casework.services.knowledge import ClockBook
from casework.services.moving_writes import MOVABLE, CaseMove, Stamp, written

_Rules = Mapping[str, frozenset[EventKind]]
"""Each rule with the kinds of event that could start it."""


@dataclass(slots=True, kw_only=True)
class _Read:
    """One case as it was read, without a lock."""

    case: Case
    events: list[Event]
    clocks: list[Deadline]
    acts: list[DeadlineAct]

    def stamp(self) -> Stamp:
        """What has to be the same under the lock."""
        return Stamp(
            newest_event=max((event.pk for event in self.events), default=0),
            standing_events=sum(event.superseded_at is None for event in self.events),
            acts=len(self.acts),
        )


def move_together(
    agency: Agency, pks: Sequence[int], *, rules: Collection[str], book: ClockBook, at: datetime
) -> tuple[int, list[int]]:
    """Move the clocks of these rules. Returns how many moved, and the cases left to derive singly.

    Left are cases whose clocks depend on facts, begin, end or stop, or that changed meanwhile.
    """
    asked = [book.versions[name] for name in rules if name in book.versions]
    if connection.in_atomic_block or asks_for_facts(asked):
        return 0, list(pks)
    left: list[int] = []
    starting = {name: starters(book.versions[name]) for name in rules if name in book.versions}
    moving = _moving(_read(agency, pks, rules), starting, book, at, left)
    done = written(agency, moving, at=at)
    left.extend(case.case.pk for case, moved in done if moved < len(case.changes))
    return sum(moved for _, moved in done), sorted(left)


def _moving(
    found: Mapping[int, _Read],
    rules: _Rules,
    book: ClockBook,
    at: datetime,
    left: list[int],
) -> Iterator[CaseMove]:
    """The cases in which something moves, one by one; `left` takes up those to derive singly."""
    for pk, read in found.items():
        try:
            changes = _changes(read, rules, book, at)
        except CaseworkError:
            changes = None  # the long way round says what is wrong
        if changes is None:
            left.append(pk)
        elif changes:
            yield CaseMove(case=read.case, stamp=read.stamp(), changes=changes, book=book)


def _read(agency: Agency, pks: Sequence[int], rules: Collection[str]) -> Mapping[int, _Read]:
    with agency_context(agency.pk):
        cases = Case.objects.filter(pk__in=pks).select_related("agency")
        events: dict[int, list[Event]] = defaultdict(list)
        for event in Event.objects.filter(case_id__in=pks).order_by("id"):
            events[event.case_id].append(event)
        clocks: dict[int, list[Deadline]] = defaultdict(list)
        for row in Deadline.objects.filter(case_id__in=pks, rule__in=rules).order_by("id"):
            clocks[row.case_id].append(row)
        acts: dict[int, list[DeadlineAct]] = defaultdict(list)
        rows = DeadlineAct.objects.filter(deadline__case_id__in=pks).select_related("deadline")
        for act in rows.order_by("id"):
            acts[act.deadline.case_id].append(act)
        return {
            case.pk: _Read(
                case=case, events=events[case.pk], clocks=clocks[case.pk], acts=acts[case.pk]
            )
            for case in cases.order_by("pk")
        }


def _changes(
    read: _Read, rules: _Rules, book: ClockBook, at: datetime
) -> list[tuple[Change, Clock]] | None:
    """What moves; None where something changes that is not written this way."""
    circumstances = circumstances_of(
        read.case,
        read.events,
        book.calendars,
        at=at,
        facts={},
        acts=[act_of(act) for act in read.acts if act.undone_at is None],
    )
    existing = {(row.rule, row.period): row for row in read.clocks}
    by_ref = {str(event.ref): event for event in read.events}
    found = []
    kinds = {event.kind for event in read.events}
    # What nothing could start has no reading.
    asked = [book.versions[name] for name in rules if not kinds.isdisjoint(rules[name])]
    for reading, rule, row in in_line(asked, circumstances, existing):
        if row is None:
            return None
        clock = Clock(case=read.case, rule=rule, row=row, book=book)
        change = change_of(clock, reading, by_ref, at)
        if change is None:
            continue
        if not change.hung_anew or not set(change.columns) <= set(MOVABLE):
            return None
        found.append((change, clock))
    return None if any(row.status != "stopped" for row in existing.values()) else found
