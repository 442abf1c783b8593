"""Every page of a case: its caseworker and her supervisor see it, another agency finds nothing."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Membership, User
from tests import builders

Clients = Callable[[User], Client]
PAGES = ("case", "case_edit", "event_new", "fact_new", "consent_new", "case_relief", "referral_new")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_case_is_open_to_its_own_people_only(
    page: str,
    case: Case,
    alice_user: User,
    bob_user: User,
    charlie_user: User,
    people_client: Clients,
) -> None:
    address = reverse(page, args=[case.ref])
    seen = [people_client(u).get(address).status_code for u in (alice_user, bob_user, charlie_user)]
    assert seen == [200, 200, 404]


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("page", ["today", "case_list", "referral_list", "screening_new"])
def test_a_page_sends_strangers_to_the_log_in(page: str, client: Client) -> None:
    answer = client.get(reverse(page))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_list_shows_no_case_of_another_agency(
    case: Case, charlie_user: User, people_client: Clients
) -> None:
    answer = people_client(charlie_user).get(reverse("case_list"))
    assert case.number not in answer.content.decode()


def test_an_administrator_sees_no_case(case: Case, ada_user: User, people_client: Clients) -> None:
    browser = people_client(ada_user)
    assert browser.get(reverse("today")).status_code == 200
    assert browser.get(reverse("case", args=[case.ref])).status_code == 404
    assert browser.get(reverse("case_list")).status_code == 403


def test_someone_without_a_membership_is_told_so(
    alice_user: User, harbor: Agency, at: datetime, people_client: Clients
) -> None:
    with agency_context(harbor.pk):
        Membership.objects.filter(user=alice_user).update(ended_at=at)
    answer = people_client(alice_user).get(reverse("today"))
    assert answer.status_code == 403
    assert "You belong to no agency" in answer.content.decode()


@override_settings(MFA_REQUIRED=True)
def test_without_a_second_factor_nothing_is_shown(alice_user: User, client: Client) -> None:
    client.force_login(alice_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(reverse("case_list"))
    assert answer.status_code == 302
    assert "/accounts/2fa/" in answer["Location"]


def test_the_queue_is_the_supervisors(
    alice_user: User, bob_user: User, people_client: Clients
) -> None:
    assert people_client(alice_user).get(reverse("review")).status_code == 403
    assert people_client(bob_user).get(reverse("review")).status_code == 200


def test_the_other_agency_reads_the_packet_and_nothing_of_the_case(
    *,
    case: Case,
    northside: Agency,
    alice: Principal,
    bob: Principal,
    charlie_user: User,
    now: datetime,
    people_client: Clients,
) -> None:
    sent = builders.sent_referral(case=case, recipient=northside, by=alice, reviewer=bob, at=now)
    browser = people_client(charlie_user)
    page = browser.get(reverse("referral", args=[sent.ref])).content.decode()
    opened = browser.post(reverse("referral_open", args=[sent.ref])).content.decode()
    assert case.number not in page + opened
    assert "A lawyer who speaks Spanish." in opened
    assert "A lawyer who speaks Spanish." not in page
