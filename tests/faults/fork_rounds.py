"""The loop, each round in a process forked for it: to drop dead costs it no start of Python.

Reads one name after another from its input, goes one round with FAULT_POINT set to it (`-`: none),
and answers with the exit status of the process that went it.
"""

import os
import sys

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from casework.services.loops import relay_once, sweep_once  # noqa: E402 - needs Django set up


def main() -> None:
    """Until the input ends."""
    for line in sys.stdin:
        settings.FAULT_POINT = line.strip().removeprefix("-")
        sys.stdout.write(f"{_round()}\n")
        sys.stdout.flush()


def _round() -> int:
    """A child has its own connection to everything, and lets go of it by dying."""
    child = os.fork()
    if not child:
        status = 1
        try:
            sweep_once()
            relay_once()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
