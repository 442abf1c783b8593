"""One round of each loop, for beat's pokes and for the plain loop alike.

Long queues are worked off at ease: in small batches, so that whoever waits for a page is never
behind a large one, and with pauses.
"""

from datetime import datetime

from django.db import connection

from casework.access import agency_context
from casework.models import Agency
from casework.services import journal
from casework.services.calls import call_all
from casework.services.checking import check_all
from casework.services.database_clock import database_now
from casework.services.pace import AT_EASE, in_batches
from casework.services.rederiving import look_again
from casework.services.relay import relay_all
from casework.services.sweep import beat_heart, sweep_all, take_turn

SWEPT_TOGETHER = 250
SEALED_TOGETHER = 500


def sweep_once() -> int:
    """Look again at what time alone moved, then fire everything due; the heartbeat tells of it."""
    with connection.cursor() as cursor:
        now = database_now(cursor)
    for agency in Agency.objects.order_by("pk"):
        look_again(agency, at=now)
    fired = sweep_all(limit=SWEPT_TOGETHER, pace=AT_EASE)
    beat_heart("sweep")
    return fired


def relay_once() -> int:
    """Send everything that waits."""
    sent = relay_all(pace=AT_EASE)
    beat_heart("relay")
    return sent


def call_once() -> int:
    """Tell partners' systems everything that waits for them; apart, for some take their time."""
    called = call_all()
    beat_heart("call")
    return called


def seal_once(*, at: datetime) -> int:
    """Chain every agency's waiting journal entries."""
    sealed = 0
    for agency in Agency.objects.order_by("pk"):
        sealed += _seal(agency, at)
    return sealed


def _seal(agency: Agency, at: datetime) -> int:
    total = 0

    def batch() -> bool:
        nonlocal total
        with agency_context(agency.pk):
            sealed = journal.seal(agency, at=at, limit=SEALED_TOGETHER)
        total += sealed
        return sealed == SEALED_TOGETHER

    in_batches(batch, AT_EASE)
    return total


def check_when_due() -> int:
    """The nightly check, if the last one lies a day back and no other process is at it."""
    with connection.cursor() as cursor:
        now = database_now(cursor)
    if not take_turn("check_begun", "check"):
        return 0
    findings = check_all(at=now)
    beat_heart("check")
    return sum(len(found) for found in findings.values())
