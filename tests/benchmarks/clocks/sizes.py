"""How much of everything: all of it, or a share where BENCH_SHARE says so (to try things out)."""

import os

_SHARE = float(os.environ.get("BENCH_SHARE", "1"))


def at_size(count: int) -> int:
    """So many, or the share of it that was asked for."""
    return max(1, int(count * _SHARE))
