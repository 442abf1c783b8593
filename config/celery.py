"""Celery: short pokes only. Deadlines live in the database, never in the broker."""

import os

from celery import Celery
from kombu import Exchange, Queue

from config.broker_watch import AsksAnew

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

DUE = "sweep"
"""The queue of the poke that fires what is due. A worker of its own takes from it alone, so that
no letter under way holds up a reminder; a worker that is given no queue takes from all."""

app = Celery("casework")
app.config_from_object("django.conf:settings", namespace="CELERY")
# No db_reuse_max: a reused connection that the server cut would fail task after task.
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=300,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=10,
    worker_enable_soft_shutdown_on_idle=True,
    worker_hijack_root_logger=False,
    accept_content=["json"],
    task_serializer="json",
    timezone="UTC",
    broker_connection_retry_on_startup=True,
    task_queues=[Queue(name, Exchange(name), routing_key=name) for name in ("celery", DUE)],
    task_routes={"casework.tasks.sweep": {"queue": DUE}},
    # A broker that fell silent without a farewell is given up within half a minute.
    broker_transport_options={
        "socket_timeout": 5,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 4,
    },
)
app.steps["consumer"].add(AsksAnew)
app.autodiscover_tasks()
