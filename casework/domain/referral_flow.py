"""How a referral moves from a draft, past a supervisor, to the other agency and to its end."""

from collections.abc import Mapping
from enum import StrEnum

from casework.domain.errors import NotAllowedNowError


class ReferralStatus(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class ReferralAction(StrEnum):
    """What can be done to a referral."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    SEND = "send"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"


class Side(StrEnum):
    """Which of the two agencies acts."""

    SENDER = "sender"
    RECIPIENT = "recipient"


_TRANSITIONS: Mapping[tuple[ReferralStatus, ReferralAction], ReferralStatus] = {
    (ReferralStatus.DRAFT, ReferralAction.SUBMIT): ReferralStatus.SUBMITTED,
    (ReferralStatus.DRAFT, ReferralAction.WITHDRAW): ReferralStatus.WITHDRAWN,
    (ReferralStatus.SUBMITTED, ReferralAction.APPROVE): ReferralStatus.APPROVED,
    (ReferralStatus.SUBMITTED, ReferralAction.RETURN): ReferralStatus.RETURNED,
    (ReferralStatus.SUBMITTED, ReferralAction.WITHDRAW): ReferralStatus.WITHDRAWN,
    (ReferralStatus.RETURNED, ReferralAction.SUBMIT): ReferralStatus.SUBMITTED,
    (ReferralStatus.RETURNED, ReferralAction.WITHDRAW): ReferralStatus.WITHDRAWN,
    (ReferralStatus.APPROVED, ReferralAction.SEND): ReferralStatus.SENT,
    (ReferralStatus.APPROVED, ReferralAction.WITHDRAW): ReferralStatus.WITHDRAWN,
    (ReferralStatus.SENT, ReferralAction.ACCEPT): ReferralStatus.ACCEPTED,
    (ReferralStatus.SENT, ReferralAction.DECLINE): ReferralStatus.DECLINED,
    (ReferralStatus.SENT, ReferralAction.WITHDRAW): ReferralStatus.WITHDRAWN,
    (ReferralStatus.ACCEPTED, ReferralAction.START): ReferralStatus.IN_PROGRESS,
    (ReferralStatus.IN_PROGRESS, ReferralAction.COMPLETE): ReferralStatus.COMPLETED,
}

_OF_THE_RECIPIENT = frozenset(
    {
        ReferralAction.ACCEPT,
        ReferralAction.DECLINE,
        ReferralAction.START,
        ReferralAction.COMPLETE,
    }
)

_DONE = {
    ReferralAction.SUBMIT: "submitted",
    ReferralAction.APPROVE: "approved",
    ReferralAction.RETURN: "returned",
    ReferralAction.SEND: "sent",
    ReferralAction.ACCEPT: "accepted",
    ReferralAction.DECLINE: "declined",
    ReferralAction.START: "started",
    ReferralAction.COMPLETE: "completed",
    ReferralAction.WITHDRAW: "withdrawn",
}


def next_status(status: ReferralStatus, action: ReferralAction) -> ReferralStatus:
    """The status after the action. Raises NotAllowedNowError when it has no place here."""
    after = _TRANSITIONS.get((status, action))
    if after is None:
        words = status.value.replace("_", " ")
        raise NotAllowedNowError(f"This referral is {words}: it cannot be {_DONE[action]} now.")
    return after


def allowed_actions(status: ReferralStatus) -> tuple[ReferralAction, ...]:
    """What can be done now, by either side."""
    return tuple(action for action in ReferralAction if (status, action) in _TRANSITIONS)


def side_of(action: ReferralAction) -> Side:
    """Which agency may take the action: the one that sends, or the one that receives."""
    return Side.RECIPIENT if action in _OF_THE_RECIPIENT else Side.SENDER
