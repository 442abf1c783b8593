"""The page of absences, and what Today says to who is away and to who stands in."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from casework.access import agency_context
from casework.models import Absence, Agency, User

Clients = Callable[[User], Client]
NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)


@pytest.fixture
def today(now: datetime) -> date:
    """The day it is at Harbor House."""
    return now.astimezone(NEW_YORK).date()


def _plan(browser: Client, first: date, last: date, **more: object) -> Any:  # noqa: ANN401
    said = {"first_day": first.isoformat(), "last_day": last.isoformat(), **more}
    return browser.post(reverse("absence_new"), said)


def _absences(agency: Agency) -> list[Absence]:
    with agency_context(agency.pk):
        return list(Absence.objects.select_related("user", "stand_in").order_by("pk"))


def test_whole_days_of_the_agencys_place_are_planned(
    alice_user: User, bob_user: User, harbor: Agency, today: date, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    answer = _plan(browser, today + DAY, today + 3 * DAY, stand_in=bob_user.pk)
    assert answer["Location"] == reverse("absence_list")
    (absence,) = _absences(harbor)
    assert (absence.user, absence.stand_in) == (alice_user, bob_user)
    start, end = (at.astimezone(NEW_YORK) for at in (absence.from_at, absence.until_at))
    assert (start.date(), start.hour) == (today + DAY, 0)
    assert (end.date(), end.hour) == (today + 4 * DAY, 0)
    assert "Bob" in browser.get(reverse("absence_list")).content.decode()


def test_a_caseworker_is_asked_about_nobody_but_themselves(
    alice_user: User, bob_user: User, harbor: Agency, today: date, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    form = browser.get(reverse("absence_list")).context["form"]
    assert "user" not in form.fields
    assert list(form.fields["stand_in"].queryset) == [bob_user]
    _plan(browser, today, today, user=bob_user.pk)
    assert [absence.user for absence in _absences(harbor)] == [alice_user]


def test_a_supervisor_plans_for_a_colleague(
    alice_user: User, bob_user: User, harbor: Agency, today: date, people_client: Clients
) -> None:
    _plan(people_client(bob_user), today, today, user=alice_user.pk)
    assert [absence.user for absence in _absences(harbor)] == [alice_user]


@pytest.mark.parametrize("who", ["olga_user", "charlie_user"])
def test_an_auditor_and_a_stranger_are_not_offered(
    *,
    who: str,
    bob_user: User,
    harbor: Agency,
    today: date,
    people_client: Clients,
    request: pytest.FixtureRequest,
) -> None:
    other = request.getfixturevalue(who)
    answer = _plan(people_client(bob_user), today, today, user=other.pk, stand_in=other.pk)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"user", "stand_in"}
    assert _absences(harbor) == []


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (3, 1, "last_day"),
        (-3, -1, "last_day"),
        (1, 400, "last_day"),
        (400, 401, "first_day"),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_says_what_to_mend(
    *,
    first: int,
    last: int,
    field: str,
    alice_user: User,
    bob_user: User,
    today: date,
    people_client: Clients,
) -> None:
    days = today + first * DAY, today + last * DAY
    answer = _plan(people_client(alice_user), *days, stand_in=bob_user.pk)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    page = answer.content.decode()
    assert all(f'value="{day.isoformat()}"' in page for day in days)
    assert f'<option value="{bob_user.pk}" selected>' in page


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", "9999-12-31"), ("9999-12-31",) * 2])
def test_days_out_of_all_reckoning_are_refused(
    first: str, last: str, alice_user: User, people_client: Clients
) -> None:
    answer = _plan(people_client(alice_user), date.fromisoformat(first), date.fromisoformat(last))
    assert answer.status_code == 422


def test_an_empty_form_says_what_is_missing(alice_user: User, people_client: Clients) -> None:
    answer = people_client(alice_user).post(reverse("absence_new"), {})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"first_day", "last_day"}


def test_an_overlap_is_said_beside_the_first_day(
    alice_user: User, today: date, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    _plan(browser, today, today + DAY)
    answer = _plan(browser, today + DAY, today + 2 * DAY)
    assert answer.context["form"].errors["first_day"] == [
        "This overlaps another absence of the same person."
    ]


def test_an_absence_is_taken_back_with_one_button(
    alice_user: User, harbor: Agency, today: date, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    _plan(browser, today + DAY, today + DAY)
    (absence,) = _absences(harbor)
    address = reverse("absence_cancel", args=[absence.ref])
    assert address in browser.get(reverse("absence_list")).content.decode()
    assert browser.get(address).status_code == 405
    page = browser.post(address, follow=True).content.decode()
    assert "The absence was taken back." in page
    assert "Nobody is away, now or later." in page
    assert browser.post(address).status_code == 409


def test_who_stands_in_sees_the_absence_without_a_button(
    *,
    alice_user: User,
    bob_user: User,
    charlie_user: User,
    harbor: Agency,
    today: date,
    people_client: Clients,
) -> None:
    _plan(people_client(bob_user), today, today, user=bob_user.pk, stand_in=alice_user.pk)
    (absence,) = _absences(harbor)
    address = reverse("absence_cancel", args=[absence.ref])
    browser = people_client(alice_user)
    page = browser.get(reverse("absence_list")).content.decode()
    assert "away now" in page
    assert address not in page
    assert browser.post(address).status_code == 404
    assert people_client(charlie_user).post(address).status_code == 404


def test_today_says_who_is_away_and_who_stands_in(
    alice_user: User, bob_user: User, today: date, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    _plan(browser, today - DAY, today + DAY, stand_in=bob_user.pk)
    away = browser.get(reverse("today")).content.decode()
    assert "You are away until" in away
    assert "Bob gets your reminders." in away
    covering = people_client(bob_user).get(reverse("today")).content.decode()
    assert "you stand in for Alice." in covering
    assert f"{today + DAY:%a} {(today + DAY).day} " in covering


def test_today_says_nothing_of_an_absence_to_come_and_names_the_supervisors(
    alice_user: User, today: date, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    _plan(browser, today + 2 * DAY, today + 3 * DAY)
    assert "You are away" not in browser.get(reverse("today")).content.decode()
    _plan(browser, today, today)
    assert "The supervisors get your reminders." in browser.get(reverse("today")).content.decode()


def test_an_auditor_has_no_page_of_absences(olga_user: User, people_client: Clients) -> None:
    browser = people_client(olga_user)
    assert browser.get(reverse("absence_list")).status_code == 403
    assert browser.post(reverse("absence_new"), {}).status_code == 403
    assert reverse("absence_list") not in browser.get(reverse("today")).content.decode()


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("page", ["absence_list", "absence_new", "calendar"])
def test_strangers_are_sent_to_the_log_in(page: str, client: Client) -> None:
    assert client.get(reverse(page))["Location"].startswith(reverse("account_login"))
