"""What fires what is due waits behind no letter."""

import re
from pathlib import Path

import pytest

from config.celery import DUE, app

ROOT = Path(__file__).parents[3]
OTHERS = ["relay", "call", "seal", "check"]


def queue_of(task: str) -> tuple[str, str]:
    """The queue and the routing key by which the broker finds it."""
    queue = app.amqp.router.route({}, f"casework.tasks.{task}")["queue"]
    return queue.name, queue.routing_key


def test_the_sweep_has_a_queue_of_its_own() -> None:
    assert queue_of("sweep") == (DUE, DUE)


@pytest.mark.parametrize("task", OTHERS)
def test_everything_else_shares_the_common_one(task: str) -> None:
    assert queue_of(task) == ("celery", "celery")


def test_a_worker_that_is_given_no_queue_takes_from_both() -> None:
    assert set(app.amqp.queues.consume_from) == {"celery", DUE}


@pytest.mark.parametrize("file", ["compose.yaml", "config/supervisor.py"])
def test_one_worker_takes_from_it_alone_and_the_other_never(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.findall(r'-Q[", ]+(\w+)', text) == [DUE]
    assert re.findall(r'-X[", ]+(\w+)', text) == [DUE]
