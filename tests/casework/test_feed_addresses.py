"""The address of a calendar feed: made, replaced, taken back, and good for nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from casework.access import agency_context
from casework.domain.errors import NotFoundError, NotPermittedError
from casework.domain.permissions import Principal, Role
from casework.models import Agency, CalendarFeed, Case, Membership, User
from casework.models.journal import JournalEntry
from casework.services.calendar_feeds import feed_for, make_feed, revoke_feed
from tests import builders
from tests.cast import principal_of, without_context
from tests.clocks_by_hand import clock
from tests.feeds import made, read
from tests.racing import race, within

DAY = timedelta(days=1)


def test_only_a_hash_of_the_secret_is_kept(alice: Principal, at: datetime) -> None:
    secret = made(alice, at)
    assert len(secret) >= 43
    with agency_context(alice.agency_id):
        kept = [*CalendarFeed.objects.values(), *JournalEntry.objects.values()]
    assert secret not in str(kept)


def test_making_replacing_and_taking_back_are_journaled(
    alice: Principal, harbor: Agency, at: datetime
) -> None:
    made(alice, at)
    made(alice, at)
    with agency_context(harbor.pk):
        assert revoke_feed(by=alice, at=at)
        assert not revoke_feed(by=alice, at=at)
        told = JournalEntry.objects.filter(action__startswith="calendar_feed.").order_by("pk")
        assert [(entry.action, entry.actor) for entry in told] == [
            (f"calendar_feed.{deed}", f"user:{alice.ref}")
            for deed in ("made", "revoked", "made", "revoked")
        ]


@pytest.mark.parametrize("who", ["ada", "olga", "dora"])
def test_who_reads_no_clocks_or_is_no_person_gets_no_feed(
    who: str, at: datetime, request: pytest.FixtureRequest
) -> None:
    by: Principal = request.getfixturevalue(who)
    with agency_context(by.agency_id), pytest.raises((NotPermittedError, NotFoundError)):
        make_feed(by=by, at=at)


def _wrong_secret(_user: User, secret: str) -> str:
    return "".join(reversed(secret))


def _revoked(user: User, secret: str) -> str:
    with agency_context(principal_of(user).agency_id):
        revoke_feed(by=principal_of(user), at=builders.MOMENT)
    return secret


def _replaced(user: User, secret: str) -> str:
    made(principal_of(user), builders.MOMENT)
    return secret


def _left(user: User, secret: str) -> str:
    with agency_context(principal_of(user).agency_id):
        Membership.objects.filter(user=user).update(ended_at=builders.MOMENT)
    return secret


def _became_auditor(user: User, secret: str) -> str:
    with agency_context(principal_of(user).agency_id):
        Membership.objects.filter(user=user).update(role=Role.AUDITOR.value)
    return secret


def _agency_suspended(_user: User, secret: str) -> str:
    Agency.objects.update(suspended_at=builders.MOMENT)
    return secret


def _deactivated(user: User, secret: str) -> str:
    User.objects.filter(pk=user.pk).update(is_active=False)
    return secret


@pytest.mark.parametrize(
    "change",
    [
        _wrong_secret,
        _revoked,
        _replaced,
        _left,
        _became_auditor,
        _agency_suspended,
        _deactivated,
    ],
)
def test_whatever_does_not_fit_there_is_no_such_feed(
    change: Callable[[User, str], str], alice_user: User, alice: Principal, at: datetime
) -> None:
    secret = made(alice, at)
    assert read(alice_user, secret, at)
    given = change(alice_user, secret)
    with without_context(), pytest.raises(NotFoundError) as refused:
        feed_for(alice_user.ref, given)
    assert str(refused.value) == str(NotFoundError())


def test_the_secret_of_one_opens_no_feed_of_another(
    alice: Principal, bob_user: User, bob: Principal, at: datetime
) -> None:
    secret = made(alice, at)
    made(bob, at)
    for ref in (bob_user.ref, uuid4()):
        with without_context(), pytest.raises(NotFoundError):
            feed_for(ref, secret)


def _elsewhere(person: Principal, agency: Agency) -> Principal:
    return replace(person, role=Role.SUPERVISOR, agency_id=agency.pk, agency_ref=str(agency.ref))


def test_someone_of_two_agencies_has_a_feed_at_each(
    case: Case, alice_user: User, alice: Principal, northside: Agency, at: datetime
) -> None:
    builders.member(agency=northside, name="Alice", role=Role.SUPERVISOR, at=at)
    clock(case, at=at, due_at=at + DAY)
    here = made(alice, at)
    with agency_context(northside.pk):
        there = make_feed(by=_elsewhere(alice, northside), at=at).secret
    assert "VEVENT" in read(alice_user, here, at)
    assert "VEVENT" not in read(alice_user, there, at)


@pytest.mark.usefixtures("committed_db")
def test_of_several_made_at_once_one_is_left(alice: Principal, at: datetime) -> None:
    race([within(alice.agency_id, lambda: make_feed(by=alice, at=at)) for _ in range(4)])
    with agency_context(alice.agency_id):
        assert CalendarFeed.objects.standing().count() == 1
