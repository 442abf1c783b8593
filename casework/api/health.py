"""Whether we live, and whether we are ready: database, migrations, sweep, reminders, broker."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from redis import Redis
from redis.exceptions import RedisError

from casework.access import agency_context
from casework.models import Agency

OLDEST_HEARTBEAT_SECONDS = 60
OLDEST_REMINDER_SECONDS = 120
_BROKER_TIMEOUT_SECONDS = 1.0
_BROKER_PROBE = "casework:probe"

_HEARTBEAT = """
    SELECT extract(epoch FROM now() - at)::float FROM casework_heartbeat WHERE name = %s
"""
_OVERDUE = """
    SELECT coalesce(extract(epoch FROM now() - min(fire_at)), 0)::float FROM casework_reminder
    WHERE agency_id = %s AND status = 'scheduled' AND fire_at <= now()
"""
_WAITING = """
    SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)::float,
           count(*) FILTER (WHERE needs_attention)
    FROM casework_outboxmessage WHERE agency_id = %s AND sent_at IS NULL
"""


@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 when reminders are kept; 503 when the database, the sweep or a reminder is behind.

    The broker only hastens what the sweep does anyway: without it we are degraded, and ready.
    """
    figures: dict[str, float | None] = {}
    try:
        checks = _database_checks()
        if "sweep" in checks:
            figures = _figures()
            checks |= {"sweep": _sweep(figures), "reminders": _reminders(figures)}
    except DatabaseError:
        connection.close()
        checks = {"database": "away"}
    broker = "ok" if _broker_answers() else "away"
    ready = all(value == "ok" for value in checks.values())
    status = ("ready" if broker == "ok" else "degraded") if ready else "not_ready"
    body = {"status": status, "checks": {**checks, "broker": broker}, "figures": figures}
    return JsonResponse(body, status=200 if ready else 503)


def _database_checks() -> dict[str, str]:
    """What the database says, each `ok` or what is wrong."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return {"database": "ok", "migrations": "missing"}
    return {
        "database": "ok",
        "migrations": "ok",
        "sweep": "",
        "reminders": "",
    }


def _figures() -> dict[str, float | None]:
    """Ages in seconds: heartbeats (null: never seen), oldest reminder due, oldest unsent."""
    waiting = [_row(_WAITING, pk) for pk in _agencies()]
    return {
        "sweep_heartbeat_seconds": _heartbeat("sweep"),
        "relay_heartbeat_seconds": _heartbeat("relay"),
        "check_heartbeat_seconds": _heartbeat("check"),
        "oldest_overdue_reminder_seconds": max(
            (float(_row(_OVERDUE, pk)[0]) for pk in _agencies()), default=0.0
        ),
        "oldest_unsent_message_seconds": max((float(row[0]) for row in waiting), default=0.0),
        "messages_needing_attention": sum(row[1] for row in waiting),
    }


def _heartbeat(name: str) -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(_HEARTBEAT, [name])
        row = cursor.fetchone()
    return float(row[0]) if row else None


def _sweep(figures: dict[str, float | None]) -> str:
    seconds = figures["sweep_heartbeat_seconds"]
    if seconds is None:
        return "never seen"
    return f"last seen {seconds:.0f} s ago" if seconds > OLDEST_HEARTBEAT_SECONDS else "ok"


def _reminders(figures: dict[str, float | None]) -> str:
    oldest = figures["oldest_overdue_reminder_seconds"] or 0.0
    return f"one is {oldest:.0f} s late" if oldest > OLDEST_REMINDER_SECONDS else "ok"


def _row(query: str, agency_id: int) -> tuple[Any, ...]:
    with agency_context(agency_id), connection.cursor() as cursor:
        cursor.execute(query, [agency_id])
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _agencies() -> list[int]:
    return list(Agency.objects.order_by("pk").values_list("pk", flat=True))


def _broker_answers() -> bool:
    client = Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_connect_timeout=_BROKER_TIMEOUT_SECONDS,
        socket_timeout=_BROKER_TIMEOUT_SECONDS,
    )
    try:
        with client:
            # A write, since a full broker still answers to a ping.
            return bool(client.set(_BROKER_PROBE, "", ex=60))
    except RedisError:
        return False
