"""Leaving in a hurry, and the headers that keep traces off a shared computer."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import Case, User

Clients = Callable[[User], Client]


@pytest.mark.parametrize("method", ["get", "post"])
def test_leaving_logs_out_clears_and_shows_something_harmless(
    method: str, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    answer = getattr(browser, method)(reverse("leave"))
    assert '"cookies"' in answer["Clear-Site-Data"]
    assert '"storage"' in answer["Clear-Site-Data"]
    assert "<h1>Weather</h1>" in browser.get(reverse("leave")).content.decode()
    assert browser.get(reverse("today")).status_code == 302


def test_leaving_works_with_an_expired_form(alice_user: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post(reverse("leave")).status_code == 302


def test_no_page_is_kept_or_leaks_its_address(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    answer = people_client(alice_user).get(reverse("case", args=[case.ref]))
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_every_page_has_the_way_out(case: Case, alice_user: User, people_client: Clients) -> None:
    browser = people_client(alice_user)
    for address in (reverse("today"), reverse("case", args=[case.ref]), "/nowhere/"):
        assert reverse("leave") in browser.get(address).content.decode()


def test_an_unknown_address_gets_a_calm_page(alice_user: User, people_client: Clients) -> None:
    answer = people_client(alice_user).get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


@pytest.mark.usefixtures("stage")
def test_a_form_from_an_old_page_is_refused_calmly() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


@pytest.mark.usefixtures("stage")
def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 404
