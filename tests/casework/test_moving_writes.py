"""A case in which something happened since it was read is not written from what was read."""

from collections.abc import Callable
from datetime import datetime

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Event
from casework.services import moving
from casework.services.deadline_acts import rely_on_exception, take_back
from casework.services.deadlines import Change, Clock
from casework.services.events import retract_event
from casework.services.knowledge import clock_book
from casework.services.moving_writes import CaseMove, Stamp, written
from tests import builders
from tests.casework.clock_desk import because, clock

pytestmark = pytest.mark.usefixtures("committed_db")
RFE = "RFE-84"
Happens = Callable[[Case, Principal, datetime], object]


def nothing(_case: Case, _by: Principal, _at: datetime) -> None:
    """Nobody touches it."""


def another_event(case: Case, by: Principal, at: datetime) -> None:
    """Something that no clock in question asks about."""
    builders.record_event(case=case, by=by, at=at, kind="moved_home")


def an_event_retracted(case: Case, by: Principal, at: datetime) -> None:
    """It leaves no newer one behind."""
    retract_event(Event.objects.get(case=case, kind="moved_home"), by=by, at=at)


def an_exception(case: Case, by: Principal, at: datetime) -> None:
    """What somebody does about a clock need not move it."""
    rely_on_exception(clock(case, RFE), because(), by=by, at=at)


def an_exception_taken_back(case: Case, by: Principal, at: datetime) -> None:
    """As many acts as before, one of them undone."""
    take_back(clock(case, RFE), because(), by=by, at=at)


def move_of(case: Case, stamp: Stamp) -> CaseMove:
    """The clock as it stands now, so that only the stamp can tell that it was read before."""
    book = clock_book()
    row = clock(case, RFE)
    row.version += 1
    change = Change(row=row, name="moved", columns=[], new=False, hung_anew=True, only_ladder=False)
    held = Clock(case=case, rule=book.versions[RFE][-1], row=row, book=book)
    return CaseMove(case=case, stamp=stamp, changes=[(change, held)], book=book)


@pytest.mark.parametrize(
    ("before", "meanwhile", "moved"),
    [
        (nothing, nothing, 1),
        (nothing, another_event, 0),
        (another_event, an_event_retracted, 0),
        (nothing, an_exception, 0),
        (an_exception, an_exception_taken_back, 0),
    ],
)
def test_only_a_case_in_which_nothing_happened_since_is_written(
    harbor: Agency, alice: Principal, at: datetime, before: Happens, meanwhile: Happens, moved: int
) -> None:
    case = builders.open_case(by=alice, at=at)
    builders.record_event(case=case, by=alice, at=at, kind="rfe_served")
    with agency_context(harbor.pk):
        before(case, alice, at)
    read = moving._read(harbor, [case.pk], {RFE})[case.pk]
    with agency_context(harbor.pk):
        meanwhile(case, alice, at)
        move = move_of(case, read.stamp())
    assert written(harbor, [move], at=at) == [(move, moved)]
