"""People by their session: CSRF on what changes something, notices, the journal, who I am."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, User
from casework.services.journal import seal
from casework.services.notices import notify_members
from tests.casework.api.clients import People


def test_a_session_without_its_csrf_token_changes_nothing(
    case: Case, people_client: People, alice_user: User
) -> None:
    cookie = people_client(alice_user).cookies
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = cookie
    path = f"/api/v1/cases/{case.ref}/"
    assert browser.get(path).status_code == 200
    answer = browser.post(f"{path}close/", {"reason": "x"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_someone_without_a_membership_is_nobody(db: None, people_client: People) -> None:  # noqa: ARG001
    lost = User.objects.create_user("lost@example.org", "a long enough passphrase", name="Lost")
    assert people_client(lost).get("/api/v1/me/").status_code == 401


def test_who_i_am_and_what_i_may(people_client: People, alice_user: User) -> None:
    me = people_client(alice_user).get("/api/v1/me/").json()
    assert (me["kind"], me["role"], me["agency"]["name"]) == ("user", "caseworker", "Harbor House")
    assert me["capabilities"]["read_case"] == "own"
    assert "approve_referral" not in me["capabilities"]


def test_every_agency_can_be_addressed(
    harbor: Agency, northside: Agency, people_client: People, alice_user: User
) -> None:
    rows = people_client(alice_user).get("/api/v1/agencies/").json()["results"]
    assert [row["ref"] for row in rows] == [str(harbor.ref), str(northside.ref)]


@pytest.fixture
def told(harbor: Agency, alice: Principal, bob: Principal) -> None:  # noqa: ARG001
    """One notice each."""
    with agency_context(harbor.pk):
        notify_members(
            harbor,
            ["caseworker", "supervisor"],
            key="k",
            template="referral_received",
            params={"referral": "r"},
            at=datetime.now(UTC),
        )


@pytest.mark.usefixtures("told")
def test_notices_are_ones_own(people_client: People, alice_user: User, bob_user: User) -> None:
    alice, bob = people_client(alice_user), people_client(bob_user)
    mine = alice.get("/api/v1/notices/").json()["results"]
    assert len(mine) == 1
    path = f"/api/v1/notices/{mine[0]['ref']}/acknowledge/"
    assert bob.post(path, {}, content_type="application/json").status_code == 404
    read = alice.post(path, {}, content_type="application/json").json()
    again = alice.post(path, {}, content_type="application/json").json()
    assert read["read_at"] == again["read_at"] is not None


def test_an_auditor_reads_the_journal_and_checks_it(
    case: Case, harbor: Agency, people_client: People, olga_user: User
) -> None:
    olga = people_client(olga_user)
    found = olga.get(f"/api/v1/journal/?subject=case:{case.ref}").json()["results"]
    assert [row["action"] for row in found] == ["case.opened"]
    assert "Rosa" not in str(found)
    with agency_context(harbor.pk):
        seal(harbor, at=datetime.now(UTC))
    checked = olga.get("/api/v1/journal/verification/").json()
    assert checked["intact"]
    assert checked["entries"] > 0


def test_a_case_is_handed_to_a_colleague_alone(
    case: Case, people_client: People, bob_user: User, bob: Principal, charlie: Principal
) -> None:
    client = people_client(bob_user)
    path = f"/api/v1/cases/{case.ref}/assign/"
    done = client.post(path, {"assignee": bob.ref}, content_type="application/json")
    assert done.json()["assignee"]["name"] == "Bob"
    for nobody in (charlie.ref, case.ref):
        refused = client.post(path, {"assignee": str(nobody)}, content_type="application/json")
        assert refused.json()["errors"][0]["code"] == "not_a_colleague"
