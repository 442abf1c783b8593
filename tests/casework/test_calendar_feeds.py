"""The calendar feed: the clocks of one's list, told to nobody."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline, User
from casework.services import calendar_feeds
from casework.services.calendar_feeds import TOLD_AFTERWARDS
from tests import builders
from tests.clocks_by_hand import clock
from tests.feeds import made, read

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _events(user: User, by: Principal, at: datetime) -> list[Event]:
    text = read(user, made(by, at), at)
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
    text = read(alice_user, made(alice, at), at).replace("\r\n ", "")
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
