"""A new holiday moves ten thousand clocks: one transaction a case, each named in the journal."""

import sys
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Deadline, Reminder
from casework.models.journal import JournalEntry
from casework.services.rederiving import Rederived, add_holiday, remove_holiday
from tests import builders
from tests.benchmarks.clocks.limits import timed
from tests.benchmarks.clocks.planting import Field
from tests.benchmarks.clocks.sizes import at_size
from tests.database import Database

CLOCKS = at_size(10_000)
LONGEST_SECONDS = 30.0
SERVED = datetime(2026, 9, 14, 15, tzinfo=UTC)
LAST_DAY, NEXT_DAY = date(2026, 12, 7), date(2026, 12, 8)


def plant(field: Field, clocks: int) -> None:
    """Copies of the agency's one case with a letter served: case, event, clock and reminders."""
    field._copy(
        "casework_case",
        {"ref": "gen_random_uuid()", "number": "'R' || lpad(to_hex(n), 8, '0')"},
        f"generate_series(2, {clocks}) n",
    )
    cases = "(SELECT id FROM casework_case WHERE id > t.case_id) n"
    copied = {"ref": "gen_random_uuid()", "case_id": "n.id"}
    field._copy("casework_event", copied, f"LATERAL {cases}")
    events = "(SELECT id, case_id, ref FROM casework_event WHERE id > t.trigger_event_id) n"
    field._copy(
        "casework_deadline",
        {
            "ref": "gen_random_uuid()",
            "case_id": "n.case_id",
            "trigger_event_id": "n.id",
            "period": "'event:' || n.ref",
        },
        f"LATERAL {events}",
    )
    columns = [name for name in field._columns("casework_reminder") if name != "deadline_id"]
    taken = ["gen_random_uuid()" if name == "ref" else f"r.{name}" for name in columns]
    field.database.execute(
        f"INSERT INTO casework_reminder (deadline_id, {', '.join(columns)})"  # noqa: S608
        f" SELECT n.id, {', '.join(taken)} FROM casework_reminder r,"
        " casework_deadline n WHERE n.rule = 'RFE-84' AND n.id <> r.deadline_id".encode()
    )
    field.database.execute("ANALYZE")


def commits(database: Database) -> int:
    database.execute("SELECT pg_stat_force_next_flush()")
    row = database.execute(
        "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
    ).fetchone()
    return int(str(row[0])) if row else 0


@pytest.mark.timeout(600)
def test_a_holiday_moves_every_clock_that_ends_on_it(
    committed_db: None,  # noqa: ARG001
    alice: Principal,
    as_superuser: Database,
) -> None:
    case = builders.open_case(by=alice, at=SERVED)
    builders.record_event(case=case, by=alice, at=SERVED, kind="rfe_served")
    plant(Field(database=as_superuser, agency=alice.agency_id), CLOCKS)
    done: list[Rederived] = []
    before = commits(as_superuser)
    seconds = timed(
        lambda: done.append(
            add_holiday("federal", LAST_DAY, title="Closed", citation="An order", at=SERVED)
        )
    )
    connection.close()
    transactions = commits(as_superuser) - before
    sys.stdout.write(
        f"\n{CLOCKS:,} clocks moved by a holiday: {seconds:.1f} s,"
        f" {CLOCKS / seconds:,.0f}/s, {transactions:,} transactions\n"
    )
    with agency_context(alice.agency_id):
        moved = Deadline.objects.filter(rule="RFE-84", due_on=NEXT_DAY)
        assert moved.count() == done[0].moved == done[0].cases == CLOCKS
        journaled = JournalEntry.objects.filter(action="deadline.moved")
        named = journaled.values_list("detail__deadline", flat=True).distinct()
        assert named.count() == journaled.count() == CLOCKS
        scheduled = Reminder.objects.filter(status="scheduled")
        assert not scheduled.loose().exists()
        assert scheduled.values("deadline_id").distinct().count() == CLOCKS
    assert transactions >= CLOCKS
    assert seconds <= LONGEST_SECONDS * max(1.0, CLOCKS / 10_000)
    remove_holiday("federal", LAST_DAY, at=SERVED)
