"""Fire, send and seal: once, or round and round without Redis."""

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from casework.services.loops import (
    call_once,
    check_when_due,
    relay_once,
    seal_once,
    sweep_once,
)

logger = logging.getLogger(__name__)
CHECK_EVERY = 600.0
"""Seconds to the first look at whether the nightly check is due, and between two. After an outage
what is due goes first: the check would only report it as unfired, and be in its way.
"""


class Command(BaseCommand):
    """manage.py sweep [--loop] [--every SECONDS]."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--loop goes on until told to stop; --every is the pause in seconds."""
        parser.add_argument("--loop", action="store_true")
        parser.add_argument("--every", type=float, default=1.0)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Go round once, or until SIGTERM."""
        if not options["loop"]:
            fired, sent, sealed = sweep_once(), relay_once() + call_once(), _seal()
            self.stdout.write(f"fired {fired}, sent {sent}, sealed {sealed}")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        # Each on a connection of its own: a mail server that keeps us waiting delays no reminder.
        threads = [
            threading.Thread(target=_round_and_round, args=(deed, stop, options["every"]))
            for deed in (sweep_once, relay_once, call_once, _seal)
        ]
        # The nightly check takes its time; what it has not committed when we stop is undone.
        threading.Thread(target=_check_now_and_then, args=(stop,), daemon=True).start()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _seal() -> int:
    return seal_once(at=datetime.now(UTC))


def _check_now_and_then(stop: threading.Event) -> None:
    if not stop.wait(CHECK_EVERY):
        _round_and_round(check_when_due, stop, CHECK_EVERY)


def _round_and_round(deed: Callable[[], int], stop: threading.Event, every: float) -> None:
    """Whatever goes wrong is logged and tried again: a loop that ends tells nobody anything."""
    while not stop.is_set():
        try:
            deed()
        except Exception:
            logger.exception("sweep.round_failed")
            connection.close()
        stop.wait(every)
    connection.close()
