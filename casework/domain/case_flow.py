"""How a case moves between open and closed."""

from collections.abc import Mapping
from enum import StrEnum

from casework.domain.errors import NotAllowedNowError


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLOSED = "closed"


class CaseAction(StrEnum):
    """What can be done to a case as a whole."""

    CLOSE = "close"
    REOPEN = "reopen"


_TRANSITIONS: Mapping[tuple[CaseStatus, CaseAction], CaseStatus] = {
    (CaseStatus.OPEN, CaseAction.CLOSE): CaseStatus.CLOSED,
    (CaseStatus.CLOSED, CaseAction.REOPEN): CaseStatus.OPEN,
}

_DONE = {CaseAction.CLOSE: "closed", CaseAction.REOPEN: "reopened"}


def next_status(status: CaseStatus, action: CaseAction) -> CaseStatus:
    """The status after the action. Raises NotAllowedNowError when it has no place here."""
    after = _TRANSITIONS.get((status, action))
    if after is None:
        raise NotAllowedNowError(f"This case is {status.value}: it cannot be {_DONE[action]} now.")
    return after


def allowed_actions(status: CaseStatus) -> tuple[CaseAction, ...]:
    """What can be done now."""
    return tuple(action for action in CaseAction if (status, action) in _TRANSITIONS)
