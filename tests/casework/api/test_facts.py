"""The ledger by REST, and the relief that follows from it."""

import pytest

from casework.domain.permissions import Principal
from casework.models import Case
from tests.casework.api.clients import Answer, Api, Partners


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    return partner_client(dora)


def state(api: Api, case: Case, code: str, value: object) -> Answer:
    answer = api.post(f"/api/v1/cases/{case.ref}/facts/", {"code": code, "value": value})
    assert answer.status_code == 201, answer.json()
    return answer.json()


def test_a_fact_comes_with_its_provenance(api: Api, case: Case, dora: Principal) -> None:
    line = state(api, case, "in_custody", value=True)
    assert (line["value"], line["standing"], line["source"]) == (True, "known", "partner")
    assert line["asserted_by"] == f"client:{dora.ref}"
    assert line["label"]


def test_taking_back_revives_what_stood_before(api: Api, case: Case) -> None:
    state(api, case, "visa_class", "H-2A")
    second = state(api, case, "visa_class", "H-2B")
    path = f"/api/v1/cases/{case.ref}/facts/"
    back = api.post(f"{path}{second['ref']}/retract/", {})
    assert (back.status_code, back.json()["retracts"]) == (201, second["ref"])
    assert [row["value"] for row in api.get(path).json()["results"]] == ["H-2A"]
    assert len(api.get(f"{path}?history=1").json()["results"]) == 3
    assert api.post(f"{path}{second['ref']}/retract/", {}).status_code == 409


def test_not_knowing_is_kept_and_is_no_no(api: Api, case: Case) -> None:
    path = f"/api/v1/cases/{case.ref}/facts/"
    line = api.post(path, {"code": "in_custody", "standing": "declined"}).json()
    assert (line["value"], line["standing"]) == (None, "declined")


def test_a_value_that_identifies_is_withheld(api: Api, case: Case) -> None:
    line = state(api, case, "date_of_birth", "1999-04-05")
    assert (line["value"], line["withheld"]) == (None, True)
    everything = api.get(f"/api/v1/cases/{case.ref}/facts/?history=1")
    assert "1999-04-05" not in everything.content.decode()


def test_relief_follows_from_what_is_known(api: Api, case: Case) -> None:
    path = f"/api/v1/cases/{case.ref}/relief/"
    before = {one["pathway"]: one for one in api.get(path).json()["assessments"]}
    assert before["t-status"]["outcome"] == "needs_information"
    asked = before["t-status"]["ask_next"][0]
    assert all(asked[name] for name in ("fact", "question", "why_we_ask"))
    state(api, case, "victim_labor_trafficking", value=True)
    after = {one["pathway"]: one for one in api.get(path).json()["assessments"]}
    met = [one for one in after["t-status"]["criteria"] if one["value"] == "yes"]
    assert any("victim_labor_trafficking" in one["because"] for one in met)
    assert all(one["citation"] for one in after["t-status"]["criteria"])


def test_relief_is_that_of_the_day_asked_for(api: Api, case: Case) -> None:
    long_ago = api.get(f"/api/v1/cases/{case.ref}/relief/?on=1901-01-01").json()
    assert (long_ago["on"], long_ago["assessments"], long_ago["unplaced"]) == ("1901-01-01", [], [])


def test_the_same_without_a_case(api: Api) -> None:
    facts = {"victim_labor_trafficking": True, "present_in_us": None, "visa_class": "G-5"}
    answer = api.post("/api/v1/relief/assess/", {"facts": facts, "on": "2026-06-01"})
    assert answer.status_code == 200
    assert {one["pathway"] for one in answer.json()["assessments"]} >= {"t-status", "u-status"}


def test_bad_facts_are_all_named(api: Api) -> None:
    facts = {"in/custody": True, "in_custody": "yes", "visa_class": ["G-5"]}
    answer = api.post("/api/v1/relief/assess/", {"facts": facts})
    assert answer.status_code == 400
    named = {(one["pointer"], one["code"]) for one in answer.json()["errors"]}
    assert named == {
        ("/facts/in~1custody", "unknown_fact"),
        ("/facts/in_custody", "not_a_boolean"),
        ("/facts/visa_class", "not_an_option"),
    }
    assert api.post("/api/v1/relief/assess/", {"facts": []}).status_code == 400
    assert api.post("/api/v1/relief/assess/", {}).status_code == 400


@pytest.mark.parametrize("path", ["relief/pathways/", "clocks/", "fact-definitions/"])
def test_the_knowledge_names_its_sources(api: Api, path: str) -> None:
    rows = api.get(f"/api/v1/{path}").json()["results"]
    assert rows
    assert all(row["citation"] and row["certainty"] and "reviewed" in row for row in rows)


def test_the_knowledge_is_that_of_the_day_asked_for(api: Api) -> None:
    assert api.get("/api/v1/relief/pathways/?on=1901-01-01").json()["results"] == []


def test_an_offence_is_called_by_its_label_or_by_its_number(api: Api) -> None:
    place = {"conviction_jurisdiction": "NY", "record_kind": "conviction"}
    sent = {"facts": {}, "offences": [{"label": "the shop", **place}, place]}
    found = api.post("/api/v1/relief/assess/", sent).json()["assessments"]
    held = {one["offence"] for one in found if one["pathway"] == "vacatur-ny"}
    assert held == {"the shop", "2"}


def test_two_offences_of_one_label_are_refused(api: Api) -> None:
    sent = {"facts": {}, "offences": [{"label": "2"}, {}]}
    answer = api.post("/api/v1/relief/assess/", sent)
    assert answer.status_code == 400
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/offences/1/label"]
