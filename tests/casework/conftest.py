"""What tests of clocks stand on: Harbor House at work, and three clocks that have begun."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline
from tests.casework.clock_desk import INTERIM, PERMIT, TRANSFER, started


@pytest.fixture
def in_harbor(harbor: Agency, bob: Principal, ada: Principal) -> Iterator[None]:  # noqa: ARG001
    """All of the test happens there, where a supervisor and an administrator can hear of it."""
    with agency_context(harbor.pk):
        yield


@pytest.fixture
def transfer(in_harbor: None, case: Case, alice: Principal, at: datetime) -> Deadline:  # noqa: ARG001
    """Runs for 72 hours, whatever comes."""
    return started(case, alice, at, TRANSFER)


@pytest.fixture
def permit(in_harbor: None, case: Case, alice: Principal, at: datetime) -> Deadline:  # noqa: ARG001
    """Can be paused."""
    return started(case, alice, at, PERMIT)


@pytest.fixture
def interim(in_harbor: None, case: Case, alice: Principal, at: datetime) -> Deadline:  # noqa: ARG001
    """Can be extended once."""
    return started(case, alice, at, INTERIM)
