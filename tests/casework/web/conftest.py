"""The present moment: pages ask the clock, so what they are shown has to fit it."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
