"""A worker whose broker says nothing any more connects anew."""

import time

import pytest
from celery import signals
from celery.worker import state
from celery.worker.request import Request
from redis.exceptions import ConnectionError as BrokerConnectionError

from config.broker_watch import SILENCE_SECONDS, AsksAnew
from config.celery import app


@pytest.fixture
def step() -> AsksAnew:
    """One that heard of the broker last when its time was just over."""
    step = AsksAnew(app)
    step._heard = time.monotonic() - SILENCE_SECONDS - 1
    return step


def test_silence_is_told_as_a_lost_connection_once(step: AsksAnew) -> None:
    with pytest.raises(BrokerConnectionError, match="nothing was heard"):
        step._look()
    step._look()


def test_whoever_hears_of_a_task_is_content(step: AsksAnew) -> None:
    signals.task_received.send(sender=app)
    step._look()


def test_whoever_is_at_work_takes_in_nothing_and_is_content(step: AsksAnew) -> None:
    request = object.__new__(Request)
    state.active_requests.add(request)
    try:
        step._look()
    finally:
        state.active_requests.discard(request)


def test_the_worker_of_the_application_has_it() -> None:
    assert AsksAnew in app.steps["consumer"]
