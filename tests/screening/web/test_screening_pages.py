"""A screening on its pages: begun, answered, saved as it goes, read back, concluded, explained."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Case, User
from screening.domain.instrument import Section
from screening.models import Screening
from screening.services.answering import answers_of
from screening.services.instruments import instrument_of
from tests import builders

Clients = Callable[[User], Client]
HMIS = "hud-hmis-r15-r16"
TVPRA = "us-tvpra-contiguous-child-screen"


def _at(screening: Screening, name: str = "screening", *args: str) -> str:
    return reverse(name, args=[screening.ref, *args])


def _saved(screening: Screening, item: str) -> tuple[str, object]:
    with agency_context(screening.agency_id):
        answer = answers_of(screening)[item]
    return answer.standing.value, answer.value


def test_a_screening_begins_for_a_case_in_the_persons_language(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    address = reverse("screening_new") + f"?case={case.ref}"
    answer = people_client(alice_user).post(address, {"instrument": HMIS, "language": "ar"})
    with agency_context(case.agency_id):
        screening = Screening.objects.get(case=case)
    assert answer["Location"] == _at(screening) + "?lang=ar"


def test_an_unknown_instrument_is_refused(alice_user: User, people_client: Clients) -> None:
    said = {"instrument": "tarot", "language": "en"}
    assert people_client(alice_user).post(reverse("screening_new"), said).status_code == 422


@pytest.mark.parametrize("name", ["screening", "screening_review"])
def test_a_screening_is_its_own_peoples_only(
    *,
    name: str,
    case: Case,
    alice: Principal,
    at: datetime,
    bob_user: User,
    charlie_user: User,
    people_client: Clients,
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case)
    assert people_client(bob_user).get(_at(screening, name)).status_code == 200
    assert people_client(charlie_user).get(_at(screening, name)).status_code == 404


def test_what_is_kept_confidential_is_said_before_the_first_question(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case, instrument=HMIS)
    page = people_client(alice_user).get(_at(screening)).content.decode()
    assert page.index("Before we begin") < page.index("Have you ever received")
    assert "Why we ask" in page


def test_answers_and_ways_of_having_none_are_kept(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case)
    said = {
        "a.a_receipt": "value:yes",
        "a.a_transfer": "standing:declined",
        "n.a_receipt": "He said.",
    }
    answer = people_client(alice_user).post(_at(screening), said)
    assert "section=means" in answer["Location"]
    assert _saved(screening, "a_receipt") == ("known", "yes")
    assert _saved(screening, "a_transfer") == ("declined", None)
    page = people_client(alice_user).get(_at(screening)).content.decode()
    assert "He said." in page


def test_an_answer_that_opens_a_question_leads_back_to_it(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case, instrument=HMIS)
    browser = people_client(alice_user)
    said = {"a.R15_1": "value:1", "shown": "R15_1"}
    answer = browser.post(_at(screening) + "?section=R15", said)
    assert "section=R15" in answer["Location"]
    assert "past three months" in browser.get(answer["Location"]).content.decode()


def test_an_answer_to_a_question_that_another_answer_hides_does_no_harm(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case, instrument=HMIS)
    browser = people_client(alice_user)
    browser.post(_at(screening), {"a.R15_1": "value:1"})
    both = {"a.R15_1": "value:0", "a.R15_A": "value:1"}
    assert browser.post(_at(screening), both).status_code == 302
    assert _saved(screening, "R15_1") == ("known", "0")


def test_what_cannot_be_taken_is_kept_as_typed_with_the_reason_beside_it(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case, instrument=TVPRA)
    numbers = [
        item.id
        for section in _instrument(screening)
        for item in section.items
        if item.type.value == "decimal"
    ]
    said = {f"v.{numbers[0]}": "about forty", f"a.{numbers[0]}": "value:", "a.c1": "value:no"}
    answer = people_client(alice_user).post(_at(screening), said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="about forty"' in page
    assert "Give a number." in page
    with agency_context(screening.agency_id):
        assert answers_of(screening) == {}


def _instrument(screening: Screening) -> tuple[Section, ...]:
    with agency_context(screening.agency_id):
        return instrument_of(screening.definition).sections


def test_one_answer_is_saved_at_once_and_opens_its_questions(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case, instrument=HMIS)
    said = {"a.R15_1": "value:1", "here": ["R15_1", "R15_A"]}
    answer = people_client(alice_user).post(
        _at(screening, "answer_save", "R15_1"), said, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert "Saved." in page
    assert 'id="q-R15_A"' in page
    assert 'id="q-R15_C"' not in page
    assert _saved(screening, "R15_1") == ("known", "1")


def test_a_part_of_a_page_is_not_replaced_by_the_log_in(
    case: Case, alice: Principal, at: datetime, client: Client
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case)
    answer = client.post(_at(screening, "answer_save", "a_receipt"), headers={"HX-Request": "true"})
    assert answer.status_code == 401


def test_wording_that_is_missing_falls_back_and_says_so(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case, instrument=HMIS)
    page = people_client(alice_user).get(_at(screening) + "?lang=ar").content.decode()
    assert "no wording in the language you chose" in page
    assert "Have you ever received" in page


def test_reading_back_shows_what_was_not_asked(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case)
    page = people_client(alice_user).get(_at(screening, "screening_review")).content.decode()
    assert "Not dealt with yet" in page


def test_concluding_asks_about_the_age_and_then_explains_itself(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.started_screening(by=alice, at=at, case=case)
    browser = people_client(alice_user)
    browser.post(_at(screening), {"a.a_receipt": "value:yes"})
    assert browser.post(_at(screening, "screening_conclude")).status_code == 422
    answer = browser.post(_at(screening, "screening_conclude"), {"minor": "unknown"}, follow=True)
    page = answer.content.decode()
    assert "A person decides" in page
    assert "Federal definition" in page
    assert "UN Protocol" in page
    assert "Receipt" in page
    assert reverse("referral_new", args=[case.ref]) in page
    assert browser.get(_at(screening)).status_code == 302


def test_an_anonymous_screening_has_an_outcome_and_no_case(
    alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.concluded_screening(by=alice, at=at)
    page = people_client(alice_user).get(_at(screening, "screening_outcome")).content.decode()
    assert "From these answers alone" in page
    assert "Draft a referral" not in page


def test_the_case_page_lists_its_screenings(
    case: Case, alice: Principal, at: datetime, alice_user: User, people_client: Clients
) -> None:
    screening = builders.concluded_screening(by=alice, at=at, case=case)
    page = people_client(alice_user).get(reverse("case", args=[case.ref])).content.decode()
    assert _at(screening, "screening_outcome") in page
