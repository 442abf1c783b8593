"""Instruments of an agency's own over the API: checked, added, listed, and nobody else's."""

import pytest
from django.test import Client

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Definition, User
from casework.models.journal import JournalEntry
from screening.api.packs import WORKBOOK, YAML
from tests.casework.api.clients import Answer, Partners, People
from tests.screening.bad_packs import BAD, Bad
from tests.screening.packs import ID, changed, example, form

BASE = "/api/v1/instruments/"


@pytest.fixture
def bobs(people_client: People, bob_user: User) -> Client:
    """The supervisor of Harbor House."""
    return people_client(bob_user)


def send(client: Client, content: bytes, query: str = "", **headers: str) -> Answer:
    kind = WORKBOOK if content.startswith(b"PK") else YAML
    return client.post(f"{BASE}{query}", content, content_type=kind, headers=headers)


def stored(agency: Agency) -> tuple[int, int]:
    with agency_context(agency.pk):
        return Definition.objects.count(), JournalEntry.objects.count()


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_pack_is_refused_by_its_place_and_nothing_is_stored(
    bad: Bad, bobs: Client, harbor: Agency
) -> None:
    before = stored(harbor)
    answer = send(bobs, bad.content, f"?name={bad.name}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    first = answer.json()["errors"][0]
    assert first["detail"].startswith(bad.place)
    assert first["code"] == bad.code
    assert stored(harbor) == before


def test_an_instrument_is_checked_then_added_then_listed_as_ones_own(
    bobs: Client, harbor: Agency
) -> None:
    before = stored(harbor)
    checked = send(bobs, example().encode(), "?check=1")
    assert (checked.status_code, checked.json()["stored"]) == (200, False)
    assert stored(harbor) == before
    added = send(bobs, example().encode())
    assert added.status_code == 201
    assert added.json() == {**checked.json(), "stored": True}
    rows = {row["id"]: row for row in bobs.get(BASE).json()["results"]}
    assert (rows[ID]["owner"], rows[ID]["status"]) == ("agency", "draft")
    assert rows["palermo-matrix"]["owner"] == "everyone"
    assert bobs.get(f"{BASE}{ID}/versions/2026-01/").json()["items"] == 4


def test_a_form_is_added_like_a_file_of_yaml(bobs: Client) -> None:
    added = send(bobs, form()).json()
    assert (added["id"], added["items"], added["stored"]) == ("example-form", 5, True)
    assert (added["mapped"], added["unmapped"]) == (["unpaid", "message"], [])


def test_a_repeat_gets_the_first_answer_and_a_check_is_no_first_answer(bobs: Client) -> None:
    key = {"Idempotency-Key": "own-1"}
    assert send(bobs, example().encode(), "?check=1", **key).status_code == 200
    first, second = (send(bobs, example().encode(), **key) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert second["Idempotency-Replayed"] == "true"
    assert second.json() == first.json()


def test_the_same_version_again_is_refused(bobs: Client) -> None:
    assert send(bobs, example().encode()).status_code == 201
    again = send(bobs, changed("weight: 2", "weight: 3")).json()
    assert [one["code"] for one in again["errors"]] == ["version_exists"]


@pytest.mark.parametrize(("query", "place"), [("?check=yes", "?check"), ("?chek=1", "?chek")])
def test_a_query_that_is_not_known_is_refused(bobs: Client, query: str, place: str) -> None:
    answer = send(bobs, example().encode(), query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == place


def test_no_body_and_another_kind_of_body_are_refused(bobs: Client) -> None:
    assert send(bobs, b"").status_code == 400
    assert bobs.post(BASE, {"id": ID}, content_type="application/json").status_code == 415


def test_neither_caseworkers_nor_partners_add(
    people_client: People, alice_user: User, partner_client: Partners, dora: Principal
) -> None:
    for client in (people_client(alice_user), partner_client(dora)):
        answer = client.generic("POST", BASE, example(), content_type=YAML)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_another_agency_neither_lists_nor_reads_it(
    bobs: Client, people_client: People, nora_user: User
) -> None:
    send(bobs, example().encode())
    noras = people_client(nora_user)
    assert ID not in [row["id"] for row in noras.get(BASE).json()["results"]]
    assert noras.get(f"{BASE}{ID}/versions/2026-01/").status_code == 404
