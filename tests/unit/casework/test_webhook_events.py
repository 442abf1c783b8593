"""What a webhook tells: a type, references and moments, true at the moment of sending."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework.domain.webhook_events import (
    WebhookEvent,
    event_at_sending,
    is_overdue,
    moment_in,
    payload,
)

NOW = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)
REF = "0b0f5a9e-94a5-4b5c-8d3c-1f6d7f2f4a11"


def due(minutes: int) -> dict[str, str]:
    return {"due_at": (NOW + timedelta(minutes=minutes)).isoformat()}


def test_references_and_moments_leave() -> None:
    params = {"case": REF, "deadline": REF, "due_at": "2026-06-01T11:00:00-04:00"}
    assert payload(WebhookEvent.DEADLINE_AHEAD, params, NOW) == {
        "type": "deadline.ahead",
        "timestamp": "2026-06-01T15:00:00Z",
        "data": {"case": REF, "deadline": REF, "due_at": "2026-06-01T15:00:00Z"},
    }


@pytest.mark.parametrize(
    "params",
    [
        {"name": "Rosa Fuentes"},
        {"case": "Rosa Fuentes"},
        {"number": "K7QF-2M9D"},
        {"due_at": "Rosa Fuentes"},
        {"due_at": "2026-06-01T15:00:00"},
        {"started_at": None, "met_at": 7},
    ],
)
def test_nothing_else_does_by_whatever_name(params: dict[str, Any]) -> None:
    assert payload(WebhookEvent.REFERRAL_RECEIVED, params, NOW)["data"] == {}


def test_the_fullest_payload_is_far_below_what_a_webhook_may_be() -> None:
    names = ("case", "deadline", "referral", "started_at", "due_at", "met_at")
    params = {name: REF if name in names[:3] else NOW.isoformat() for name in names}
    full = payload(WebhookEvent.DEADLINE_OVERDUE, params, NOW)
    assert len(full["data"]) == len(names)
    assert len(json.dumps(full)) < 1_000


def test_a_warning_that_leaves_at_the_due_moment_or_after_is_one_of_being_overdue() -> None:
    told = [event_at_sending(WebhookEvent.DEADLINE_AHEAD, due(m), NOW) for m in (1, 0, -1)]
    assert told == ["deadline.ahead", "deadline.overdue", "deadline.overdue"]


def test_without_a_due_moment_a_warning_stays_one() -> None:
    assert not is_overdue({}, NOW)
    assert event_at_sending(WebhookEvent.DEADLINE_AHEAD, {}, NOW) is WebhookEvent.DEADLINE_AHEAD


def test_other_events_are_told_as_they_were() -> None:
    event = WebhookEvent.DEADLINE_STARTED
    assert event_at_sending(event, due(-9), NOW) is event


def test_a_moment_is_read_in_utc() -> None:
    assert moment_in({"due_at": "2026-06-01T11:00:00-04:00"}, "due_at") == NOW
    assert moment_in({}, "due_at") is None
