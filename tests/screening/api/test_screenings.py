"""Screenings by REST: begun, answered part by part, concluded with reasons."""

from datetime import datetime

import pytest

from casework.domain.permissions import Principal, Scope
from casework.models import Case, User
from screening.models import Screening
from tests import builders
from tests.casework.api.clients import Api, Json, Partners, People

BASE = "/api/v1/screenings/"


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    """Harbor House's partner system."""
    return partner_client(dora)


def begin(api: Api, **body: Json) -> Json:
    answer = api.post(BASE, {"instrument": "hud-hmis-r15-r16", **body})
    assert answer.status_code == 201, answer.json()
    assert answer["ETag"] == '"1"'
    return answer.json()


def save(api: Api, screening: Json, **values: str) -> Json:
    rows = [{"item": item, "value": value} for item, value in values.items()]
    return api.post(f"{BASE}{screening['ref']}/answers/", {"answers": rows})


def test_it_begins_with_what_shows(api: Api, case: Case) -> None:
    begun = begin(api, case=str(case.ref), language="es", interpreter_present=True)
    assert begun["case"]["ref"] == str(case.ref)
    assert begun["instrument"]["id"] == "hud-hmis-r15-r16"
    assert (begun["language"], begun["interpreter_present"]) == ("es", True)
    assert "R15_1" in begun["visible"]
    assert "R15_A" not in begun["visible"]
    assert begun["progress"] == {"answered": 0, "shown": len(begun["visible"])}
    assert begun["outcome"] is None


def test_an_answer_opens_what_depends_on_it_and_keeps_it(api: Api) -> None:
    begun = begin(api)
    opened = save(api, begun, R15_1="1", R15_A="0").json()
    assert "R15_A" in opened["visible"]
    closed = save(api, begun, R15_1="0").json()
    assert "R15_A" not in closed["visible"]
    assert {answer["item"] for answer in closed["answers"]} == {"R15_1", "R15_A"}
    assert closed["version"] == 3


def test_not_knowing_is_an_answer_too(api: Api) -> None:
    begun = begin(api)
    rows = [{"item": "R15_1", "standing": "declined", "note": "Looked at the door."}]
    saved = api.post(f"{BASE}{begun['ref']}/answers/", {"answers": rows}).json()
    assert saved["answers"] == [
        {"item": "R15_1", "standing": "declined", "value": None, "note": "Looked at the door."}
    ]


def test_a_page_saves_on_the_version_it_read(
    people_client: People, alice_user: User, alice: Principal, case: Case, at: datetime
) -> None:
    row = builders.started_screening(by=alice, at=at, case=case, instrument="hud-hmis-r15-r16")
    path = f"{BASE}{row.ref}/answers/"
    body = {"answers": [{"item": "R15_1", "value": "1"}]}
    client = people_client(alice_user)
    kind = "application/json"
    assert client.patch(path, body, kind).status_code == 428
    assert client.patch(path, body, kind, headers={"If-Match": '"1"'}).status_code == 200
    stale = client.patch(path, body, kind, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


def test_the_outcome_says_because_of_what(api: Api, case: Case) -> None:
    begun = begin(api, case=str(case.ref), instrument="palermo-matrix")
    save(api, begun, a_receipt="yes", p_labour="yes")
    done = api.post(f"{BASE}{begun['ref']}/conclude/", {"minor": "yes"}).json()
    outcome = done["outcome"]
    assert done["concluded_at"]
    assert outcome["digest"] == begun["instrument"]["digest"]
    labor = [form for form in outcome["forms"] if form["form"] == "labor"]
    assert {form["framework"] for form in labor} == {"us_federal", "un_protocol"}
    acts = [one for form in labor for one in form["elements"] if one["element"] == "act"]
    assert all(one["because"] == ["a_receipt"] for one in acts)
    assert outcome["caveats"]
    facts = api.get(f"/api/v1/cases/{case.ref}/facts/").json()["results"]
    assert {row["source_ref"] for row in facts} == {begun["ref"]}
    assert "screened_form_labor" in {row["code"] for row in facts}


def test_the_list_is_filtered(api: Api, case: Case) -> None:
    named, anonymous = begin(api, case=str(case.ref)), begin(api)
    rows = api.get(f"{BASE}?case={case.ref}").json()["results"]
    assert [row["ref"] for row in rows] == [named["ref"]]
    rows = api.get(f"{BASE}?concluded=0&instrument=hud-hmis-r15-r16").json()["results"]
    assert {row["ref"] for row in rows} == {named["ref"], anonymous["ref"]}
    assert api.get(f"{BASE}?concluded=1").json()["results"] == []


@pytest.fixture
def theirs(alice: Principal, case: Case, at: datetime) -> Screening:
    """Begun by Alice for her case."""
    return builders.started_screening(by=alice, at=at, case=case)


def test_it_is_seen_by_its_worker_their_supervisor_and_their_systems(
    theirs: Screening, people_client: People, alice_user: User, bob_user: User, api: Api
) -> None:
    path = f"{BASE}{theirs.ref}/"
    for client in (people_client(alice_user), people_client(bob_user), api):
        assert client.get(path).status_code == 200


def test_for_others_there_is_none(
    theirs: Screening,
    people_client: People,
    charlie_user: User,
    partner_client: Partners,
    stranger: Principal,
) -> None:
    path = f"{BASE}{theirs.ref}/"
    for client in (people_client(charlie_user), partner_client(stranger)):
        assert client.get(path).status_code == 404
        empty = client.post(f"{path}conclude/", "{}", content_type="application/json")
        assert empty.status_code == 404
        assert client.get(BASE).json()["results"] == []


def test_without_the_scope_there_is_no_screening(
    theirs: Screening, partner_client: Partners, dora: Principal
) -> None:
    bare = partner_client(dora, scopes=frozenset({Scope.CASES_READ}))
    assert bare.get(f"{BASE}{theirs.ref}/").status_code == 403
    assert bare.post(BASE, {"instrument": "palermo-matrix"}).status_code == 403


def test_the_case_of_another_is_named_as_missing(
    case: Case, partner_client: Partners, stranger: Principal
) -> None:
    body = {"instrument": "palermo-matrix", "case": str(case.ref)}
    answer = partner_client(stranger).post(BASE, body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (404, "/case")
