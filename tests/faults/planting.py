"""Reminders planted in the database, coming due one after another, and known from outside."""

from dataclasses import dataclass
from datetime import UTC, datetime

from casework.domain.permissions import Principal
from tests import builders
from tests.faults.household import Household

_PLANT = """
    INSERT INTO casework_reminder
        (agency_id, deadline_id, deadline_version, ref, rung, fire_at, audience, status)
    SELECT d.agency_id, d.id, d.version, gen_random_uuid(),
           'test_' || %(batch)s || '_' || n,
           clock_timestamp() + make_interval(
               secs => %(after)s + %(seconds)s * (n - random()) / %(each)s::float),
           '{assignee}', 'scheduled'
    FROM casework_deadline d, generate_series(1, %(each)s) n
    WHERE d.rule = 'UAC-TRANSFER-72H'
    RETURNING ref::text
"""


@dataclass(slots=True, kw_only=True)
class Field:
    """A household's open clocks, each with an assignee, and what was planted on them."""

    house: Household
    refs: set[str]
    batches: int = 0

    def plant(self, count: int, *, seconds: float, after: float = 0.0) -> int:
        """So many reminders or a few more, due evenly over the seconds; gives how many."""
        clocks = self.house.records.count(
            "SELECT count(*) FROM casework_deadline WHERE rule = 'UAC-TRANSFER-72H'"
        )
        self.batches += 1
        rows = self.house.records.rows(
            _PLANT,
            {
                "batch": self.batches,
                "each": -(-count // clocks),
                "seconds": seconds,
                "after": after,
            },
        )
        self.refs |= {str(ref) for (ref,) in rows}
        return len(rows)


def lay_out(house: Household, people: tuple[Principal, ...], *, cases: int) -> Field:
    """So many cases for each of the people, with the 72 hours running in each."""
    then = datetime.now(UTC)
    for by in people:
        for _ in range(cases):
            case = builders.open_case(by=by, at=then)
            builders.record_event(case=case, by=by, at=then, kind="uac_determined")
    return Field(house=house, refs=set())
