"""Who hears of a clock while somebody is away: their stand-in, else whoever answers for them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Absence, Agency, Case, Membership, Notice, Reminder, User
from casework.services.database_clock import database_now
from casework.services.sweep import sweep_agency
from tests import builders

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
RULE = "UAC-TRANSFER-72H"
Leave = Callable[..., Absence]


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency, bob_user: User, ada_user: User) -> Iterator[None]:  # noqa: ARG001
    with agency_context(harbor.pk):
        yield


@pytest.fixture
def carol_user(carol: Principal) -> User:
    return User.objects.get(ref=carol.ref)


def now() -> datetime:
    with connection.cursor() as cursor:
        return database_now(cursor)


@pytest.fixture
def leave(harbor: Agency) -> Leave:
    """Plans an absence from an hour ago until in an hour, unless said otherwise."""

    def plan(user: User, stand_in: User | None = None, **columns: datetime) -> Absence:
        span = {"from_at": now() - HOUR, "until_at": now() + HOUR, **columns}
        return Absence.objects.create(
            agency=harbor,
            user=user,
            stand_in=stand_in,
            recorded_by="user:test",
            recorded_at=now(),
            **span,
        )

    return plan


@pytest.fixture
def heard(harbor: Agency, case: Case, alice: Principal) -> Callable[[str], list[str]]:
    """Fires one rung of a clock of Alice's case; who heard of it, by name."""

    def fire(rung: str = "started") -> list[str]:
        ago = 72 * HOUR if rung == "due" else 73 * HOUR if rung == "overdue_1" else MINUTE
        builders.record_event(
            case=case, by=alice, at=now(), kind="uac_determined", happened=now() - ago
        )
        only = Reminder.objects.filter(deadline__rule=RULE, rung=rung, status="scheduled")
        Reminder.objects.exclude(pk__in=only.values("pk")).update(status="superseded")
        sweep_agency(harbor)
        rows = Notice.objects.order_by("recipient__name")
        return list(rows.values_list("recipient__name", flat=True))

    return fire


Heard = Callable[..., list[str]]


def test_while_nobody_is_away_the_caseworker_hears(heard: Heard) -> None:
    assert heard() == ["Alice"]


def test_the_stand_in_hears_instead(
    heard: Heard, leave: Leave, alice_user: User, carol_user: User
) -> None:
    leave(alice_user, carol_user)
    assert heard() == ["Carol"]


@pytest.mark.parametrize("which", ["before", "after", "cancelled"])
def test_an_absence_that_is_not_now_changes_nothing(
    heard: Heard, leave: Leave, alice_user: User, carol_user: User, which: str
) -> None:
    columns = {
        "before": {"from_at": now() - 2 * HOUR, "until_at": now()},
        "after": {"from_at": now() + MINUTE},
        "cancelled": {"cancelled_at": now()},
    }[which]
    leave(alice_user, carol_user, **columns)
    assert heard() == ["Alice"]


@pytest.mark.parametrize("stand_in", [None, "away", "left", "disabled"])
def test_without_a_stand_in_who_is_there_the_supervisor_hears(
    heard: Heard, leave: Leave, alice_user: User, carol_user: User, stand_in: str | None
) -> None:
    leave(alice_user, carol_user if stand_in else None)
    match stand_in:
        case "away":
            leave(carol_user, alice_user)
        case "left":
            Membership.objects.filter(user=carol_user).update(ended_at=now())
        case "disabled":
            User.objects.filter(pk=carol_user.pk).update(is_active=False)
    assert heard() == ["Bob"]


def test_the_supervisors_stand_in_hears_what_is_the_supervisors(
    heard: Heard, leave: Leave, bob_user: User, carol_user: User
) -> None:
    leave(bob_user, carol_user)
    assert heard("due") == ["Alice", "Carol"]


def test_while_caseworker_and_supervisor_are_away_the_supervisors_stand_in_hears(
    heard: Heard, leave: Leave, alice_user: User, bob_user: User, ada_user: User
) -> None:
    leave(alice_user)
    leave(bob_user, ada_user)
    assert heard() == ["Ada"]


def test_somebody_who_stands_in_for_two_hears_once(
    heard: Heard, leave: Leave, alice_user: User, bob_user: User, carol_user: User
) -> None:
    leave(alice_user, carol_user)
    leave(bob_user, carol_user)
    assert heard("due") == ["Carol"]


def test_where_everyone_who_should_hear_is_away_everyone_hears(
    heard: Heard, leave: Leave, alice_user: User, bob_user: User
) -> None:
    leave(alice_user)
    leave(bob_user)
    assert heard() == ["Ada", "Alice", "Bob"]


def test_where_all_are_away_all_hear_rather_than_nobody(
    heard: Heard, leave: Leave, alice_user: User, bob_user: User, ada_user: User
) -> None:
    for user in (alice_user, bob_user, ada_user):
        leave(user)
    assert heard("overdue_1") == ["Ada", "Alice", "Bob"]


def test_two_absences_at_once_have_one_stand_in(
    heard: Heard, leave: Leave, alice_user: User, ada_user: User, carol_user: User
) -> None:
    leave(alice_user, carol_user)
    leave(alice_user, ada_user)
    assert len(heard()) == 1
