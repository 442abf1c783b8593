"""Events start, move and meet clocks, and the answer says so at once."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.domain.permissions import Principal
from casework.models import Case
from tests.casework.api.clients import Answer, Api, Partners

HOUR = timedelta(hours=1)


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    return partner_client(dora)


def ago(hours: float) -> str:
    return (datetime.now(UTC) - hours * HOUR).isoformat()


def post(api: Api, case: Case, kind: str, at: str, below: str = "") -> Answer:
    body = {"kind": kind, "at": at, "zone": "America/Chicago"}
    answer = api.post(f"/api/v1/cases/{case.ref}/events/{below}", body)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def clocks(answer: Answer) -> dict[str, str]:
    return {clock["rule"]: clock["change"] for clock in answer["clocks"]}


def test_a_determination_starts_the_clocks(api: Api, case: Case) -> None:
    answer = post(api, case, "uac_determined", "2025-03-08T10:00:00-06:00")
    found = {clock["rule"]: clock for clock in answer["clocks"]}
    transfer = found["UAC-TRANSFER-72H"]
    assert transfer["change"] == "started"
    assert transfer["due_at"] == "2025-03-11T16:00:00Z"
    assert transfer["due_local"] == "2025-03-11T11:00:00-05:00 America/Chicago"
    assert all(transfer[name] for name in ("title", "citation", "steps"))
    assert not transfer["report_reading"]
    assert transfer["state"] == "overdue"
    assert transfer["time_left_seconds"] < 0
    assert answer["event"]["at"] == "2025-03-08T16:00:00Z"
    assert answer["event"]["at_local"] == "2025-03-08T10:00:00-06:00 America/Chicago"


def test_the_reading_of_the_report_stands_beside_the_law(api: Api, case: Case) -> None:
    post(api, case, "uac_determined", ago(2))
    answer = post(api, case, "apprehended", ago(4))
    found = {clock["rule"]: clock["report_reading"] for clock in answer["clocks"]}
    assert found["UAC-RPT51"] is True


def test_meeting_moving_and_taking_back_are_told_apart(api: Api, case: Case) -> None:
    begun = post(api, case, "uac_determined", ago(10))
    assert clocks(begun)["UAC-TRANSFER-72H"] == "started"
    ref = begun["event"]["ref"]
    moved = post(api, case, "uac_determined", ago(8), f"{ref}/amend/")
    assert clocks(moved)["UAC-TRANSFER-72H"] == "moved"
    assert moved["event"]["amends"] == ref
    met = post(api, case, "custody_transferred", ago(1))
    assert clocks(met)["UAC-TRANSFER-72H"] == "met"
    path = f"/api/v1/cases/{case.ref}/events/{met['event']['ref']}/retract/"
    back = api.post(path, {})
    assert clocks(back.json())["UAC-TRANSFER-72H"] == "reopened"
    assert api.post(path, {}).status_code == 404


def test_what_was_amended_is_still_in_the_history(api: Api, case: Case) -> None:
    first = post(api, case, "apprehended", ago(10))["event"]["ref"]
    second = post(api, case, "apprehended", ago(9), f"{first}/amend/")["event"]["ref"]
    path = f"/api/v1/cases/{case.ref}/events/"
    assert [row["ref"] for row in api.get(path).json()["results"]] == [second]
    history = api.get(f"{path}?history=1").json()["results"]
    assert [row["ref"] for row in history] == [first, second]


def test_deadlines_are_listed_soonest_first_and_filtered(api: Api, case: Case) -> None:
    post(api, case, "uac_determined", ago(60))
    rows = api.get("/api/v1/deadlines/").json()["results"]
    due = [row["due_at"] for row in rows if row["due_at"]]
    assert due == sorted(due)
    soon = api.get("/api/v1/deadlines/?rule=UAC-TRANSFER-72H").json()["results"]
    assert [row["state"] for row in soon] == ["due_soon"]
    assert soon[0]["case"]["ref"] == str(case.ref)
    assert 0 < soon[0]["time_left_seconds"] <= 12 * 3600
    past = api.get("/api/v1/deadlines/", {"due_before": ago(24 * 30)}).json()["results"]
    assert past == []
    assert api.get("/api/v1/deadlines/?status=met").json()["results"] == []
    last = api.get("/api/v1/deadlines/?limit=1&ordering=-due_at").json()
    assert [row["ref"] for row in last["results"]] == [rows[-1]["ref"]]


def test_the_deadlines_of_a_case_say_how_they_were_reckoned(api: Api, case: Case) -> None:
    post(api, case, "uac_determined", ago(1))
    rows = api.get(f"/api/v1/cases/{case.ref}/deadlines/").json()["results"]
    assert all(row["steps"] for row in rows)
    assert {row["reviewed"] for row in rows} == {False}
