"""Whether we live, and whether we are ready: database, migrations, sweep, reminders, broker."""

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
    SELECT extract(epoch FROM now() - at)::float FROM casework_heartbeat WHERE name = 'sweep'
"""
_OVERDUE = """
    SELECT coalesce(extract(epoch FROM now() - min(fire_at)), 0)::float FROM casework_reminder
    WHERE agency_id = %s AND status = 'scheduled' AND fire_at <= now()
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
    try:
        checks = _database_checks()
    except DatabaseError:
        connection.close()
        checks = {"database": "away"}
    broker = "ok" if _broker_answers() else "away"
    ready = all(value == "ok" for value in checks.values())
    status = ("ready" if broker == "ok" else "degraded") if ready else "not_ready"
    body = {"status": status, "checks": {**checks, "broker": broker}}
    return JsonResponse(body, status=200 if ready else 503)


def _database_checks() -> dict[str, str]:
    """What the database says, each `ok` or what is wrong."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return {"database": "ok", "migrations": "missing"}
    return {
        "database": "ok",
        "migrations": "ok",
        "sweep": _sweep(),
        "reminders": _reminders(),
    }


def _sweep() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_HEARTBEAT)
        row = cursor.fetchone()
    if row is None:
        return "never seen"
    late = row[0] > OLDEST_HEARTBEAT_SECONDS
    return f"last seen {row[0]:.0f} s ago" if late else "ok"


def _reminders() -> str:
    oldest = max((_oldest_overdue_seconds(pk) for pk in _agencies()), default=0.0)
    return f"one is {oldest:.0f} s late" if oldest > OLDEST_REMINDER_SECONDS else "ok"


def _agencies() -> list[int]:
    return list(Agency.objects.order_by("pk").values_list("pk", flat=True))


def _oldest_overdue_seconds(agency_id: int) -> float:
    with agency_context(agency_id), connection.cursor() as cursor:
        cursor.execute(_OVERDUE, [agency_id])
        return float(cursor.fetchone()[0])


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
