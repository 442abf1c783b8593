"""The page of instruments: what there is, a file checked, a checked file added."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from casework.access import agency_context
from casework.models import Agency, Definition, User
from screening.web.packs import LARGEST_HERE
from tests.casework.api.clients import Answer
from tests.screening.bad_packs import BAD
from tests.screening.packs import ID, changed, example, form

Clients = Callable[[User], Client]
PAGE = "/instruments/"


@pytest.fixture
def bobs(people_client: Clients, bob_user: User) -> Client:
    """The browser of Harbor House's supervisor."""
    return people_client(bob_user)


def choose(browser: Client, content: bytes, name: str = "own.yaml") -> Answer:
    return browser.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def carried(answer: Answer) -> dict[str, str]:
    """What the form of the second step would send."""
    sent = answer.context["sent"]
    return {"name": sent.name, "content": sent.carried}


def added(agency: Agency) -> list[str]:
    with agency_context(agency.pk):
        rows = Definition.objects.of_agency(agency.pk).current()
        return [f"{row.code} {row.version}" for row in rows]


def test_the_list_says_whose_each_instrument_is(bobs: Client) -> None:
    page = bobs.get(PAGE).content.decode()
    assert "Everyone's" in page
    assert "Your agency's own" not in page
    bobs.post(PAGE, carried(choose(bobs, example().encode())))
    assert "Your agency's own" in bobs.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (example().encode(), "own.yaml", f"{ID} 2026-01"),
        (form(), "own.xlsx", "example-form 2026.1"),
    ],
)
def test_a_file_is_checked_first_and_added_in_a_second_step(
    bobs: Client, harbor: Agency, content: bytes, name: str, code: str
) -> None:
    checked = choose(bobs, content, name)
    assert checked.status_code == 200
    assert "The file can be added" in checked.content.decode()
    assert added(harbor) == []
    done = bobs.post(PAGE, carried(checked), follow=True)
    assert "Added: " in done.content.decode()
    assert added(harbor) == [code]


def test_the_check_says_what_answers_mean_and_what_is_replaced(bobs: Client) -> None:
    page = choose(bobs, changed("indicators: [wages_withheld]\n            ", "")).content.decode()
    assert "Safe to leave a message" in page
    assert "Was there pay that you earned and did not get?" in page
    assert "nowhere else" in page
    bobs.post(PAGE, carried(choose(bobs, example().encode())))
    second = choose(bobs, changed('"2026-01"', '"2026-02"')).content.decode()
    assert "takes the place of your version 2026-01" in second


@pytest.mark.parametrize("kind", ["unknown fact", "form with an unknown function"])
def test_what_is_wrong_is_listed_with_file_line_and_field(
    bobs: Client, harbor: Agency, kind: str
) -> None:
    bad = BAD[kind]
    answer = choose(bobs, bad.content, bad.name)
    assert answer.status_code == 422
    first = answer.context["mistakes"][0]
    assert (first.place, first.field) == (f"{bad.name}:{bad.line}", bad.field)
    assert first.place in answer.content.decode()
    assert added(harbor) == []


def test_what_the_page_carried_on_is_checked_again(bobs: Client, harbor: Agency) -> None:
    sent = carried(choose(bobs, example().encode()))
    assert bobs.post(PAGE, sent).status_code == 302
    assert bobs.post(PAGE, sent).status_code == 422
    assert bobs.post(PAGE, {**sent, "content": "x"}).status_code == 422
    assert added(harbor) == [f"{ID} 2026-01"]


def test_no_file_and_too_large_a_file_are_refused(bobs: Client) -> None:
    assert bobs.post(PAGE, {}).status_code == 422
    answer = choose(bobs, b"#" * (LARGEST_HERE + 1))
    assert answer.status_code == 422
    assert "larger than 700 kB" in answer.content.decode()


def test_the_largest_file_that_is_checked_can_be_added(bobs: Client, harbor: Agency) -> None:
    padded = example().encode()
    padded += b"#" * (LARGEST_HERE - len(padded))
    assert bobs.post(PAGE, carried(choose(bobs, padded))).status_code == 302
    assert added(harbor) == [f"{ID} 2026-01"]


def test_a_caseworker_reads_the_list_and_adds_nothing(
    people_client: Clients, alice_user: User
) -> None:
    browser = people_client(alice_user)
    page = browser.get(PAGE).content.decode()
    assert 'type="file"' not in page
    assert f'href="{reverse("instruments")}"' not in page
    assert choose(browser, example().encode()).status_code == 403


def test_the_way_to_it_stands_in_the_navigation(bobs: Client) -> None:
    assert f'href="{reverse("instruments")}"' in bobs.get(reverse("today")).content.decode()


def test_an_own_instrument_can_be_chosen_for_a_screening_of_its_agency_only(
    bobs: Client, people_client: Clients, nora_user: User
) -> None:
    bobs.post(PAGE, carried(choose(bobs, example().encode())))
    assert f'value="{ID}"' in bobs.get(reverse("screening_new")).content.decode()
    theirs = people_client(nora_user)
    assert f'value="{ID}"' not in theirs.get(reverse("screening_new")).content.decode()
    assert "Shelter intake" not in theirs.get(PAGE).content.decode()
