"""Alive and ready: ready means that no reminder is kept waiting."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Case, Heartbeat, Reminder
from casework.services.loops import sweep_once
from tests import builders
from tests.casework.api.clients import Answer, Json


def ready() -> Answer:
    return Client().get("/readyz")


def test_alive_asks_nothing_of_the_database() -> None:
    answer: Answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_without_a_sweep_it_is_not_ready() -> None:
    answer = ready()
    assert answer.status_code == 503
    assert answer.json()["checks"]["sweep"] == "never seen"


@pytest.mark.django_db
def test_with_a_fresh_sweep_it_is() -> None:
    sweep_once()
    answer = ready()
    assert answer.status_code == 200
    assert answer.json()["status"] in ("ready", "degraded")


@pytest.mark.django_db
def test_a_sweep_that_stopped_is_seen() -> None:
    sweep_once()
    Heartbeat.objects.update(at=datetime.now(UTC) - timedelta(seconds=61))
    assert ready().json()["checks"]["sweep"].startswith("last seen 6")


def test_a_reminder_that_waits_is_seen(case: Case, alice: Principal) -> None:
    now = datetime.now(UTC)
    builders.record_event(case=case, by=alice, at=now, kind="uac_determined")
    sweep_once()
    with agency_context(alice.agency_id):
        late = Reminder.objects.filter(status="scheduled")
        assert late.update(fire_at=now - timedelta(minutes=5)) > 0
    answer = ready()
    assert answer.status_code == 503
    assert "late" in answer.json()["checks"]["reminders"]


def test_without_the_broker_it_is_degraded_and_ready(db: None, settings: Json) -> None:  # noqa: ARG001
    sweep_once()
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = ready()
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


@pytest.mark.django_db
def test_it_tells_how_old_the_heartbeat_and_the_oldest_overdue_reminder_are() -> None:
    assert ready().json()["figures"]["sweep_heartbeat_seconds"] is None
    sweep_once()
    figures = ready().json()["figures"]
    assert 0 <= figures["sweep_heartbeat_seconds"] < 60
    assert figures["oldest_overdue_reminder_seconds"] == 0
    assert figures["messages_needing_attention"] == 0
