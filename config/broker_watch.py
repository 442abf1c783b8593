"""A worker that hears nothing any more asks its broker anew.

Beat pokes every five seconds. Where nothing comes for ten and nothing is worked on, the line is
half open, or an acknowledgement was lost on it and the worker waits for room that never comes.
Celery notices neither; connecting anew mends both, and costs little where it is beat that is away.
"""

import time
from typing import Any

from celery import bootsteps, signals
from celery.worker import state
from redis.exceptions import ConnectionError as BrokerConnectionError

SILENCE_SECONDS = 10.0
_LOOK_EVERY_SECONDS = 2.0


class AsksAnew(bootsteps.StartStopStep):
    """Beside the consumer, in its event loop, from each connection to the next."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **_kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(parent)
        self._heard = time.monotonic()
        self._timer: Any = None
        signals.task_received.connect(self._hear)

    def start(self, parent: Any) -> None:  # noqa: ANN401
        """Look after the line while it is there."""
        self._heard = time.monotonic()
        self._timer = parent.timer.call_repeatedly(_LOOK_EVERY_SECONDS, self._look)

    def stop(self, parent: Any) -> None:  # noqa: ANN401, ARG002
        """It is over, or about to be made anew."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _hear(self, **_kwargs: Any) -> None:  # noqa: ANN401
        self._heard = time.monotonic()

    def _look(self) -> None:
        """Raises what a lost connection raises, which makes the consumer connect anew."""
        if state.active_requests:
            self._heard = time.monotonic()  # at work, it takes in nothing
        if time.monotonic() - self._heard > SILENCE_SECONDS:
            self._heard = time.monotonic()
            msg = f"nothing was heard of the broker for {SILENCE_SECONDS:g} s"
            raise BrokerConnectionError(msg)
