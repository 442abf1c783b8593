"""What cannot be done about a deadline is refused by name, and nothing moves."""

from datetime import UTC, datetime

import pytest

from casework.domain.permissions import Principal
from casework.models import Case
from tests.casework.api.clients import Api, Json, Partners
from tests.casework.api.clock_calls import (
    ACTS,
    DAY,
    ZONE,
    act,
    ago,
    clock,
    done,
    happened,
    refused,
    state_of_the_database,
)


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    return partner_client(dora)


@pytest.mark.parametrize("query", ["state=open", "state=late", "late=yes", "case=K7QF", "late=1"])
def test_a_filter_that_means_nothing_is_named(api: Api, query: str) -> None:
    answer = api.get(f"/api/v1/deadlines/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"?{query.partition('=')[0]}"


TOO_FAR = (datetime.now(UTC) + 40 * 366 * DAY).date().isoformat()
AHEAD = (datetime.now(UTC) + DAY).isoformat()


@pytest.mark.parametrize(
    ("deed", "body", "pointer", "code"),
    [
        ("waive", {"reason": " "}, "/reason", "blank"),
        ("waive", {"reason": None}, "/reason", "null"),
        ("waive", {"reason": 7}, "/reason", "wrong_type"),
        ("waive", {"reason": "\u202ex"}, "/reason", "bad_character"),
        ("meet", {"at": ago(30)}, "/at", "before_start"),
        ("meet", {"at": AHEAD}, "/at", "in_the_future"),
        ("meet", {"at": "2026-06-01T10:00:00"}, "/at", "no_offset"),
        ("meet", {"at": "2026-06-01"}, "/at", "wrong_type"),
        ("meet", {"at": "1850-01-01T00:00:00Z"}, "/at", "out_of_range"),
        ("meet", {"at": "1926-01-01T00:00:00Z"}, "/at", "too_long_ago"),
        ("meet", {"at": "2126-01-01T00:00:00Z"}, "/at", "in_the_future"),
        ("meet", {"at": "2026-06-01T10:00:60Z"}, "/at", "wrong_type"),
        ("meet", {"at": "2026-06-30T23:59:61Z"}, "/at", "wrong_type"),
        ("meet", {"until": "2026-12-31"}, "/until", "not_wanted"),
        ("meet", {"when": "now"}, "/when", "unknown_field"),
        ("meet", {"zone": "Mars/Olympus"}, "/zone", "unknown_field"),
        ("extend", {"until": "2030-01-01"}, "/until", "not_wanted"),
        ("extend", {"until": "31 May"}, "/until", "wrong_type"),
        ("reopen", {"at": ago(1)}, "/at", "unknown_field"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_moves(
    api: Api, case: Case, deed: str, body: Json, pointer: str, code: str
) -> None:
    happened(api, case, "interim_eligibility_determined", ago(10))
    row = clock(api, "CHILD-INTERIM-90")
    before = state_of_the_database(case)
    refused(act(api, row, deed, **body), 400, pointer, code)
    assert state_of_the_database(case) == before


def test_a_reason_that_is_not_there_is_asked_for_and_nothing_moves(api: Api, case: Case) -> None:
    happened(api, case, "uac_determined", ago(1))
    row = clock(api, "UAC-TRANSFER-72H")
    before = state_of_the_database(case)
    for deed in ACTS:
        answer = api.post(f"/api/v1/deadlines/{row['ref']}/{deed}/", {})
        refused(answer, 400, "/reason", "required")
    assert state_of_the_database(case) == before


def test_a_pause_ends_after_it_began_and_is_not_begun_twice(api: Api, case: Case) -> None:
    happened(api, case, "asylum_filed", ago(100))
    row = clock(api, "ASYLUM-EAD-150")
    done(api, row, "pause", at=ago(20))
    before = state_of_the_database(case)
    refused(act(api, row, "resume", at=ago(30)), 400, "/at", "before_pause")
    twice = act(api, row, "pause", at=ago(5))
    assert (twice.status_code, twice.json()["code"]) == (409, "not_allowed_now")
    assert twice.json()["detail"] == "It is paused already."
    assert state_of_the_database(case) == before


@pytest.mark.parametrize("deed", ["pause", "resume", "extend", "review", "reopen", "take-back"])
def test_what_the_rule_gives_no_ground_for_is_refused_and_nothing_moves(
    api: Api, case: Case, deed: str
) -> None:
    happened(api, case, "uac_determined", ago(1))
    row = clock(api, "UAC-TRANSFER-72H")
    before = state_of_the_database(case)
    answer = act(api, row, deed)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_now")
    assert answer["Content-Type"] == "application/problem+json"
    assert state_of_the_database(case) == before


@pytest.mark.parametrize(
    ("until", "code"),
    [(None, "required"), ("2026-01-01", "too_early"), (TOO_FAR, "too_far_ahead")],
)
def test_a_last_day_that_cannot_be_one_moves_nothing(
    api: Api, case: Case, until: str | None, code: str
) -> None:
    happened(api, case, "u_granted", ago(100))
    row = clock(api, "U-DURATION")
    before = state_of_the_database(case)
    refused(act(api, row, "extend", until=until), 400, "/until", code)
    assert state_of_the_database(case) == before


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"at": "1850-05-01T10:00:00Z"}, "/at", "out_of_range"),
        ({"at": "1926-05-01T10:00:00Z"}, "/at", "too_long_ago"),
        ({"at": "2126-05-01T10:00:00Z"}, "/at", "in_the_future"),
        ({"at": "2126-05-01T10:00:00Z", "kind": "t_status_expires"}, "/at", "too_far_ahead"),
        ({"at": "2026-05-01T10:00:00"}, "/at", "no_offset"),
        ({"zone": "Mars/Olympus"}, "/zone", "unknown_zone"),
        ({"by_mail": "yes"}, "/by_mail", "wrong_type"),
        ({"by_post": True}, "/by_post", "unknown_field"),
    ],
)
def test_an_event_that_cannot_be_moves_no_clock(
    api: Api, case: Case, changes: Json, pointer: str, code: str
) -> None:
    happened(api, case, "uac_determined", ago(1))
    before = state_of_the_database(case)
    event = {"kind": "custody_transferred", "at": ago(0.5), "zone": ZONE, **changes}
    refused(api.post(f"/api/v1/cases/{case.ref}/events/", event), 400, pointer, code)
    assert state_of_the_database(case) == before


@pytest.mark.parametrize(
    "sent",
    [
        *("2016-12-31T23:59:61Z", "2016-12-31T23:58:60Z", "2016-12-30T23:59:60Z"),
        *("2016-12-31T23:59:60-05:00", "2016-12-31T24:00:60Z", "9999-12-31T23:59:60Z"),
    ],
)
def test_no_other_second_sixty_is_a_time(api: Api, case: Case, sent: str) -> None:
    body = {"kind": "detained", "at": sent, "zone": ZONE}
    answer = api.post(f"/api/v1/cases/{case.ref}/events/", body)
    refused(answer, 400, "/at", "wrong_type")
