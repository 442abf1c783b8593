"""What tests of deadlines call, and how they see that nothing moved."""

from datetime import UTC, datetime, timedelta

from django.forms import model_to_dict

from casework.access import agency_context
from casework.models import Case, Deadline
from tests.casework.api.clients import Answer, Api, Json
from tests.casework.api.counting import row_counts

DAY = timedelta(days=1)
ZONE = "America/New_York"
ACTS = ("meet", "pause", "resume", "extend", "waive", "exception", "review", "reopen", "take-back")


def ago(days: float) -> str:
    return (datetime.now(UTC) - days * DAY).isoformat()


def happened(api: Api, case: Case, kind: str, at: str, **more: Json) -> Answer:
    body = {"kind": kind, "at": at, "zone": ZONE, **more}
    answer = api.post(f"/api/v1/cases/{case.ref}/events/", body)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def clock(api: Api, rule: str) -> Answer:
    rows = api.get("/api/v1/deadlines/", {"rule": rule}).json()["results"]
    assert len(rows) == 1
    return rows[0]


def act(api: Api, row: Answer, deed: str, **body: Json) -> Answer:
    sent = {"reason": "The applicant asked for it.", **body}
    return api.post(f"/api/v1/deadlines/{row['ref']}/{deed}/", sent)


def done(api: Api, row: Answer, deed: str, **body: Json) -> Answer:
    answer = act(api, row, deed, **body)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def state_of_the_database(case: Case) -> tuple[dict[str, int], list[Json]]:
    with agency_context(case.agency_id):
        rows = [model_to_dict(row) for row in Deadline.objects.order_by("pk")]
    return row_counts(case.agency), rows


def refused(answer: Answer, status: int, pointer: str, code: str) -> None:
    assert answer["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert answer.status_code == status, found
    assert (pointer, code) in {(one["pointer"], one["code"]) for one in found["errors"]}, found
