"""Celery entries: pokes without arguments. What is due stands in the database."""

from datetime import UTC, datetime

from celery import shared_task

from casework.services.loops import (
    call_once,
    check_when_due,
    relay_once,
    seal_once,
    sweep_once,
)


@shared_task
def sweep() -> None:
    """Fire what is due."""
    sweep_once()


@shared_task
def relay() -> None:
    """Send what waits."""
    relay_once()


@shared_task
def call() -> None:
    """Tell partners' systems what waits for them."""
    call_once()


@shared_task
def seal() -> None:
    """Chain the journal's new entries."""
    seal_once(at=datetime.now(UTC))


@shared_task(time_limit=4 * 3_600)
def check() -> None:
    """The nightly check, once a day however often it is poked."""
    check_when_due()
