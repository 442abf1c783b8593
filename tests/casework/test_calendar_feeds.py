"""The calendar feed: the clocks of one's list, told to nobody; its address, made and taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from icalendar import Calendar, Event

from casework.access import agency_context
from casework.domain.errors import NotFoundError, NotPermittedError
from casework.domain.permissions import Principal, Role
from casework.models import Agency, CalendarFeed, Case, Deadline, Membership, User
from casework.models.journal import JournalEntry
from casework.services import calendar_feeds
from casework.services.calendar_feeds import (
    TOLD_AFTERWARDS,
    feed_for,
    feed_text,
    make_feed,
    revoke_feed,
)
from tests import builders
from tests.cast import principal_of, without_context
from tests.clocks_by_hand import clock
from tests.racing import race, within

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _made(by: Principal, at: datetime) -> str:
    with agency_context(by.agency_id):
        return make_feed(by=by, at=at).secret


def _read(user: User, secret: str, at: datetime) -> str:
    with without_context():
        owner, by = feed_for(user.ref, secret)
        return feed_text(owner, by, at=at).decode()


def _events(user: User, by: Principal, at: datetime) -> list[Event]:
    text = _read(user, _made(by, at), at)
    return [part for part in Calendar.from_ical(text).subcomponents if isinstance(part, Event)]


def _only(user: User, by: Principal, at: datetime) -> Event:
    (event,) = _events(user, by, at)
    return event


def test_a_clock_of_hours_is_an_instant_in_utc_that_takes_no_time(
    case: Case, alice_user: User, alice: Principal, at: datetime
) -> None:
    row = clock(case, at=at, due_at=at + 72 * HOUR, version=3)
    event = _only(alice_user, alice, at)
    assert "DTSTART:20260604T150000Z\r\n" in event.to_ical().decode()
    assert "DTEND" not in event
    assert "DURATION" not in event
    assert str(event["UID"]).startswith(f"{row.ref}@")
    assert event["SEQUENCE"] == 3
    assert event["SUMMARY"] == "Reminder"
    assert event["STATUS"] == "CONFIRMED"


def test_a_clock_of_days_is_its_last_day_as_a_whole(
    case: Case, alice_user: User, alice: Principal, at: datetime
) -> None:
    end = datetime(2026, 7, 2, 3, 59, 59, 999_999, tzinfo=UTC)
    clock(case, at=at, due_at=end, due_on=date(2026, 7, 1))
    assert "DTSTART;VALUE=DATE:20260701\r\n" in _only(alice_user, alice, at).to_ical().decode()


def test_what_is_overdue_stays_and_says_so(
    case: Case, alice_user: User, alice: Principal, at: datetime
) -> None:
    clock(case, at=at - 400 * DAY, due_at=at - 300 * DAY)
    event = _only(alice_user, alice, at)
    assert event["SUMMARY"] == "Reminder: overdue"
    assert event.decoded("LAST-MODIFIED") == at - 300 * DAY


def test_an_assumption_is_called_one(
    case: Case, alice_user: User, alice: Principal, at: datetime
) -> None:
    clock(case, at=at, status="cannot_compute", assumed_due_at=at + DAY)
    event = _only(alice_user, alice, at)
    assert event["SUMMARY"] == "Assumed reminder"
    assert event.decoded("DTSTART") == at + DAY


def test_a_day_to_look_again_is_that_day(
    case: Case, alice_user: User, alice: Principal, at: datetime
) -> None:
    clock(case, at=at, status="review", review_on=date(2026, 8, 1))
    assert _only(alice_user, alice, at).decoded("DTSTART") == date(2026, 8, 1)


def test_what_opens_is_never_overdue_and_is_told_for_a_while(
    case: Case, alice_user: User, alice: Principal, at: datetime
) -> None:
    clock(case, at=at, due_at=at, marks="opens")
    assert _only(alice_user, alice, at + TOLD_AFTERWARDS)["SUMMARY"] == "Reminder"
    assert _events(alice_user, alice, at + TOLD_AFTERWARDS + HOUR) == []


@pytest.mark.parametrize("status", ["not_computed", "cannot_compute", "open", "no_deadline"])
def test_what_has_no_moment_is_no_entry(
    status: str, case: Case, alice_user: User, alice: Principal, at: datetime
) -> None:
    clock(case, at=at, status=status)
    assert _events(alice_user, alice, at) == []


@pytest.mark.parametrize(
    ("status", "columns"),
    [("met", {"met_at": builders.MOMENT}), ("stopped", {}), ("waived", {}), ("paused", {})],
)
def test_what_is_over_is_cancelled_for_thirty_days_and_then_gone(
    *,
    status: str,
    columns: dict[str, datetime],
    case: Case,
    alice_user: User,
    alice: Principal,
    at: datetime,
) -> None:
    row = clock(case, at=at, status=status, version=2, **columns)
    event = _only(alice_user, alice, at + TOLD_AFTERWARDS)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 2)
    assert str(event["UID"]).startswith(f"{row.ref}@")
    assert _events(alice_user, alice, at + TOLD_AFTERWARDS + HOUR) == []


def test_nothing_in_it_tells_whom_or_what_it_is_about(
    case: Case, alice: Principal, alice_user: User, harbor: Agency, at: datetime
) -> None:
    event, _ = builders.record_event(
        case=case, by=alice, at=at, kind="uac_determined", note="Near the river."
    )
    text = _read(alice_user, _made(alice, at), at).replace("\r\n ", "")
    with agency_context(harbor.pk):
        rules = [row.rule for row in Deadline.objects.all()]
    people = [case.number, str(case.ref), str(event.ref), harbor.name, "Alice", "Rosa"]
    telling = [*people, *rules, "river", "child", event.kind]
    assert rules
    assert "BEGIN:VEVENT" in text
    assert [word for word in telling if word.lower() in text.lower()] == []
    assert "VALARM" not in text


def test_the_soonest_are_told_first_and_no_more_than_so_many(
    case: Case,
    alice_user: User,
    alice: Principal,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calendar_feeds, "LONGEST", 2)
    for days in (3, 1, -5):
        clock(case, at=at, due_at=at + days * DAY)
    starts = [event.decoded("DTSTART") for event in _events(alice_user, alice, at)]
    assert starts == [at - 5 * DAY, at + DAY]


def test_the_feed_shows_what_the_list_shows(
    case: Case, bob_user: User, bob: Principal, carol: Principal, at: datetime
) -> None:
    clock(case, at=at, due_at=at + DAY)
    assert len(_events(bob_user, bob, at)) == 1
    assert _events(User.objects.get(name="Carol"), carol, at) == []


def test_the_feed_speaks_the_language_of_its_owner(
    case: Case, alice_user: User, alice: Principal, at: datetime
) -> None:
    User.objects.filter(pk=alice_user.pk).update(language="ar")
    clock(case, at=at, due_at=at + DAY)
    assert _only(alice_user, alice, at)["SUMMARY"] == "تذكير"


def test_only_a_hash_of_the_secret_is_kept(alice: Principal, at: datetime) -> None:
    secret = _made(alice, at)
    assert len(secret) >= 43
    with agency_context(alice.agency_id):
        kept = [*CalendarFeed.objects.values(), *JournalEntry.objects.values()]
    assert secret not in str(kept)


def test_making_replacing_and_taking_back_are_journaled(
    alice: Principal, harbor: Agency, at: datetime
) -> None:
    _made(alice, at)
    _made(alice, at)
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
    _made(principal_of(user), builders.MOMENT)
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
    secret = _made(alice, at)
    assert _read(alice_user, secret, at)
    given = change(alice_user, secret)
    with without_context(), pytest.raises(NotFoundError) as refused:
        feed_for(alice_user.ref, given)
    assert str(refused.value) == str(NotFoundError())


def test_the_secret_of_one_opens_no_feed_of_another(
    alice: Principal, bob_user: User, bob: Principal, at: datetime
) -> None:
    secret = _made(alice, at)
    _made(bob, at)
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
    here = _made(alice, at)
    with agency_context(northside.pk):
        there = make_feed(by=_elsewhere(alice, northside), at=at).secret
    assert "VEVENT" in _read(alice_user, here, at)
    assert "VEVENT" not in _read(alice_user, there, at)


@pytest.mark.usefixtures("committed_db")
def test_of_several_made_at_once_one_is_left(alice: Principal, at: datetime) -> None:
    race([within(alice.agency_id, lambda: make_feed(by=alice, at=at)) for _ in range(4)])
    with agency_context(alice.agency_id):
        assert CalendarFeed.objects.standing().count() == 1
