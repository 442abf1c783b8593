"""Shared instruments whose wording is not ours: stubs, until an agency may use the words."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from casework.access import agency_context
from casework.domain.errors import InvalidInputError
from casework.domain.permissions import Principal
from casework.models import Agency, Definition, User
from screening.services.instruments import current_instrument, instruments, known_instruments
from screening.services.packs import add_pack, check_pack
from tests.cast import without_context
from tests.screening.packs import ID, changed, example

ACCURACY = {
    "study": "An invented study",
    "population": "people who came to a shelter",
    "table": {"tp": 9, "fn": 1, "fp": 20, "tn": 70},
}
GRANTED = '{by: The authors, on: 2026-05-04, reference: "Letter 7 in the office"}'


def permitted(old: str = "weight: 2", new: str = "weight: 2") -> bytes:
    """The example with the permission of its authors, and one more change."""
    free = "permission: none needed"
    text = changed(free, f"{free}\n      permission_granted: {GRANTED}").decode()
    assert old in text
    return text.replace(old, new, 1).encode()


@pytest.fixture(autouse=True)
def stub(bob: Principal, at: datetime) -> Iterator[Definition]:
    """The example as a shared stub, seen from Harbor House."""
    with agency_context(bob.agency_id):
        pack = check_pack(example().encode(), "example.yaml", by=bob)
        content = pack.instrument.model_dump(mode="json", by_alias=True)
        content["source"] |= {"permission": "Ask the invented authors.", "accuracy": [ACCURACY]}
        with without_context():
            row = Definition.objects.create(
                kind="instrument",
                code=ID,
                version="stub",
                digest="stub",
                content=content | {"status": "stub", "version": "stub"},
                loaded_at=at,
            )
        yield row


def refused(content: bytes, by: Principal) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refusal:
        check_pack(content, "own.yaml", by=by)
    return {problem.pointer: problem.code for problem in refusal.value.problems}


def test_a_stub_is_listed_and_cannot_be_begun() -> None:
    assert ID in [row.code for row, _ in known_instruments()]
    assert ID not in [row.code for row, _ in instruments()]
    with pytest.raises(InvalidInputError) as refusal:
        current_instrument(ID)
    assert refusal.value.problems[0].code == "wording_missing"


def test_its_wording_is_refused_without_a_permission(bob: Principal) -> None:
    pointer = "/instruments/0/source/permission_granted"
    assert refused(example().encode(), bob) == {pointer: "permission_missing"}


@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("weight: 2", "weight: 3", "sections/0/items/1/weight", "unlike_the_stub"),
        ("- id: had_work", "- id: worked", "sections/0/items/0/id", "not_in_the_stub"),
        ("{min: 1, code", "{min: 2, code", "scoring", "unlike_the_stub"),
    ],
)
def test_another_instrument_cannot_stand_where_a_stub_stands(
    bob: Principal, old: str, new: str, field: str, code: str
) -> None:
    content = permitted(old, new).replace(b"item: had_work", f"item: {new[6:]}".encode())
    if "id:" not in old:
        content = permitted(old, new)
    assert refused(content, bob)[f"/instruments/0/{field}"] == code


def test_a_question_that_is_left_out_is_missed(bob: Principal) -> None:
    fewer = permitted(
        "          - ask_fact: safe_to_leave_message\n",
        "          - {id: x, type: info, text: {en: Thanks}}\n",
    )
    found = refused(fewer, bob)
    assert found["/instruments/0/sections"] == "missing_question"


def test_with_permission_and_the_same_bones_it_takes_the_place_of_the_stub(
    bob: Principal, at: datetime, northside: Agency
) -> None:
    assert add_pack(permitted(), "own.yaml", by=bob, at=at).fills_stub
    assert current_instrument(ID).agency_id == bob.agency_id
    assert [one.version for row, one in known_instruments() if row.code == ID] == ["2026-01"]
    with agency_context(northside.pk):
        assert ID not in [row.code for row, _ in instruments()]


def test_the_page_says_whose_permission_it_needs_and_what_studies_found(
    people_client: Callable[[User], Client], bob_user: User
) -> None:
    page = people_client(bob_user).get(reverse("instruments")).content.decode()
    assert "Waits for its wording" in page
    assert "Ask the invented authors." in page
    assert "An invented study" in page
