"""What cannot be taken is refused by name, as a problem, and leaves nothing half written."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from casework.domain.permissions import Principal
from casework.models import Agency, Case
from screening.models import Screening
from tests import builders
from tests.casework.api.clients import Answer, Api, Json, Partners
from tests.casework.api.counting import row_counts

JSON = "application/json"


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    """Harbor House's partner system."""
    return partner_client(dora)


@pytest.fixture
def screening(dora: Principal, case: Case, at: datetime) -> Screening:
    """Begun, nothing answered."""
    return builders.started_screening(by=dora, at=at, case=case, instrument="hud-hmis-r15-r16")


def refused(answer: Answer, status: int, pointer: str, code: str) -> None:
    """The answer is a problem that names the place and the kind of wrong."""
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert (answer.status_code, body["status"]) == (status, status), body
    assert {"type", "title", "detail", "code"} < set(body)
    assert (pointer, code) in {(one["pointer"], one["code"]) for one in body["errors"]}, body


def event(**changes: Json) -> dict[str, Json]:
    return {
        "kind": "uac_determined",
        "at": "2025-05-01T10:00:00-05:00",
        "zone": "America/Chicago",
    } | changes


AHEAD = (datetime.now(UTC) + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(
    ("below", "body", "pointer", "code"),
    [
        ("events/", event(at="2025-05-01T10:00:00"), "/at", "no_offset"),
        ("events/", event(at=AHEAD), "/at", "in_the_future"),
        ("events/", event(at="1950-01-01T00:00:00Z"), "/at", "too_long_ago"),
        ("events/", event(at="0001-01-01T00:00:00+14:00"), "/at", "out_of_range"),
        ("events/", event(at="9999-12-31T23:59:59-14:00"), "/at", "out_of_range"),
        ("events/", event(at="2025-05-01"), "/at", "wrong_type"),
        ("events/", event(at=1_700_000_000), "/at", "wrong_type"),
        ("events/", event(kind="abducted_by_aliens"), "/kind", "not_an_option"),
        ("events/", event(zone="Mars/Olympus"), "/zone", "unknown_zone"),
        ("events/", event(zone="../../etc/passwd"), "/zone", "unknown_zone"),
        ("events/", event(where="here"), "/where", "unknown_field"),
        ("events/", event(note="\u202eevil"), "/note", "bad_character"),
        ("events/", {}, "/kind", "required"),
        ("facts/", {"code": "no_such_fact", "value": True}, "/code", "unknown_fact"),
        ("facts/", {"code": "in_custody", "value": "yes"}, "/value", "not_a_boolean"),
        ("facts/", {"code": "in_custody"}, "/value", "required"),
        ("facts/", {"code": "visa_class", "value": "B-52"}, "/value", "not_an_option"),
        (
            "facts/",
            {"code": "in_custody", "value": True, "standing": "declined"},
            "/value",
            "value_with_standing",
        ),
        ("facts/", {"code": "in_custody", "standing": "maybe"}, "/standing", "not_an_option"),
        ("facts/", {"code": ["in_custody"], "value": True}, "/code", "wrong_type"),
        ("close/", {"reason": " "}, "/reason", "blank"),
        ("close/", {"reason": 7}, "/reason", "wrong_type"),
    ],
)
def test_it_is_named_and_nothing_is_written(
    api: Api, case: Case, below: str, body: Json, pointer: str, code: str
) -> None:
    before = row_counts(case.agency)
    answer = api.post(f"/api/v1/cases/{case.ref}/{below}", body)
    refused(answer, 400, pointer, code)
    assert row_counts(case.agency) == before


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ('{"door": "ngo\\u0000"}', "/door", "bad_character"),
        ('{"person": {"name": "a\\ud800b"}}', "/person/name", "bad_character"),
        (
            '{"person": {"na\\u0000me": "x"}}',
            "/person/na\N{REPLACEMENT CHARACTER}me",
            "bad_character",
        ),
        ('{"door": "ngo", "door": "police"}', "/door", "repeated_name"),
        ('{"person": {"name": NaN}}', "/person/name", "not_json"),
        ('{"person": {"name": 1e999}}', "/person/name", "number_too_large"),
        ('{"door": ' + "9" * 5_000 + "}", "/door", "number_too_large"),
        ("[" * 100_000, "", "too_deep"),
        ('{"a":' * 100_000, "", "too_deep"),
        ("[" * 100_000 + "]" * 100_000, "", "too_deep"),
        ('{"door": "' + '\\"' * 400_000, "", "not_json"),
        ("[]", "", "not_an_object"),
        ('"door"', "", "not_an_object"),
        ("{", "", "not_json"),
        ('{"person": []}', "/person", "wrong_type"),
        ('{"person": {"interpreter_needed": "yes"}}', "/person/interpreter_needed", "wrong_type"),
        ('{"person": {"language": "english please"}}', "/person/language", "wrong_type"),
        ('{"person": {"date_of_birth": "31.1.2000"}}', "/person/date_of_birth", "wrong_type"),
        ('{"person": {"nationality": "x"}}', "/person/nationality", "unknown_field"),
        ('{"door": "window"}', "/door", "not_an_option"),
    ],
)
def test_no_body_brings_it_down(
    api: Api, harbor: Agency, body: str, pointer: str, code: str
) -> None:
    before, begun = row_counts(harbor), time.monotonic()
    answer = api.generic("POST", "/api/v1/cases/", body, content_type=JSON)
    refused(answer, 400, pointer, code)
    assert time.monotonic() - begun < 2
    assert row_counts(harbor) == before


def test_bytes_that_are_no_utf8_are_refused(api: Api) -> None:
    answer = api.post("/api/v1/cases/", b'{"door": "\xff"}', content_type=JSON)
    refused(answer, 400, "", "not_utf8")


def test_more_than_a_megabyte_is_refused(api: Api) -> None:
    body = json.dumps({"door": "x" * 1_100_000})
    assert api.generic("POST", "/api/v1/cases/", body, content_type=JSON).status_code == 413


def test_a_body_in_chunks_is_refused_and_not_taken_for_none(api: Api) -> None:
    chunked = {"Transfer-Encoding": "chunked"}
    answer = api.post("/api/v1/cases/", {"door": "window"}, headers=chunked)
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


def test_what_was_sent_is_not_repeated(api: Api) -> None:
    body = api.post("/api/v1/cases/", {"door": "Rosa Fuentes"})
    query = api.get("/api/v1/cases/?status=Rosa")
    assert "Rosa" not in f"{body.content!r}{query.content!r}"
    assert "hotline" in body.json()["detail"]
    assert "closed" in query.json()["detail"]


def test_another_media_type_is_refused(api: Api) -> None:
    answer = api.generic("POST", "/api/v1/cases/", "<door/>", content_type="text/xml")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_another_method_is_refused(api: Api, case: Case) -> None:
    answer = api.delete(f"/api/v1/cases/{case.ref}/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_an_unknown_instrument_is_named(api: Api, harbor: Agency) -> None:
    before = row_counts(harbor)
    answer = api.post("/api/v1/screenings/", {"instrument": "tarot"})
    refused(answer, 400, "/instrument", "unknown_instrument")
    assert row_counts(harbor) == before


@pytest.mark.parametrize(
    ("answers", "pointer", "code"),
    [
        ([{"item": "R15_1", "value": "7"}], "/answers/0/value", "not_an_option"),
        ([{"item": "R15_1", "value": {"a": [1]}}], "/answers/0/value", "wrong_type"),
        ([{"item": "R15_A", "value": "1"}], "/answers/0/value", "hidden_item"),
        ([{"item": "R99", "value": "1"}], "/answers/0/value", "unknown_item"),
        ([{"item": "R15_1"}], "/answers/0/value", "required"),
        (
            [{"item": "R15_1", "value": "1"}, {"item": "R15_1", "value": "0"}],
            "/answers/1/item",
            "repeated_item",
        ),
        (
            [{"item": "R15_1", "value": "1"}, {"item": "R16_1", "value": "x"}],
            "/answers/1/value",
            "not_an_option",
        ),
        (
            [{"item": "R15_1", "value": "1", "standing": "declined"}],
            "/answers/0/value",
            "value_with_standing",
        ),
        ([{"item": "R15_1", "value": "1", "sure": True}], "/answers/0/sure", "unknown_field"),
        ([7], "/answers/0", "wrong_type"),
        ([], "/answers", "min_length"),
        (None, "/answers", "null"),
    ],
)
def test_a_bad_answer_is_named_and_none_is_saved(
    api: Api, harbor: Agency, screening: Screening, answers: Json, pointer: str, code: str
) -> None:
    before = row_counts(harbor)
    answer = api.post(f"/api/v1/screenings/{screening.ref}/answers/", {"answers": answers})
    refused(answer, 400, pointer, code)
    assert row_counts(harbor) == before


def test_a_screening_is_concluded_once(api: Api, harbor: Agency, screening: Screening) -> None:
    path = f"/api/v1/screenings/{screening.ref}/"
    assert api.post(f"{path}conclude/", {"minor": "no"}).status_code == 200
    before = row_counts(harbor)
    again = api.post(f"{path}conclude/", {"minor": "no"})
    late = api.post(f"{path}answers/", {"answers": [{"item": "R15_1", "value": "1"}]})
    assert (again.status_code, again.json()["code"]) == (409, "not_allowed_now")
    assert again.json()["errors"][0]["pointer"] == "/concluded_at"
    assert late.status_code == 409
    assert row_counts(harbor) == before


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("limit=0", "?limit", "out_of_range"),
        ("limit=201", "?limit", "out_of_range"),
        ("limit=ten", "?limit", "out_of_range"),
        ("limit=%C2%B2", "?limit", "out_of_range"),
        ("cursor=nonsense", "?cursor", "bad_cursor"),
        ("cursor=cD1ub25zZW5zZQ==", "?cursor", "bad_cursor"),
        ("cursor=%F0%9F%98%80", "?cursor", "bad_cursor"),
        ("ordering=person__name", "?ordering", "not_an_option"),
        ("colour=red", "?colour", "unknown_filter"),
        ("status=ajar", "?status", "not_an_option"),
        ("assignee=alice", "?assignee", "wrong_type"),
        ("assignee=%00", "?assignee", "null_characters_not_allowed"),
        ("opened_from=2026-01-01T00:00:00", "?opened_from", "no_offset"),
        ("opened_from=yesterday", "?opened_from", "wrong_type"),
    ],
)
def test_a_bad_query_is_named(api: Api, query: str, name: str, code: str) -> None:
    refused(api.get(f"/api/v1/cases/?{query}"), 400, name, code)


def test_a_query_where_none_belongs_is_named(api: Api, case: Case) -> None:
    path = f"/api/v1/cases/{case.ref}/"
    refused(api.get(f"{path}?expand=person"), 400, "?expand", "unknown_field")
    refused(api.get(f"{path}relief/?on=2026-02-30"), 400, "?on", "wrong_type")
    refused(api.get(f"{path}facts/?history=2"), 400, "?history", "not_an_option")


@pytest.mark.parametrize("path", ["cases/%00/", "cases/1/", "instruments/%00/versions/1/"])
def test_an_address_that_leads_nowhere_is_a_problem_too(api: Api, path: str) -> None:
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
