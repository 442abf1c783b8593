"""Absences: planned by whom, for whom, for how long, and taken back."""

from datetime import datetime, timedelta

import pytest

from casework.access import agency_context
from casework.domain.errors import (
    InvalidInputError,
    NotAllowedNowError,
    NotFoundError,
    NotPermittedError,
)
from casework.domain.permissions import Principal
from casework.models import Absence, Agency, Membership, User
from casework.models.journal import JournalEntry
from casework.services.absences import (
    NewAbsence,
    absences_for,
    away_now,
    cancel_absence,
    record_absence,
)
from tests.cast import principal_of
from tests.racing import race, winners, within

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def _plan(
    user: User,
    by: Principal,
    at: datetime,
    *,
    first: timedelta = DAY,
    last: timedelta = WEEK,
    stand_in: User | None = None,
) -> Absence:
    new = NewAbsence(user=user, from_at=at + first, until_at=at + last, stand_in=stand_in)
    with agency_context(by.agency_id):
        return record_absence(new, by=by, at=at)


def _refused(user: User, by: Principal, at: datetime, **what: object) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as refusal:
        _plan(user, by, at, **what)  # type: ignore[arg-type]
    (problem,) = refusal.value.problems
    return problem.pointer, problem.code


def test_a_member_plans_an_absence_of_their_own(
    alice_user: User, alice: Principal, bob_user: User, at: datetime
) -> None:
    absence = _plan(alice_user, alice, at, stand_in=bob_user)
    assert (absence.user, absence.stand_in) == (alice_user, bob_user)
    assert absence.recorded_by == f"user:{alice.ref}"


def test_a_caseworker_plans_for_nobody_else(
    alice: Principal, bob_user: User, harbor: Agency, at: datetime
) -> None:
    with pytest.raises(NotPermittedError, match="your own only"):
        _plan(bob_user, alice, at)
    with agency_context(harbor.pk):
        assert not Absence.objects.exists()


@pytest.mark.parametrize("who", ["bob", "ada"])
def test_supervisor_and_administrator_plan_for_everyone(
    who: str, alice_user: User, at: datetime, request: pytest.FixtureRequest
) -> None:
    assert _plan(alice_user, request.getfixturevalue(who), at).user == alice_user


@pytest.mark.parametrize("who", ["olga", "dora"])
def test_an_auditor_and_a_partner_system_plan_nothing(
    who: str, alice_user: User, at: datetime, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotPermittedError):
        _plan(alice_user, request.getfixturevalue(who), at)


def test_an_absence_may_have_begun(alice_user: User, bob: Principal, at: datetime) -> None:
    assert _plan(alice_user, bob, at, first=-DAY).from_at == at - DAY


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (WEEK, DAY, ("/until", "ends_before_start")),
        (DAY, DAY, ("/until", "ends_before_start")),
        (-WEEK, -DAY, ("/until", "in_the_past")),
        (-DAY, timedelta(0), ("/until", "in_the_past")),
        (DAY, 368 * DAY, ("/until", "too_long")),
        (367 * DAY, 368 * DAY, ("/from", "too_far_ahead")),
    ],
)
def test_a_span_that_cannot_be_meant_is_refused_beside_its_field(
    first: timedelta,
    last: timedelta,
    refusal: tuple[str, str],
    alice_user: User,
    alice: Principal,
    at: datetime,
) -> None:
    assert _refused(alice_user, alice, at, first=first, last=last) == refusal


def test_the_longest_is_a_leap_year(alice_user: User, alice: Principal, at: datetime) -> None:
    assert _plan(alice_user, alice, at, first=DAY, last=367 * DAY).pk


def test_a_moment_without_an_offset_is_refused(
    alice_user: User, alice: Principal, at: datetime
) -> None:
    plain = at.replace(tzinfo=None)
    for start, end, pointer in ((plain, at + DAY, "/from"), (at, plain + DAY, "/until")):
        new = NewAbsence(user=alice_user, from_at=start, until_at=end)
        with agency_context(alice.agency_id), pytest.raises(InvalidInputError) as refusal:
            record_absence(new, by=alice, at=at)
        assert refusal.value.problems[0].pointer == pointer


def test_nobody_stands_in_for_themselves(alice_user: User, alice: Principal, at: datetime) -> None:
    refusal = _refused(alice_user, alice, at, stand_in=alice_user)
    assert refusal == ("/stand_in", "same_person")


@pytest.mark.parametrize("who", ["olga_user", "charlie_user"])
def test_an_auditor_and_a_stranger_do_not_stand_in(
    who: str, alice_user: User, alice: Principal, at: datetime, request: pytest.FixtureRequest
) -> None:
    other = request.getfixturevalue(who)
    assert _refused(alice_user, alice, at, stand_in=other) == ("/stand_in", "not_a_member")


def test_who_has_left_does_not_stand_in(
    alice_user: User, alice: Principal, bob_user: User, at: datetime
) -> None:
    with agency_context(alice.agency_id):
        Membership.objects.filter(user=bob_user).update(ended_at=at)
    assert _refused(alice_user, alice, at, stand_in=bob_user) == ("/stand_in", "not_a_member")


@pytest.mark.parametrize("who", ["olga_user", "charlie_user"])
def test_an_absence_is_of_someone_who_is_told_of_clocks_here(
    who: str, bob: Principal, at: datetime, request: pytest.FixtureRequest
) -> None:
    assert _refused(request.getfixturevalue(who), bob, at) == ("/user", "not_a_member")


def test_two_absences_of_one_person_do_not_overlap(
    alice_user: User, alice: Principal, bob_user: User, bob: Principal, at: datetime
) -> None:
    _plan(alice_user, alice, at, first=DAY, last=WEEK)
    assert _refused(alice_user, bob, at, first=6 * DAY, last=8 * DAY) == ("/from", "overlaps")
    assert _plan(alice_user, alice, at, first=WEEK, last=8 * DAY).pk
    assert _plan(bob_user, bob, at, first=DAY, last=WEEK).pk


@pytest.mark.usefixtures("committed_db")
def test_of_two_that_overlap_at_once_one_is_planned(
    alice_user: User, alice: Principal, at: datetime
) -> None:
    deed = within(alice.agency_id, lambda: _plan(alice_user, alice, at))
    assert len(winners(race([deed, deed, deed]))) == 1


def test_what_was_taken_back_is_in_nobodys_way(
    alice_user: User, alice: Principal, harbor: Agency, at: datetime
) -> None:
    first = _plan(alice_user, alice, at)
    with agency_context(harbor.pk):
        cancelled = cancel_absence(first.ref, by=alice, at=at + DAY)
        assert cancelled.cancelled_at == at + DAY
        assert list(absences_for(alice, at=at)) == []
    assert _plan(alice_user, alice, at).pk


def test_taking_back_twice_or_too_late_is_refused(
    alice_user: User, alice: Principal, bob_user: User, bob: Principal, at: datetime
) -> None:
    first, second = _plan(alice_user, alice, at), _plan(bob_user, bob, at)
    with agency_context(alice.agency_id):
        cancel_absence(first.ref, by=bob, at=at)
        with pytest.raises(NotAllowedNowError, match="already"):
            cancel_absence(first.ref, by=bob, at=at)
        with pytest.raises(NotAllowedNowError, match="over"):
            cancel_absence(second.ref, by=bob, at=at + WEEK)


def test_a_colleagues_absence_is_not_a_caseworkers_to_take_back(
    alice_user: User, alice: Principal, bob_user: User, bob: Principal, at: datetime
) -> None:
    absence = _plan(bob_user, bob, at, stand_in=alice_user)
    with agency_context(alice.agency_id):
        with pytest.raises(NotFoundError):
            cancel_absence(absence.ref, by=alice, at=at)
        absence.refresh_from_db()
    assert absence.cancelled_at is None


def test_another_agency_finds_no_absence(
    alice_user: User, alice: Principal, nora: Principal, at: datetime
) -> None:
    absence = _plan(alice_user, alice, at)
    with agency_context(nora.agency_id):
        assert list(absences_for(nora, at=at)) == []
        with pytest.raises(NotFoundError):
            cancel_absence(absence.ref, by=nora, at=at)


@pytest.mark.usefixtures("carol")
def test_a_caseworker_sees_what_concerns_them_and_a_supervisor_sees_all(
    alice_user: User, alice: Principal, bob_user: User, bob: Principal, at: datetime
) -> None:
    own = _plan(alice_user, alice, at, first=2 * DAY)
    covered = _plan(bob_user, bob, at, stand_in=alice_user)
    other = _plan(User.objects.get(name="Carol"), bob, at)
    with agency_context(alice.agency_id):
        assert list(absences_for(alice, at=at)) == [covered, own]
        assert set(absences_for(bob, at=at)) == {own, covered, other}
        assert list(absences_for(bob, at=at + WEEK)) == []


def test_now_is_from_the_first_moment_until_before_the_last(
    alice_user: User, alice: Principal, bob_user: User, bob: Principal, at: datetime
) -> None:
    absence = _plan(alice_user, alice, at, stand_in=bob_user)
    with agency_context(alice.agency_id):
        for moment, seen in ((0, []), (1, [absence]), (6, [absence]), (7, [])):
            for by in (alice, bob):
                assert away_now(by, at=at + moment * DAY) == seen


def test_planning_and_taking_back_are_journaled_without_a_name(
    alice_user: User, alice: Principal, bob_user: User, bob: Principal, at: datetime
) -> None:
    absence = _plan(alice_user, alice, at, stand_in=bob_user)
    with agency_context(alice.agency_id):
        cancel_absence(absence.ref, by=bob, at=at)
        told = list(JournalEntry.objects.filter(action__startswith="absence.").order_by("pk"))
    assert [(entry.action, entry.actor) for entry in told] == [
        ("absence.recorded", f"user:{alice.ref}"),
        ("absence.cancelled", f"user:{bob.ref}"),
    ]
    assert {entry.subject for entry in told} == {f"user:{principal_of(alice_user).ref}"}
    assert told[0].detail["stand_in"] == str(bob_user.ref)
    assert "Alice" not in str([entry.detail for entry in told])
