"""A case opened, handed over, closed and opened again from its pages."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client
from django.urls import reverse

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, User
from tests import builders

Clients = Callable[[User], Client]


def test_a_case_opens_without_a_word_about_the_person(
    alice_user: User, harbor: Agency, people_client: Clients
) -> None:
    answer = people_client(alice_user).post(
        reverse("case_new"), {"door": "hotline", "language": "es"}
    )
    with agency_context(harbor.pk):
        case = Case.objects.select_related("person").get()
    assert answer["Location"] == reverse("case", args=[case.ref])
    assert case.person.language == "es"
    assert case.person.interpreter_needed is None


def test_a_character_that_hides_is_refused_beside_its_field(
    alice_user: User, people_client: Clients
) -> None:
    answer = people_client(alice_user).post(
        reverse("case_new"), {"door": "hotline", "language": "es", "name": "Ana\u202eLima"}
    )
    assert answer.status_code == 422
    assert "name" in answer.context["form"].errors


def test_a_supervisor_hands_a_case_over_within_the_agency_only(
    case: Case, bob_user: User, charlie_user: User, people_client: Clients
) -> None:
    browser = people_client(bob_user)
    address = reverse("case_assign", args=[case.ref])
    assert browser.post(address, {"assignee": charlie_user.pk}).status_code == 422
    assert browser.post(address, {"assignee": bob_user.pk}).status_code == 302


def test_a_case_closes_with_a_reason_and_opens_again(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    address = reverse("case_close", args=[case.ref])
    assert browser.post(address, {"reason": " "}).status_code == 422
    assert browser.post(address, {"reason": "Moved away."}).status_code == 302
    assert case.number not in browser.get(reverse("case_list")).content.decode()
    assert case.number in browser.get(reverse("case_list") + "?show=all").content.decode()
    assert browser.post(reverse("case_reopen", args=[case.ref])).status_code == 302
    assert case.number in browser.get(reverse("case_list")).content.decode()


def test_relief_says_why_and_that_counsel_has_not_reviewed_it(
    case: Case, alice: Principal, alice_user: User, at: datetime, people_client: Clients
) -> None:
    for code in ("victim_labor_trafficking", "age_under_18_at_any_act"):
        builders.assert_fact(case=case, by=alice, at=at, code=code, value=True)
    page = people_client(alice_user).get(reverse("case_relief", args=[case.ref])).content.decode()
    assert "Excused because:" in page
    assert "not reviewed by counsel" in page
    assert "What to ask next" in page
