"""Referrals and the consents they stand on, as each side sees them."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.domain.permissions import Principal
from casework.models import Agency, Case, User
from tests import builders
from tests.casework.api.clients import Api, Json, Partners, People

FIELDS = ["preferred_name", "language", "needs"]


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    return partner_client(dora)


def consent_body(case: Case, recipient: Agency, **changes: Json) -> dict[str, Json]:
    until = datetime.now(UTC) + timedelta(days=30)
    return {
        "case": str(case.ref),
        "recipient": str(recipient.ref),
        "fields": FIELDS,
        "purpose": "legal",
        "valid_until": until.isoformat(),
        "written": True,
        "signed_by": "self",
    } | changes


def draft_body(case: Case, recipient: Agency, **changes: Json) -> dict[str, Json]:
    body = {
        "case": str(case.ref),
        "recipient": str(recipient.ref),
        "purpose": "legal",
        "fields": FIELDS,
        "needs": "A lawyer.",
    }
    return body | changes


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"written": False}, "/written"),
        ({"signed_by": "other"}, "/signed_by"),
        ({"signed_by": "guardian", "guardian_is_alleged_abuser": True}, "/signed_by"),
        ({"fields": ["placement_address"]}, "/fields"),
        ({"fields": []}, "/fields"),
        ({"valid_until": "2001-01-01T00:00:00Z"}, "/valid_until"),
        ({"valid_until": "2199-01-01T00:00:00Z"}, "/valid_until"),
    ],
)
def test_what_is_no_valid_release_is_refused_by_name(
    api: Api, case: Case, northside: Agency, changes: Json, pointer: str
) -> None:
    answer = api.post("/api/v1/consents/", consent_body(case, northside, **changes))
    assert answer.status_code == 400
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}


def test_a_release_is_listed_and_withdrawn(api: Api, case: Case, northside: Agency) -> None:
    made = api.post("/api/v1/consents/", consent_body(case, northside)).json()
    assert made["fields"] == sorted(FIELDS)
    listed = api.get(f"/api/v1/consents/?case={case.ref}").json()["results"]
    assert [row["ref"] for row in listed] == [made["ref"]]
    withdrawn = api.post(f"/api/v1/consents/{made['ref']}/withdraw/", {})
    assert withdrawn.json()["withdrawn_at"]
    assert api.post(f"/api/v1/consents/{made['ref']}/withdraw/", {}).status_code == 409


def test_a_stranger_comes_to_no_release(
    api: Api, case: Case, northside: Agency, partner_client: Partners, stranger: Principal
) -> None:
    made = api.post("/api/v1/consents/", consent_body(case, northside)).json()
    other = partner_client(stranger)
    assert other.post(f"/api/v1/consents/{made['ref']}/withdraw/", {}).status_code == 404
    assert other.get("/api/v1/consents/").json()["results"] == []
    foreign = other.post("/api/v1/consents/", consent_body(case, northside))
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (404, "/case")


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"purpose": "gossip"}, "/purpose", "not_an_option"),
        ({"fields": ["name", "placement_address"]}, "/fields/1", "not_releasable"),
        ({"fields": []}, "/fields", "required"),
        ({"fields": "name"}, "/fields", "not_a_list"),
        ({"urgency": "yesterday"}, "/urgency", "not_an_option"),
    ],
)
def test_a_bad_draft_is_refused_by_name(
    api: Api, case: Case, northside: Agency, changes: Json, pointer: str, code: str
) -> None:
    answer = api.post("/api/v1/referrals/", draft_body(case, northside, **changes))
    assert answer.status_code == 400
    assert (pointer, code) in {(one["pointer"], one["code"]) for one in answer.json()["errors"]}, (
        answer.json()
    )


def test_nobody_is_sent_to_themselves(api: Api, case: Case, harbor: Agency) -> None:
    answer = api.post("/api/v1/referrals/", draft_body(case, harbor))
    assert answer.json()["errors"][0]["code"] == "own_agency"


def test_a_draft_is_not_seen_by_the_other_side(
    api: Api, case: Case, northside: Agency, people_client: People, charlie_user: User
) -> None:
    ref = api.post("/api/v1/referrals/", draft_body(case, northside)).json()["ref"]
    client = people_client(charlie_user)
    for below in ("", "packet/"):
        assert client.get(f"/api/v1/referrals/{ref}/{below}").status_code == 404


def test_a_preview_shows_consent_by_field_and_no_identity(
    api: Api, case: Case, northside: Agency
) -> None:
    made = api.post("/api/v1/consents/", consent_body(case, northside, fields=["language"]))
    ref = api.post("/api/v1/referrals/", draft_body(case, northside)).json()["ref"]
    preview = api.get(f"/api/v1/referrals/{ref}/packet/").json()
    by_code = {field["code"]: field for field in preview["fields"]}
    assert not preview["sent"]
    assert preview["missing"] == ["needs", "preferred_name"]
    assert (by_code["language"]["value"], by_code["language"]["consent"]) == (
        "en",
        made.json()["ref"],
    )
    assert by_code["preferred_name"]["withheld"]
    assert by_code["needs"]["consent"] is None


def test_without_consent_nothing_is_approved(
    case: Case,
    northside: Agency,
    alice: Principal,
    at: datetime,
    people_client: People,
    bob_user: User,
) -> None:
    waiting = builders.submitted_referral(case=case, recipient=northside, by=alice, at=at)
    path = f"/api/v1/referrals/{waiting.ref}/"
    client = people_client(bob_user)
    answer = client.post(f"{path}approve/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")
    assert {one["pointer"] for one in answer.json()["errors"]} >= {"/fields/needs"}
    assert client.get(path).json()["status"] == "submitted"


def test_a_partner_never_approves(
    api: Api, case: Case, northside: Agency, alice: Principal, at: datetime
) -> None:
    waiting = builders.submitted_referral(case=case, recipient=northside, by=alice, at=at)
    assert api.post(f"/api/v1/referrals/{waiting.ref}/approve/", {}).status_code == 403


def test_a_supervisor_gives_back_with_a_reason(
    case: Case,
    northside: Agency,
    alice: Principal,
    at: datetime,
    people_client: People,
    bob_user: User,
) -> None:
    waiting = builders.submitted_referral(case=case, recipient=northside, by=alice, at=at)
    path = f"/api/v1/referrals/{waiting.ref}/"
    client = people_client(bob_user)
    back = client.post(f"{path}return/", {"reason": "Ask first."}, "application/json")
    assert back.json()["origin"]["returned_because"] == "Ask first."
    assert back.json()["next_actions"] == ["submit", "withdraw"]
    listed = client.get("/api/v1/referrals/?box=sent&status=returned").json()["results"]
    assert [row["ref"] for row in listed] == [str(waiting.ref)]
    assert client.get("/api/v1/referrals/?box=received").json()["results"] == []


def test_declining_needs_a_word(
    case: Case,
    northside: Agency,
    alice: Principal,
    bob: Principal,
    partner_client: Partners,
    stranger: Principal,
) -> None:
    now = datetime.now(UTC)
    sent = builders.sent_referral(case=case, recipient=northside, by=alice, reviewer=bob, at=now)
    path = f"/api/v1/referrals/{sent.ref}/"
    other = partner_client(stranger)
    assert other.post(f"{path}decline/", {}).json()["errors"][0]["pointer"] == "/note"
    stale = other.post(f"{path}decline/", {"note": "Full."}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    declined = other.post(f"{path}decline/", {"note": "We are full."})
    assert (declined.json()["status"], declined.json()["origin"]) == ("declined", None)
    assert other.post(f"{path}accept/", {}).status_code == 409
    assert other.get(f"{path}packet/").status_code == 404
