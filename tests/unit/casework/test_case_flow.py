"""Every action on every status of a case."""

from itertools import product

import pytest

from casework.domain.case_flow import CaseAction, CaseStatus, allowed_actions, next_status
from casework.domain.errors import NotAllowedNowError

EXPECTED = {
    ("open", "close"): "closed",
    ("closed", "reopen"): "open",
}


@pytest.mark.parametrize(("status", "action"), list(product(CaseStatus, CaseAction)))
def test_every_pair(status: CaseStatus, action: CaseAction) -> None:
    expected = EXPECTED.get((status.value, action.value))
    assert (action in allowed_actions(status)) is bool(expected)
    if expected:
        assert next_status(status, action).value == expected
        return
    with pytest.raises(NotAllowedNowError, match=f"This case is {status.value}: it cannot be"):
        next_status(status, action)
