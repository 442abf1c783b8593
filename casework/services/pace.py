"""How long queues are worked off: batch by batch, in rounds that come to an end, with pauses.

Whoever waits for a page comes before what has waited for a day. Where more is waiting, the loops
rest for twice as long as they worked, and leave most of what they could take to everybody else.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """After `seconds` no further batch begins, so that a process that is asked to stop can; for
    each second of work there are so many of `rest`, and never more than LONGEST_REST_SECONDS.
    """

    seconds: float = math.inf
    rest: float = 0.0


LONGEST_REST_SECONDS = 0.5
"""A batch that took longer waited for somebody else, as a slow mail server, and burdened nobody."""
AT_ONCE = Pace()
AT_EASE = Pace(seconds=15.0, rest=2.0)


def in_batches(batch: Callable[[], bool], pace: Pace) -> None:
    """Do one batch after the other: until it says that no more is waiting, or the round is over."""
    over = time.monotonic() + pace.seconds
    while (began := time.monotonic()) < over and batch():
        time.sleep(min(pace.rest * (time.monotonic() - began), LONGEST_REST_SECONDS))
