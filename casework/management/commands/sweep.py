"""Fire, send and seal: once, or round and round without Redis."""

import logging
import signal
import threading
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from casework.services.loops import relay_once, seal_once, sweep_once

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """manage.py sweep [--loop] [--every SECONDS]."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--loop goes on until told to stop; --every is the pause in seconds."""
        parser.add_argument("--loop", action="store_true")
        parser.add_argument("--every", type=float, default=1.0)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Go round once, or until SIGTERM; a database that is away is waited for."""
        if not options["loop"]:
            fired, sent, sealed = _round()
            self.stdout.write(f"fired {fired}, sent {sent}, sealed {sealed}")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                _round()
            except DatabaseError:
                logger.exception("sweep.database_away")
                connection.close()
            stop.wait(options["every"])


def _round() -> tuple[int, int, int]:
    return sweep_once(), relay_once(), seal_once(at=datetime.now(UTC))
