"""Whatever is sent, wherever: an answer, and never a defect."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline
from screening.models import Screening
from tests import builders
from tests.casework.api.clients import Api, Json, Partners
from tests.casework.api.policy import POLICY
from tests.casework.api.routes import BASE, NOBODY

NAMES = (
    *("answers", "assignee", "at", "case", "code", "door", "facts", "fields", "instrument"),
    *("interpreter_present", "item", "kind", "language", "minor", "name", "needs", "note", "on"),
    *("person", "purpose", "reason", "recipient", "standing", "value", "version", "zone"),
    *("until", "by_mail"),
    *("in_custody", "date_of_birth", "valid_from", "valid_until", "written", "signed_by"),
)
GOOD = (
    *("apprehended", "America/Chicago", "2025-05-01T10:00:00Z", "2025-05-01", "in_custody"),
    *("palermo-matrix", "a_receipt", "yes", "declined", "known", "legal", "self", "ngo", "es"),
    *("9999-12-31", "0001-01-01T00:00:00Z", "\u202e", "\ud800", "\x00", ""),
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from((*GOOD, "{case}", "{agency}"))
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8)
ROUTES = sorted(route for method, route in POLICY if method in ("POST", "PATCH"))
HEADERS = st.fixed_dictionaries(
    {}, optional={"If-Match": st.sampled_from(['"1"', "x"]), "Idempotency-Key": st.just("k")}
)


def call(api: Api, path: str, body: Json, headers: dict[str, str]) -> int:
    method = "PATCH" if path.endswith("answers/") and "If-Match" in headers else "POST"
    answer = api.generic(
        method, path, json.dumps(body), content_type="application/json", headers=headers
    )
    return answer.status_code


@pytest.fixture
def deadline(case: Case, dora: Principal) -> Deadline:
    """One that can be met, paused and waived."""
    at = case.opened_at
    _event, moved = builders.record_event(case=case, by=dora, at=at, kind="asylum_filed")
    return moved[0].deadline


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_there_is_always_an_answer(
    partner_client: Partners,
    dora: Principal,
    case: Case,
    deadline: Deadline,
    northside: Agency,
    data: st.DataObject,
) -> None:
    """An unhandled error would be raised by the client itself."""
    api = partner_client(dora)
    screening: Screening = builders.started_screening(by=dora, at=case.opened_at, case=case)
    refs = {"screenings": screening.ref, "deadlines": deadline.ref}
    route = data.draw(st.sampled_from(ROUTES))
    ref = refs.get(route.partition("/")[0], case.ref)
    path = BASE + route.replace("<uuid:ref>", str(ref))
    for name in ("fact", "event"):
        path = path.replace(f"<uuid:{name}>", str(NOBODY))
    text = json.dumps(data.draw(BODIES)).replace("{case}", str(case.ref))
    body = json.loads(text.replace("{agency}", str(northside.ref)))
    assert call(api, path, body, data.draw(HEADERS)) < 500
