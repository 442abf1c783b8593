"""One deadline, and what is done about it by hand; it answers as it stands then."""

from datetime import datetime

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal, Scope
from casework.models import Case, DeadlineAct, User
from tests.casework.api.clients import Api, Partners, People
from tests.casework.api.clock_calls import ACTS, DAY, ZONE, act, ago, clock, done, happened


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    return partner_client(dora)


def test_one_deadline_reads_with_its_acts_and_what_is_to_come(api: Api, case: Case) -> None:
    happened(api, case, "rfe_served", ago(10), by_mail=True)
    row = clock(api, "RFE-84")
    done(api, row, "exception", at=ago(1))
    whole = api.get(f"/api/v1/deadlines/{row['ref']}/").json()
    assert whole["due_on"] == row["due_on"]
    assert whole["started_on"] < whole["due_on"]
    assert "It came by post" in " ".join(whole["steps"])
    assert [(one["kind"], one["until"], one["undone"]) for one in whole["acts"]] == [
        ("exception", None, False)
    ]
    assert whole["acts"][0]["recorded_by"].startswith("client:")
    assert "asked for it" not in str(whole)
    ahead = [one["at"] for one in whole["reminders"]]
    assert ahead == sorted(ahead)
    assert ahead[-1] > whole["acts"][0]["at"]


def test_met_by_hand_late_stays_late_until_it_is_reopened(api: Api, case: Case) -> None:
    happened(api, case, "uac_determined", ago(5))
    row = clock(api, "UAC-TRANSFER-72H")
    assert (row["state"], row["late"]) == ("overdue", False)
    met = done(api, row, "meet", at=ago(1))
    assert (met["status"], met["state"], met["late"]) == ("met", "met_late", True)
    assert met["time_left_seconds"] is None
    again = api.post(f"/api/v1/deadlines/{row['ref']}/reopen/", {"reason": "Wrong child."})
    assert (again.json()["status"], again.json()["state"]) == ("running", "overdue")
    acts = {one["kind"]: one["undone"] for one in again.json()["acts"]}
    assert acts == {"meet": True, "reopen": True}


def test_what_was_recorded_by_mistake_is_taken_back(api: Api, case: Case) -> None:
    happened(api, case, "asylum_filed", ago(100))
    row = clock(api, "ASYLUM-EAD-150")
    done(api, row, "pause", at=ago(20))
    back = api.post(f"/api/v1/deadlines/{row['ref']}/take-back/", {"reason": "Wrong case."})
    assert (back.json()["status"], back.json()["due_on"]) == (row["status"], row["due_on"])
    acts = {one["kind"]: one["undone"] for one in back.json()["acts"]}
    assert acts == {"pause": True, "take_back": True}


def test_what_was_recorded_since_is_not_taken_back_for_it(api: Api, case: Case) -> None:
    happened(api, case, "asylum_filed", ago(100))
    row = clock(api, "ASYLUM-EAD-150")
    done(api, row, "pause", at=ago(20))
    (pause,) = api.get(f"/api/v1/deadlines/{row['ref']}/").json()["acts"]
    done(api, row, "resume", at=ago(10))
    meant = {"reason": "Wrong case.", "entry": pause["ref"]}
    refused = api.post(f"/api/v1/deadlines/{row['ref']}/take-back/", meant)
    assert refused.status_code == 400
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/entry"]


def test_pausing_and_resuming_move_it_by_the_days_lost(api: Api, case: Case) -> None:
    happened(api, case, "asylum_filed", ago(100))
    row = clock(api, "ASYLUM-EAD-150")
    assert (row["marks"], row["state"]) == ("opens", "open")
    paused = done(api, row, "pause", at=ago(20))
    assert (paused["status"], paused["state"], paused["due_on"]) == ("paused", None, None)
    assert paused["paused_at"] is not None
    running = done(api, row, "resume", at=ago(10))
    moved = datetime.fromisoformat(running["due_on"]) - datetime.fromisoformat(row["due_on"])
    assert (running["status"], moved) == ("running", 10 * DAY)


def test_an_extension_is_as_long_as_the_rule_says_and_as_often(api: Api, case: Case) -> None:
    happened(api, case, "interim_eligibility_determined", ago(10))
    row = clock(api, "CHILD-INTERIM-90")
    longer = done(api, row, "extend")
    moved = datetime.fromisoformat(longer["due_on"]) - datetime.fromisoformat(row["due_on"])
    assert moved == 30 * DAY
    again = act(api, row, "extend")
    assert (again.status_code, again.json()["code"]) == (409, "not_allowed_now")


def test_where_the_rule_names_no_length_the_last_day_is_given(api: Api, case: Case) -> None:
    happened(api, case, "u_granted", ago(100))
    row = clock(api, "U-DURATION")
    until = (datetime.fromisoformat(row["due_on"]) + 400 * DAY).date().isoformat()
    longer = done(api, row, "extend", until=until)
    assert (longer["due_on"], longer["acts"][0]["until"]) == (until, until)


def test_waiving_ends_the_reminders(api: Api, case: Case) -> None:
    happened(api, case, "rfe_served", ago(10))
    waived = done(api, clock(api, "RFE-84"), "waive")
    assert (waived["status"], waived["late"], waived["reminders"]) == ("waived", False, [])


def test_a_review_is_never_due_and_its_next_day_counts_from_the_look(api: Api, case: Case) -> None:
    happened(api, case, "subpoena_received", ago(400))
    rows = api.get("/api/v1/deadlines/", {"status": "review"}).json()["results"]
    assert rows
    row = rows[0]
    assert (row["state"], row["due_at"], row["due_on"]) == (None, None, None)
    looked = done(api, row, "review")
    assert looked["review_on"] > row["review_on"]


def test_what_is_overdue_or_near_is_found_and_what_only_opens_is_not(api: Api, case: Case) -> None:
    happened(api, case, "uac_determined", ago(2.5))
    happened(api, case, "asylum_filed", ago(149.5))
    happened(api, case, "rfe_served", ago(200))

    def rules(**query: str) -> set[str]:
        rows = api.get("/api/v1/deadlines/", query).json()["results"]
        return {row["rule"] for row in rows}

    assert "RFE-84" in rules(state="overdue")
    assert "UAC-TRANSFER-72H" in rules(state="due_soon")
    assert not {"ASYLUM-EAD-150"} & (rules(state="due_soon") | rules(state="overdue"))
    assert rules(state="overdue", case=str(case.ref)) == rules(state="overdue")
    assert rules(case="00000000-0000-4000-8000-000000000000") == set()
    assert rules(late="true") == set()
    done(api, clock(api, "RFE-84"), "meet")
    assert rules(late="true") == {"RFE-84"}
    assert "RFE-84" not in rules(late="false")


def test_whether_it_came_by_post_is_kept_and_lengthens_the_period(api: Api, case: Case) -> None:
    at = "2026-03-02T15:00:00Z"
    plain = happened(api, case, "rfe_served", at)
    ref = plain["event"]["ref"]
    assert plain["event"]["by_mail"] is None
    due = {one["rule"]: one["due_on"] for one in plain["clocks"]}["RFE-84"]
    body = {"kind": "rfe_served", "at": at, "zone": ZONE, "by_mail": True}
    posted = api.post(f"/api/v1/cases/{case.ref}/events/{ref}/amend/", body).json()
    assert posted["event"]["by_mail"] is True
    later = {one["rule"]: one["due_on"] for one in posted["clocks"]}["RFE-84"]
    assert (due, later) == ("2026-05-26", "2026-05-28")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00Z"),
        ("2016-12-31T18:59:60-05:00", "2017-01-01T00:00:00Z"),
        ("2015-07-01T05:29:60+05:30", "2015-07-01T00:00:00Z"),
    ],
)
def test_a_leap_second_is_the_first_instant_of_the_next_minute(
    api: Api, case: Case, sent: str, read: str
) -> None:
    assert happened(api, case, "detained", sent)["event"]["at"] == read


def test_for_others_the_deadline_is_missing(
    api: Api, case: Case, partner_client: Partners, stranger: Principal, dora: Principal
) -> None:
    happened(api, case, "uac_determined", ago(1))
    row = clock(api, "UAC-TRANSFER-72H")
    path = f"/api/v1/deadlines/{row['ref']}/"
    other, reader = (
        partner_client(stranger),
        partner_client(dora, scopes=frozenset({Scope.DEADLINES_READ})),
    )
    assert other.get(path).status_code == 404
    assert reader.get(path).status_code == 200
    assert reader.post(f"{path}meet/", {"reason": "Done."}).status_code == 403
    for deed in ACTS:
        assert other.post(f"{path}{deed}/", {"reason": "Done."}).status_code == 404
    with agency_context(case.agency_id):
        assert not DeadlineAct.objects.exists()


def test_a_colleague_without_the_case_reaches_no_deadline_of_it(
    api: Api, case: Case, people_client: People, alice_user: User, charlie_user: User
) -> None:
    happened(api, case, "uac_determined", ago(1))
    path = f"/api/v1/deadlines/{clock(api, 'UAC-TRANSFER-72H')['ref']}/"
    assert people_client(alice_user).get(path).status_code == 200
    assert people_client(charlie_user).get(path).status_code == 404


def test_the_reason_is_kept_sealed(api: Api, case: Case) -> None:
    happened(api, case, "uac_determined", ago(1))
    done(api, clock(api, "UAC-TRANSFER-72H"), "waive", reason="Rosa went home.")
    with agency_context(case.agency_id):
        kept = bytes(DeadlineAct.objects.get().reason)
    assert kept
    assert b"Rosa" not in kept
