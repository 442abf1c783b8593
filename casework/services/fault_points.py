"""Places where a process of the fault tests can be made to drop dead. Elsewhere they do nothing."""

import os

from django.conf import settings

SWEEP = "sweep"
"""Fired, but not committed."""
SWEEP_COMMIT = "sweep-commit"
"""Fired and committed; nobody has claimed the messages."""
CLAIM_COMMIT = "claim-commit"
"""Claimed; nothing sent."""
FENCE = "fence"
"""The lease taken once more; the next step is to send."""
SEND = "send"
"""Accepted outside, and not marked: the one place whence a repeat can come."""
MARK = "mark"
"""Sent and marked."""
POINTS = (SWEEP, SWEEP_COMMIT, CLAIM_COMMIT, FENCE, SEND, MARK)
EXIT_STATUS = 137


def reach(point: str) -> None:
    """End here, at once and without a word, when FAULT_POINT names this place (and may)."""
    if point == settings.FAULT_POINT:
        os._exit(EXIT_STATUS)
