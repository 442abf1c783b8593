"""Several deeds at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections

from casework.access import agency_context
from casework.domain.errors import CaseworkError

Deed = Callable[[], object]


def race(deeds: Sequence[Deed]) -> list[object]:
    """What each deed gave, or the refusal that it met; any other error is raised."""
    start = threading.Barrier(len(deeds))

    def run(deed: Deed) -> object:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            return deed()
        except CaseworkError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def winners(results: Sequence[object]) -> list[object]:
    """The deeds that were done."""
    return [result for result in results if not isinstance(result, CaseworkError)]


def within(agency_id: int, deed: Deed) -> Deed:
    """The deed in that agency's context."""

    def run() -> object:
        with agency_context(agency_id):
            return deed()

    return run
