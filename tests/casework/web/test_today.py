"""Today: clocks first, then notices, then one's own cases."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Notice, User
from tests import builders

Clients = Callable[[User], Client]


def _page(browser: Client, name: str, *args: object) -> str:
    return browser.get(reverse(name, args=args)).content.decode()


def test_clocks_stand_in_groups_with_what_is_left_in_words(
    case: Case, alice: Principal, alice_user: User, now: datetime, people_client: Clients
) -> None:
    happened = now - timedelta(hours=60)
    builders.record_event(
        case=case, by=alice, at=now, kind="uac_determined", happened=happened, zone="UTC"
    )
    page = _page(people_client(alice_user), "today")
    assert "Within 24 hours" in page
    assert "11 hours 59 minutes left" in page or "12 hours left" in page


def test_an_overdue_clock_says_by_how_much(
    case: Case, alice: Principal, alice_user: User, now: datetime, people_client: Clients
) -> None:
    happened = now - timedelta(hours=75)
    builders.record_event(case=case, by=alice, at=now, kind="uac_determined", happened=happened)
    page = _page(people_client(alice_user), "today")
    assert "overdue by 3 hours" in page


def test_an_assumption_is_called_one_and_the_report_is_not_called_law(
    case: Case, alice: Principal, alice_user: User, now: datetime, people_client: Clients
) -> None:
    builders.record_event(case=case, by=alice, at=now, kind="apprehended")
    page = _page(people_client(alice_user), "case", case.ref)
    assert "Cannot be computed" in page
    assert "Assumption" in page
    assert page.count("The report's reading, not law") == 1


def test_repeated_notices_are_one_line_and_go_when_read(
    alice_user: User, harbor: Agency, now: datetime, people_client: Clients
) -> None:
    with agency_context(harbor.pk):
        for turn in range(3):
            Notice.objects.create(
                agency=harbor,
                recipient=alice_user,
                key=f"reminder:{turn}",
                template="deadline_overdue",
                params={"deadline": "the same"},
                created_at=now,
            )
    browser = people_client(alice_user)
    answer = browser.get(reverse("today"))
    assert "said 3 times" in answer.content.decode()
    refs = [str(ref) for ref in answer.context["notices"][0].refs]
    browser.post(reverse("notices_read"), {"notice": [*refs, "no reference"]})
    assert browser.get(reverse("today")).context["notices"] == []


def test_one_persons_notices_are_not_anothers_to_read(
    alice_user: User, bob_user: User, harbor: Agency, now: datetime, people_client: Clients
) -> None:
    with agency_context(harbor.pk):
        notice = Notice.objects.create(
            agency=harbor,
            recipient=alice_user,
            key="k",
            template="referral_received",
            created_at=now,
        )
    people_client(bob_user).post(reverse("notices_read"), {"notice": [str(notice.ref)]})
    with agency_context(harbor.pk):
        notice.refresh_from_db()
    assert notice.read_at is None
