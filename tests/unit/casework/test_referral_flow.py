"""Every action on every status of a referral."""

from itertools import product

import pytest

from casework.domain.errors import NotAllowedNowError
from casework.domain.referral_flow import (
    ReferralAction,
    ReferralStatus,
    Side,
    allowed_actions,
    next_status,
    side_of,
)
from tests.row_by_row import every

EXPECTED = {
    ("draft", "submit"): "submitted",
    ("submitted", "approve"): "approved",
    ("submitted", "return"): "returned",
    ("returned", "submit"): "submitted",
    ("approved", "send"): "sent",
    ("sent", "accept"): "accepted",
    ("sent", "decline"): "declined",
    ("accepted", "start"): "in_progress",
    ("in_progress", "complete"): "completed",
    ("draft", "withdraw"): "withdrawn",
    ("returned", "withdraw"): "withdrawn",
    ("submitted", "withdraw"): "withdrawn",
    ("approved", "withdraw"): "withdrawn",
    ("sent", "withdraw"): "withdrawn",
}


@every(product(ReferralStatus, ReferralAction), " and ".join)
def test_every_pair(pair: tuple[ReferralStatus, ReferralAction]) -> None:
    status, action = pair
    expected = EXPECTED.get((status.value, action.value))
    assert (action in allowed_actions(status)) is bool(expected)
    if expected:
        assert next_status(status, action).value == expected
        return
    with pytest.raises(NotAllowedNowError, match="it cannot be"):
        next_status(status, action)


def test_the_refusal_is_a_sentence() -> None:
    with pytest.raises(NotAllowedNowError) as refusal:
        next_status(ReferralStatus.IN_PROGRESS, ReferralAction.SEND)
    assert refusal.value.detail == "This referral is in progress: it cannot be sent now."


@pytest.mark.parametrize("action", ReferralAction)
def test_the_recipient_answers_and_the_sender_does_the_rest(action: ReferralAction) -> None:
    answers = {"accept", "decline", "start", "complete"}
    assert side_of(action) is (Side.RECIPIENT if action.value in answers else Side.SENDER)
