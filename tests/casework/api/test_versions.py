"""If-Match: nobody overwrites what they have not read."""

import pytest

from casework.domain.permissions import Principal
from casework.models import Agency, Case, User
from tests.casework.api.clients import Api, Partners, People
from tests.casework.api.counting import row_counts


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    return partner_client(dora)


def test_a_case_carries_its_version_and_moves_it(api: Api, case: Case) -> None:
    path = f"/api/v1/cases/{case.ref}/"
    assert api.get(path)["ETag"] == '"1"'
    changed = api.patch(path, {"door": "court"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    assert api.get(path).json()["door"] == "court"


def test_without_the_version_read_nothing_changes(api: Api, case: Case) -> None:
    answer = api.patch(f"/api/v1/cases/{case.ref}/", {"door": "court"})
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")
    assert answer.json()["errors"][0]["pointer"] == "If-Match"


@pytest.mark.parametrize("tag", ['"7"', 'W/"1"'])
def test_a_stale_version_is_refused(api: Api, harbor: Agency, case: Case, tag: str) -> None:
    before = row_counts(harbor)
    path = f"/api/v1/cases/{case.ref}/"
    answer = api.patch(path, {"door": "court"}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale_version")
    assert answer.json()["errors"][0]["pointer"] == "If-Match"
    assert row_counts(harbor) == before
    assert api.get(path).json()["door"] == "other"


@pytest.mark.parametrize("tag", ["1", "*", '"one"', '"1", "2"', '"' + "9" * 30 + '"'])
def test_what_is_no_etag_of_ours_is_named(api: Api, case: Case, tag: str) -> None:
    path = f"/api/v1/cases/{case.ref}/"
    answer = api.patch(path, {"door": "court"}, headers={"If-Match": tag})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "If-Match"


def test_what_is_not_sent_stays(
    api: Api, case: Case, people_client: People, alice_user: User
) -> None:
    path = f"/api/v1/cases/{case.ref}/"
    body = {"person": {"language": "es", "date_of_birth": "1999-04-05"}}
    assert api.patch(path, body, headers={"If-Match": '"1"'}).json()["person"]["language"] == "es"
    person = people_client(alice_user).post(f"{path}person/reveal/", {}, "application/json").json()
    assert (person["name"], person["date_of_birth"]) == ("Rosa Fuentes", "1999-04-05")
    taken = {"person": {"name": None}}
    assert not api.patch(path, taken, headers={"If-Match": '"2"'}).json()["person"]["has_name"]


def test_a_version_is_heeded_where_it_is_not_asked_for(api: Api, case: Case) -> None:
    path = f"/api/v1/cases/{case.ref}/close/"
    stale = api.post(path, {"reason": "Moved."}, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    assert api.post(path, {"reason": "Moved."}, headers={"If-Match": '"1"'}).status_code == 200
    again = api.post(path, {"reason": "Moved."})
    assert (again.status_code, again.json()["code"]) == (409, "not_allowed_now")
    reopened = api.post(f"/api/v1/cases/{case.ref}/reopen/", {})
    assert (reopened.status_code, reopened.json()["status"]) == (200, "open")
