"""Idempotency-Key: a repeat gets the first answer, never a second deed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, IdempotencyRecord
from tests.casework.api.clients import Answer, Api, Partners

KEY = {"Idempotency-Key": "intake-2026-000017"}
BODY = {"door": "hotline", "person": {"name": "Rosa Fuentes"}}


def test_a_repeat_gets_the_first_answer(
    partner_client: Partners, dora: Principal, harbor: Agency
) -> None:
    api = partner_client(dora)
    first = api.post("/api/v1/cases/", BODY, headers=KEY)
    second = api.post("/api/v1/cases/", BODY, headers=KEY)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second["ETag"] == first["ETag"]
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    with agency_context(harbor.pk):
        assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(
    partner_client: Partners, dora: Principal
) -> None:
    api = partner_client(dora)
    api.post("/api/v1/cases/", BODY, headers=KEY)
    other = api.post("/api/v1/cases/", {"door": "police"}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert other.json()["errors"][0]["pointer"] == "Idempotency-Key"


def test_a_refusal_is_not_kept(partner_client: Partners, dora: Principal, harbor: Agency) -> None:
    api = partner_client(dora)
    assert api.post("/api/v1/cases/", {"door": "window"}, headers=KEY).status_code == 400
    with agency_context(harbor.pk):
        assert not IdempotencyRecord.objects.exists()
    assert api.post("/api/v1/cases/", BODY, headers=KEY).status_code == 201


def test_keys_of_two_partners_and_two_addresses_are_apart(
    partner_client: Partners, dora: Principal, stranger: Principal
) -> None:
    api, other = partner_client(dora), partner_client(stranger)
    assert api.post("/api/v1/cases/", BODY, headers=KEY).status_code == 201
    theirs = other.post("/api/v1/cases/", BODY, headers=KEY)
    assert "Idempotency-Replayed" not in theirs
    found = api.post("/api/v1/cases/search/", {"name": "Rosa"}, headers=KEY)
    assert (found.status_code, len(found.json()["results"])) == (200, 1)


@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "\N{SNOWMAN}"])
def test_a_bad_key_is_named(partner_client: Partners, dora: Principal, key: str) -> None:
    header = key.encode().decode("latin-1")
    answer = partner_client(dora).post("/api/v1/cases/", BODY, headers={"Idempotency-Key": header})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "Idempotency-Key"


@pytest.mark.usefixtures("committed_db")
def test_eight_at_once_are_one_deed(
    partner_client: Partners, dora: Principal, harbor: Agency
) -> None:
    clients = [partner_client(dora) for _ in range(8)]

    def post(api: Api) -> Answer:
        try:
            return api.post("/api/v1/cases/", BODY, headers=KEY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, clients))
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {answer.json()["ref"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    with agency_context(harbor.pk):
        assert Case.objects.count() == 1
