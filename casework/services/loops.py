"""One round of each loop, for beat's pokes and for the plain loop alike."""

from datetime import datetime

from casework.access import agency_context
from casework.models import Agency
from casework.services import journal
from casework.services.relay import relay_all
from casework.services.sweep import beat_heart, sweep_all


def sweep_once() -> int:
    """Fire everything due; the heartbeat says that it was looked at."""
    fired = sweep_all()
    beat_heart("sweep")
    return fired


def relay_once() -> int:
    """Send everything that waits."""
    sent = relay_all()
    beat_heart("relay")
    return sent


def seal_once(*, at: datetime) -> int:
    """Chain every agency's waiting journal entries."""
    sealed = 0
    for agency in Agency.objects.order_by("pk"):
        with agency_context(agency.pk):
            sealed += journal.seal(agency, at=at)
    return sealed
