"""Clocks as rows, for tests of what shows them: no rule is derived, the columns say it all."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from casework.access import agency_context
from casework.models import Case, Deadline, Definition


def clock(case: Case, *, at: datetime, **columns: Any) -> Deadline:  # noqa: ANN401
    """One clock of the case, running unless the columns say otherwise, last changed at `at`."""
    said = {"status": "running", "zone": "America/New_York", "version": 1, **columns}
    with agency_context(case.agency_id):
        definition = Definition.objects.of_kind("clock").current().order_by("code")[0]
        return Deadline.objects.create(
            agency_id=case.agency_id,
            case=case,
            rule=definition.code,
            period=str(uuid4()),
            definition=definition,
            updated_at=at,
            **said,
        )
