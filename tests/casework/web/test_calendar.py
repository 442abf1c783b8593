"""The calendar page, and the feed as a calendar program meets it: no log-in, one address."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, CalendarFeed, Case, User
from casework.services.calendar_feeds import make_feed
from casework.web import calendar
from casework.web.calendar import DAYS
from casework.web.clocks import ClockView
from tests.cast import PersonClient
from tests.clocks_by_hand import clock

Clients = Callable[[User], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _numbers(clocks: list[ClockView]) -> list[str]:
    return [shown.row.case.number for shown in clocks]


def test_what_is_overdue_stands_on_top_and_the_rest_by_day(
    case: Case, alice_user: User, now: datetime, people_client: Clients
) -> None:
    for when in (-90 * DAY, DAY, DAY, 5 * DAY):
        clock(case, at=now, due_at=now + when, zone="UTC")
    answer = people_client(alice_user).get(reverse("calendar"))
    sheet = answer.context["sheet"]
    assert _numbers(sheet.overdue) == [case.number]
    assert [(each.day, len(each.clocks)) for each in sheet.days] == [
        ((now + DAY).date(), 2),
        ((now + 5 * DAY).date(), 1),
    ]
    page = answer.content.decode()
    assert page.index("overdue by 90 days") < page.index(sheet.days[0].title)


def test_the_day_is_that_of_the_clocks_own_place(
    case: Case, alice_user: User, now: datetime, people_client: Clients
) -> None:
    evening = now.replace(hour=20, minute=30) + 3 * DAY
    clock(case, at=now, due_at=evening, zone="Pacific/Auckland")
    clock(case, at=now, due_at=evening, due_on=evening.date() + 2 * DAY, zone="UTC")
    (day, later) = people_client(alice_user).get(reverse("calendar")).context["sheet"].days
    assert day.day == evening.date() + DAY
    assert later.day == evening.date() + 2 * DAY


def test_what_is_assumed_or_to_be_looked_at_again_is_not_called_overdue(
    case: Case, alice_user: User, now: datetime, people_client: Clients
) -> None:
    clock(case, at=now, status="cannot_compute", assumed_due_at=now - 3 * DAY)
    clock(case, at=now, status="review", review_on=(now + 9 * DAY).date())
    sheet = people_client(alice_user).get(reverse("calendar")).context["sheet"]
    assert (len(sheet.overdue), len(sheet.passed)) == (0, 1)
    assert [each.day for each in sheet.days] == [(now + 9 * DAY).date()]


def test_what_opens_stands_on_its_day_and_is_never_overdue(
    case: Case, alice_user: User, now: datetime, people_client: Clients
) -> None:
    for when in (-DAY, 2 * DAY):
        clock(case, at=now, due_at=now + when, marks="opens", zone="UTC")
    sheet = people_client(alice_user).get(reverse("calendar")).context["sheet"]
    assert (sheet.overdue, sheet.passed) == ([], [])
    assert [each.day for each in sheet.days] == [(now + 2 * DAY).date()]


def test_sixty_days_are_shown_and_what_is_met_is_not(
    case: Case, alice_user: User, now: datetime, people_client: Clients
) -> None:
    midday = now.astimezone(ZoneInfo("America/New_York")).replace(hour=12)
    clock(case, at=now, due_at=midday + DAYS * DAY)
    clock(case, at=now, due_at=midday + (DAYS + 2) * DAY)
    clock(case, at=now, due_at=midday + DAY, status="met", met_at=now)
    sheet = people_client(alice_user).get(reverse("calendar")).context["sheet"]
    assert len(sheet.days) == 1


def test_a_page_too_long_to_read_says_what_it_leaves_out(
    case: Case,
    alice_user: User,
    now: datetime,
    people_client: Clients,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calendar, "MOST", 1)
    browser = people_client(alice_user)
    clock(case, at=now, due_at=now + DAY)
    assert "Only the first" not in browser.get(reverse("calendar")).content.decode()
    clock(case, at=now, due_at=now + 2 * DAY)
    answer = browser.get(reverse("calendar"))
    assert "Only the first 1 are shown." in answer.content.decode()
    assert len(answer.context["sheet"].days) == 1


def test_the_calendar_is_for_those_who_read_clocks(
    case: Case, ada_user: User, bob_user: User, now: datetime, people_client: Clients
) -> None:
    clock(case, at=now, due_at=now + DAY)
    refused = people_client(ada_user)
    assert refused.get(reverse("calendar")).status_code == 403
    assert refused.post(reverse("calendar_feed_make")).status_code == 403
    assert reverse("calendar") not in refused.get(reverse("today")).content.decode()
    browser = people_client(bob_user)
    assert reverse("calendar") in browser.get(reverse("today")).content.decode()
    assert case.number in browser.get(reverse("calendar")).content.decode()


def test_a_calendar_shows_no_case_of_another_agency(
    case: Case, charlie_user: User, now: datetime, people_client: Clients
) -> None:
    clock(case, at=now, due_at=now + DAY)
    assert people_client(charlie_user).get(reverse("calendar")).context["sheet"].days == []


def _address(browser: Client) -> str:
    page = browser.post(reverse("calendar_feed_make")).content.decode()
    found = re.search(r'value="http://testserver(/calendar/[^"]+\.ics)"', page)
    assert found
    return found[1]


def test_the_address_is_shown_once_and_leads_to_the_feed(
    case: Case, alice_user: User, now: datetime, people_client: Clients
) -> None:
    clock(case, at=now, due_at=now + DAY)
    browser = people_client(alice_user)
    address = _address(browser)
    assert address not in browser.get(reverse("calendar")).content.decode()
    answer = PersonClient().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert answer.content.count(b"BEGIN:VEVENT") == 1


def test_a_log_in_changes_nothing_about_whose_feed_it_is(
    case: Case, alice_user: User, bob_user: User, now: datetime, people_client: Clients
) -> None:
    clock(case, at=now, due_at=now + DAY)
    address = _address(people_client(bob_user))
    assert b"VEVENT" in people_client(alice_user).get(address).content
    assert b"VEVENT" in people_client(bob_user).get(address).content


def test_a_new_address_stops_the_old_one_and_taking_back_stops_it_too(
    alice_user: User, harbor: Agency, people_client: Clients
) -> None:
    browser, program = people_client(alice_user), PersonClient()
    old, new = _address(browser), _address(browser)
    assert [program.get(each).status_code for each in (old, new)] == [404, 200]
    answer = browser.post(reverse("calendar_feed_revoke"), follow=True)
    assert "The address no longer works." in answer.content.decode()
    assert program.get(new).status_code == 404
    with agency_context(harbor.pk):
        assert not CalendarFeed.objects.standing().exists()


def test_every_wrong_address_has_the_same_answer(alice_user: User, alice: Principal) -> None:
    with agency_context(alice.agency_id):
        secret = make_feed(by=alice, at=alice_user.date_joined).secret
    right = reverse("calendar_feed", args=[alice_user.ref, secret])
    wrong = [
        reverse("calendar_feed", args=[alice_user.ref, secret[::-1]]),
        reverse("calendar_feed", args=[uuid4(), secret]),
        right.replace(".ics", ".ical"),
        right.replace(str(alice_user.ref), "nobody"),
        "/calendar/",
    ]
    program = PersonClient()
    assert program.get(right).status_code == 200
    assert {
        (program.get(each).status_code, _bare(program.get(each).content)) for each in wrong
    } == {(404, _bare(program.get("/nowhere/").content))}


def _bare(page: bytes) -> str:
    """The page without what differs from one request to the next."""
    return re.sub(r'name="(back|csrfmiddlewaretoken)" value="[^"]*"', "", page.decode())


def test_a_feed_is_read_and_nothing_else(alice_user: User, people_client: Clients) -> None:
    address = _address(people_client(alice_user))
    program = PersonClient()
    assert program.head(address).status_code == 200
    assert program.post(address).status_code == 405


@pytest.mark.parametrize("language", ["es", "ar"])
def test_the_calendar_speaks_the_language_of_the_page(
    language: str, case: Case, alice_user: User, now: datetime, people_client: Clients
) -> None:
    clock(case, at=now, due_at=now + 2 * DAY, due_on=date(now.year + 1, 1, 1))
    browser = people_client(alice_user)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.get(reverse("calendar")).content.decode()
    assert {"es": "<h1>Calendario</h1>", "ar": "<h1>التقويم</h1>"}[language] in page
