"""How a deadline stands at a moment: in time, near, past, met or met late."""

from datetime import datetime

from casework.domain.clock_rules import Mark
from casework.domain.readings import DUE_SOON, ClockState
from casework.models import Deadline


def state_at(row: Deadline, now: datetime) -> ClockState | None:
    """How it stands at `now`; None where there is nothing to meet and nothing was met.

    What only opens is never due, and what a person looks at again has no moment to miss.
    """
    if row.status == "met":
        return ClockState.MET_LATE if row.late else ClockState.MET
    if row.status != "running":
        return None
    if row.due_at is None or row.marks == Mark.OPENS or row.due_at - now > DUE_SOON:
        return ClockState.OPEN
    return ClockState.OVERDUE if now > row.due_at else ClockState.DUE_SOON
