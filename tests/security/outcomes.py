"""What came of a deed: done, or in which way refused."""

from collections.abc import Callable

from casework.domain.errors import CaseworkError


def outcome_of(deed: Callable[[], object]) -> CaseworkError | None:
    """The refusal, or None when it was done."""
    try:
        deed()
    except CaseworkError as refused:
        return refused
    return None
