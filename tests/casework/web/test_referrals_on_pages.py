"""A referral on its way: drafted, reviewed by another pair of eyes, sent, answered."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client
from django.urls import reverse

from casework.domain.permissions import Principal
from casework.models import Agency, Case, Referral, User
from tests import builders

Clients = Callable[[User], Client]


def _act(browser: Client, referral: Referral, action: str, reason: str = "") -> int:
    address = reverse("referral_act", args=[referral.ref, action])
    return browser.post(address, {f"{action}-reason": reason}).status_code


def _page(browser: Client, referral: Referral) -> str:
    return browser.get(reverse("referral", args=[referral.ref])).content.decode()


def test_each_field_says_on_which_consent_it_rests(
    case: Case,
    northside: Agency,
    alice: Principal,
    alice_user: User,
    now: datetime,
    people_client: Clients,
) -> None:
    builders.consent(case=case, recipient=northside, by=alice, at=now, fields=("language",))
    draft = builders.drafted_referral(
        case=case, recipient=northside, by=alice, at=now, fields=("language", "name")
    )
    page = _page(people_client(alice_user), draft)
    assert page.count("no consent covers this") == 1
    assert "Rosa" not in page


def test_without_consent_approval_is_refused_and_says_for_which_field(
    case: Case,
    northside: Agency,
    alice: Principal,
    bob_user: User,
    now: datetime,
    people_client: Clients,
) -> None:
    waiting = builders.submitted_referral(case=case, recipient=northside, by=alice, at=now)
    browser = people_client(bob_user)
    answer = browser.post(reverse("referral_act", args=[waiting.ref, "approve"]), follow=True)
    assert "No consent covers: language" in answer.content.decode()


def test_returning_needs_a_reason_which_the_writer_then_reads(
    *,
    case: Case,
    northside: Agency,
    alice: Principal,
    alice_user: User,
    bob_user: User,
    now: datetime,
    people_client: Clients,
) -> None:
    waiting = builders.submitted_referral(case=case, recipient=northside, by=alice, at=now)
    bob = people_client(bob_user)
    assert _act(bob, waiting, "return") == 422
    assert _act(bob, waiting, "return", "Leave out the visa class.") == 302
    assert "Leave out the visa class." in _page(people_client(alice_user), waiting)


def test_the_writer_gets_no_button_to_approve(
    case: Case,
    northside: Agency,
    bob: Principal,
    bob_user: User,
    now: datetime,
    people_client: Clients,
) -> None:
    waiting = builders.submitted_referral(case=case, recipient=northside, by=bob, at=now)
    browser = people_client(bob_user)
    assert reverse("referral_act", args=[waiting.ref, "approve"]) not in _page(browser, waiting)
    assert _act(browser, waiting, "approve") == 403


def test_a_referral_goes_all_the_way_and_the_answer_comes_back(
    *,
    case: Case,
    northside: Agency,
    alice: Principal,
    alice_user: User,
    bob_user: User,
    charlie_user: User,
    now: datetime,
    people_client: Clients,
) -> None:
    builders.consent(case=case, recipient=northside, by=alice, at=now)
    draft = builders.drafted_referral(case=case, recipient=northside, by=alice, at=now)
    alice_browser, charlie = people_client(alice_user), people_client(charlie_user)
    assert charlie.get(reverse("referral", args=[draft.ref])).status_code == 404
    assert _act(alice_browser, draft, "submit") == 302
    assert _act(people_client(bob_user), draft, "approve") == 302
    assert _act(alice_browser, draft, "send") == 302
    assert _act(charlie, draft, "decline") == 422
    assert _act(charlie, draft, "decline", "We are full until autumn.") == 302
    assert "We are full until autumn." in _page(alice_browser, draft)


def test_an_action_out_of_turn_changes_nothing(
    case: Case,
    northside: Agency,
    alice: Principal,
    alice_user: User,
    now: datetime,
    people_client: Clients,
) -> None:
    draft = builders.drafted_referral(case=case, recipient=northside, by=alice, at=now)
    browser = people_client(alice_user)
    assert _act(browser, draft, "send") == 409
    assert _act(browser, draft, "dance") == 404
