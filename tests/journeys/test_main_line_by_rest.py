"""The main line by REST alone: from a screening to the other agency's acceptance."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.domain.permissions import Principal
from casework.models import Agency, User
from tests.casework.api.clients import Answer, Api, Json, Partners, People
from tests.cast import PersonClient

BASE = "/api/v1/"
KIND = "application/json"
NAME = "Rosa Fuentes"
RELEASED = ["preferred_name", "language", "pathway", "needs", "forms_indicated"]


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    """Harbor House's intake system."""
    return partner_client(dora)


def post(client: Api, path: str, body: Json, status: int = 201) -> Json:
    answer: Answer = client.post(f"{BASE}{path}", body)
    assert answer.status_code == status, answer.json()
    return answer.json()


def opened(api: Api) -> str:
    person = {"name": NAME, "preferred_name": "Rosi", "language": "es", "phone": "+1 555 0100"}
    ref: str = post(api, "cases/", {"door": "police", "person": person})["ref"]
    return ref


def screened(api: Api, case: str) -> Json:
    begun = post(api, "screenings/", {"instrument": "palermo-matrix", "case": case})
    path = f"screenings/{begun['ref']}/"
    parts = ({"a_recruitment": "yes", "a_transportation": "yes"}, {"m_deception": "yes"})
    for part in (*parts, {"p_labour": "yes"}):
        rows = [{"item": item, "value": value} for item, value in part.items()]
        post(api, f"{path}answers/", {"answers": rows}, 200)
    return post(api, f"{path}conclude/", {"minor": "no"}, 200)["outcome"]


def referred(api: Api, case: str, to: Agency) -> str:
    until = datetime.now(UTC) + timedelta(days=90)
    consent = {
        "case": case,
        "recipient": str(to.ref),
        "fields": RELEASED,
        "purpose": "legal",
        "valid_until": until.isoformat(),
        "written": True,
        "signed_by": "self",
    }
    post(api, "consents/", consent)
    draft = {
        "case": case,
        "recipient": str(to.ref),
        "purpose": "immigration",
        "pathway": "t-status",
        "fields": RELEASED,
        "needs": "A lawyer who speaks Spanish.",
        "summary": "Not to be sent.",
    }
    ref: str = post(api, "referrals/", draft)["ref"]
    assert post(api, f"referrals/{ref}/submit/", {}, 200)["status"] == "submitted"
    return ref


def test_from_screening_to_acceptance(
    api: Api, northside: Agency, people_client: People, bob_user: User, charlie_user: User
) -> None:
    case = opened(api)
    outcome = screened(api, case)
    labor = next(form for form in outcome["forms"] if form["form"] == "labor")
    assert labor["band"] in ("strong", "some")
    assert all(element["because"] for element in labor["elements"] if element["supported"] == "yes")

    assessed(api, case)
    referral = referred(api, case, northside)
    path = f"{BASE}referrals/{referral}/"
    bob, charlie = people_client(bob_user), people_client(charlie_user)
    assert charlie.get(path).status_code == 404
    assert bob.post(f"{path}approve/", {}, KIND).json()["status"] == "approved"
    assert post(api, f"referrals/{referral}/send/", {}, 200)["status"] == "sent"
    seen = taken_on(charlie, referral)
    for kept in (NAME, "555 0100", "Not to be sent.", case):
        assert kept not in seen
    assert charlie.get(f"{BASE}cases/{case}/").status_code == 404
    assert bob.get(path).json()["answer_note"] == "Monday at ten."


def assessed(api: Api, case: str) -> None:
    facts = api.get(f"{BASE}cases/{case}/facts/").json()["results"]
    assert {row["source"] for row in facts} == {"screening"}
    post(api, f"cases/{case}/facts/", {"code": "victim_labor_trafficking", "value": True})
    relief = api.get(f"{BASE}cases/{case}/relief/").json()["assessments"]
    t_status = next(one for one in relief if one["pathway"] == "t-status")
    assert t_status["outcome"] in ("possible", "needs_information")
    assert t_status["ask_next"]


def taken_on(charlie: PersonClient, referral: str) -> str:
    """Read and accepted by the other agency; gives back everything that it was shown."""
    path = f"{BASE}referrals/{referral}/"
    received = charlie.get(f"{BASE}referrals/?box=received").json()["results"]
    assert [row["ref"] for row in received] == [referral]
    assert received[0]["origin"] is None
    packet = charlie.get(f"{path}packet/").json()
    values = {field["code"]: field["value"] for field in packet["fields"]}
    assert set(values) == set(RELEASED)
    assert values["preferred_name"] == "Rosi"
    assert "labor" in values["forms_indicated"]
    accepted = charlie.post(f"{path}accept/", {"note": "Monday at ten."}, KIND).json()
    assert (accepted["status"], accepted["answer_note"]) == ("accepted", "Monday at ten.")
    return f"{received}{packet}{accepted}{charlie.get(path).json()}"


def test_an_event_starts_the_clocks_that_the_deadlines_then_show(api: Api) -> None:
    case = opened(api)
    body = {"kind": "uac_determined", "at": "2025-11-01T22:30:00-04:00", "zone": "America/New_York"}
    answer = post(api, f"cases/{case}/events/", body)
    clock = next(one for one in answer["clocks"] if one["rule"] == "UAC-TRANSFER-72H")
    assert clock["due_at"] == "2025-11-05T02:30:00Z"
    assert clock["due_local"].startswith("2025-11-04T21:30:00-05:00")
    rows = api.get(f"{BASE}deadlines/?rule=UAC-TRANSFER-72H").json()["results"]
    assert [row["due_at"] for row in rows] == [clock["due_at"]]
