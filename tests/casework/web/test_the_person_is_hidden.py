"""Who the person is shows only when asked for, once, and the journal says so."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client
from django.urls import reverse

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Case, User
from casework.models.journal import JournalEntry
from tests import builders

Clients = Callable[[User], Client]


def _revealed(case: Case) -> int:
    with agency_context(case.agency_id):
        return JournalEntry.objects.filter(
            action="person.revealed", subject=f"case:{case.ref}"
        ).count()


def test_the_page_of_a_case_names_nobody(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    page = people_client(alice_user).get(reverse("case", args=[case.ref])).content.decode()
    assert "Rosa" not in page
    assert "Fuentes" not in page


def test_showing_the_person_is_journaled_and_lasts_one_answer(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    before = _revealed(case)
    shown = browser.post(reverse("case_reveal", args=[case.ref]))
    assert "Rosa Fuentes" in shown.content.decode()
    assert _revealed(case) == before + 1
    assert "Rosa" not in browser.get(reverse("case", args=[case.ref])).content.decode()


def test_a_stranger_cannot_have_the_person_shown(
    case: Case, charlie_user: User, people_client: Clients
) -> None:
    answer = people_client(charlie_user).post(reverse("case_reveal", args=[case.ref]))
    assert answer.status_code == 404
    assert _revealed(case) == 0


def test_a_personal_fact_and_a_note_stay_hidden(
    case: Case, alice: Principal, alice_user: User, at: datetime, people_client: Clients
) -> None:
    builders.assert_fact(case=case, by=alice, at=at, code="date_of_birth", value="2009-02-03")
    builders.record_event(case=case, by=alice, at=at, kind="identified", note="Met at the church.")
    browser = people_client(alice_user)
    page = browser.get(reverse("case", args=[case.ref])).content.decode()
    assert "2009-02-03" not in page
    assert "church" not in page
    shown = browser.post(reverse("case_reveal", args=[case.ref])).content.decode()
    assert "2009-02-03" in shown
    assert "Met at the church." in shown


def test_safe_contact_stands_first_when_the_person_is_shown(
    alice: Principal, alice_user: User, at: datetime, people_client: Clients
) -> None:
    person = {"name": "Ana Lima", "safe_contact": "Never by telephone."}
    case = builders.open_case(by=alice, at=at, person=person)
    shown = people_client(alice_user).post(reverse("case_reveal", args=[case.ref]))
    page = shown.content.decode()
    assert page.index("Never by telephone.") < page.index("Ana Lima")


def test_finding_by_name_shows_no_name(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    answer = people_client(alice_user).post(reverse("case_search"), {"name": "Rosa"})
    page = answer.content.decode()
    assert case.number in page
    assert "Fuentes" not in page


def test_no_title_says_anything_about_anyone(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    for address in (reverse("today"), reverse("case_list"), reverse("case", args=[case.ref])):
        page = browser.get(address).content.decode()
        title = page.split("<title>")[1].split("</title>")[0]
        assert title in {"Today", "Cases", "Case"}
