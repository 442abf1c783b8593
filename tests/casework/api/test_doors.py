"""Who comes to a case: its worker, their supervisor, their systems; to others there is none."""

from datetime import datetime
from uuid import uuid4

import pytest

from casework.domain.permissions import Principal, Role, Scope
from casework.models import Agency, Case, User
from tests import builders
from tests.casework.api.clients import Json, Partners, People
from tests.casework.api.routes import NOBODY

READS = ("", "facts/", "events/", "deadlines/", "relief/")


def path(case: Case, below: str = "") -> str:
    return f"/api/v1/cases/{case.ref}/{below}"


@pytest.mark.parametrize("below", READS)
def test_worker_and_supervisor_read_it(
    case: Case, people_client: People, alice_user: User, bob_user: User, below: str
) -> None:
    for user in (alice_user, bob_user):
        assert people_client(user).get(path(case, below)).status_code == 200


@pytest.mark.parametrize("below", READS)
def test_for_another_agency_it_is_missing(
    case: Case, people_client: People, charlie_user: User, below: str
) -> None:
    client = people_client(charlie_user)
    denied = client.get(path(case, below))
    missing = client.get(f"/api/v1/cases/{uuid4()}/{below}")
    nowhere = client.get("/api/v1/nowhere/")
    assert denied.status_code == missing.status_code == nowhere.status_code == 404
    assert denied.json() == missing.json() == nowhere.json()


@pytest.mark.parametrize("below", READS)
def test_a_partner_reads_within_its_scopes_and_its_agency(
    case: Case, partner_client: Partners, dora: Principal, stranger: Principal, below: str
) -> None:
    assert partner_client(dora).get(path(case, below)).status_code == 200
    assert partner_client(stranger).get(path(case, below)).status_code == 404
    bare = partner_client(dora, scopes=frozenset({Scope.PROVIDERS_READ}))
    assert bare.get(path(case, below)).status_code == 403


@pytest.mark.parametrize(
    ("method", "below", "body"),
    [
        ("post", "close/", {"reason": "Moved."}),
        ("post", "reopen/", {}),
        ("post", "assign/", {"assignee": str(NOBODY)}),
        ("post", "person/reveal/", {}),
        ("post", "facts/", {"code": "in_custody", "value": True}),
        ("post", f"facts/{NOBODY}/retract/", {}),
        ("post", f"events/{NOBODY}/retract/", {}),
    ],
)
def test_a_stranger_changes_nothing_and_learns_nothing(
    case: Case, people_client: People, nora_user: User, method: str, below: str, body: Json
) -> None:
    client = people_client(nora_user)
    answer = getattr(client, method)(path(case, below), body, content_type="application/json")
    assert answer.status_code == 404
    assert answer.json()["errors"] == []


def test_a_colleague_without_the_case_does_not_see_it(
    harbor: Agency, case: Case, people_client: People, at: datetime
) -> None:
    carl = builders.member(agency=harbor, name="Carl", role=Role.CASEWORKER, at=at)
    client = people_client(carl)
    assert client.get(path(case)).status_code == 404
    assert client.get("/api/v1/cases/").json()["results"] == []


def test_an_administrator_sees_no_case(case: Case, people_client: People, ada_user: User) -> None:
    client = people_client(ada_user)
    assert client.get("/api/v1/cases/").status_code == 403
    assert client.get(path(case)).status_code == 403


def test_identity_is_nowhere_but_where_it_is_revealed(
    case: Case, people_client: People, alice_user: User
) -> None:
    client = people_client(alice_user)
    shown = client.get(path(case))
    assert "Rosa" not in shown.content.decode()
    assert shown.json()["person"] == {
        "language": "en",
        "interpreter_needed": None,
        "has_name": True,
    }
    revealed = client.post(path(case, "person/reveal/"), {}, content_type="application/json")
    assert revealed.json()["name"] == "Rosa Fuentes"


def test_no_partner_reveals_an_identity(
    case: Case, partner_client: Partners, dora: Principal
) -> None:
    assert partner_client(dora).post(path(case, "person/reveal/"), {}).status_code == 403


def test_a_name_is_found_without_standing_in_an_address(
    case: Case, people_client: People, alice_user: User, charlie_user: User
) -> None:
    body = {"name": "rosa fuentez"}
    mine = people_client(alice_user).post(
        "/api/v1/cases/search/", body, content_type="application/json"
    )
    theirs = people_client(charlie_user).post(
        "/api/v1/cases/search/", body, content_type="application/json"
    )
    assert [row["ref"] for row in mine.json()["results"]] == [str(case.ref)]
    assert theirs.json()["results"] == []
