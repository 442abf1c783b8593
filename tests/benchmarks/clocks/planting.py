"""Plants clocks and reminders by the million, as copies of those that services made.

Planting may be quick and dirty: it runs as the superuser, without triggers, and builds indexes
afterwards. Nothing of that is left when anything is measured.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql

from tests.database import Database

CLOCKS_OF_A_CASE, RUNGS_OF_A_CLOCK = 10, 8
_RUNS = itertools.count(1)
_PATTERN = {"casework_deadline": " AND status = 'running' AND due_at IS NOT NULL"}
"""What the row to copy has to be; elsewhere the agency's first one will do."""
_REMINDER = {
    "deadline_id": "n.id",
    "deadline_version": "n.version",
    "ref": "gen_random_uuid()",
    "audience": "'{assignee}'",
    "repeat_minutes": "NULL",
    "status": "'scheduled'",
    "settled_at": "NULL",
}
_AHEAD = "now() + interval '1 day' + random() * interval '364 days'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where rows are planted: one agency's tables, through a connection of the superuser's."""

    database: Database
    agency: int

    def plant_clocks(self, count: int) -> None:
        """So many more clocks, ten on a case, all running and due in more than a year."""
        cases, before = -(-count // CLOCKS_OF_A_CASE), self._planted_cases()
        with _bare(self.database):
            self._copy(
                "casework_case",
                {"ref": "gen_random_uuid()", "number": "'B' || lpad(to_hex(n), 8, '0')"},
                f"generate_series({before + 1}, {before + cases}) n",
            )
            self._copy(
                "casework_deadline",
                {
                    "ref": "gen_random_uuid()",
                    "case_id": "n.id",
                    "period": "'bench ' || turn",
                    "due_at": "now() + interval '400 days'",
                    "look_again_at": "NULL",
                },
                f"(SELECT id FROM casework_case WHERE agency_id = {self.agency}"  # noqa: S608
                f" AND number LIKE 'B%' ORDER BY id OFFSET {before}) n,"
                f" generate_series(1, {CLOCKS_OF_A_CASE}) turn LIMIT {count}",
            )
        self._settle_down()

    def plant_pending(self, count: int) -> None:
        """So many reminders on these clocks, due one after another within a year from tomorrow."""
        clocks = -(-count // RUNGS_OF_A_CLOCK)
        with _bare(self.database), _built_afterwards(self.database):
            self._copy(
                "casework_reminder",
                _REMINDER | {"rung": f"'later_{next(_RUNS)}_' || turn", "fire_at": _AHEAD},
                f"({self._clocks('id')} LIMIT {clocks}) n,"
                f" generate_series(1, {RUNGS_OF_A_CLOCK}) turn LIMIT {count}",
            )
        self._settle_down()

    def plant_due(self, count: int, *, since: str = "1 minute") -> None:
        """So many reminders, each of another clock, that came due one after another meanwhile.

        Neighbours: clocks that came due together were started together, more or less.
        """
        fire_at = f"now() - random() * interval '{since}'"
        with _bare(self.database):
            planted = self._copy(
                "casework_reminder",
                _REMINDER | {"rung": f"'due_{next(_RUNS)}'", "fire_at": fire_at},
                f"({self._clocks('id DESC')} LIMIT {count}) n",
            )
        if planted != count:
            raise ValueError(f"room for {planted} reminders, not for {count}")
        self._settle_down()

    def _planted_cases(self) -> int:
        query = (
            f"SELECT count(*) FROM casework_case WHERE agency_id = {self.agency}"  # noqa: S608
            " AND number LIKE 'B%'"
        )
        return int(_one(self.database, query))

    def _copy(self, table: str, changed: Mapping[str, str], rows: str) -> int:
        """Copies of a row of the agency's, changed in some columns; one for each of `rows`, n."""
        columns = self._columns(table)
        taken = [changed.get(column, f"t.{column}") for column in columns]
        statement = (
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(taken)}"  # noqa: S608
            f" FROM (SELECT * FROM {table} WHERE agency_id = {self.agency}{_PATTERN.get(table, '')}"
            f" ORDER BY id LIMIT 1) t, {rows}"
        )
        return self.database.execute(statement.encode()).rowcount

    def _columns(self, table: str) -> Sequence[str]:
        rows = self.database.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND table_schema = 'public' AND column_name <> 'id' ORDER BY ordinal_position",
            [table],
        )
        return [str(name) for (name,) in rows.fetchall()]

    def _clocks(self, order: LiteralString) -> str:
        return (
            f"SELECT id, version FROM casework_deadline WHERE agency_id = {self.agency}"  # noqa: S608
            f" AND period LIKE 'bench %' ORDER BY {order}"
        )

    def _settle_down(self) -> None:
        """What autovacuum and the checkpointer would have done by the time all this comes due."""
        for table in ("casework_case", "casework_deadline", "casework_reminder"):
            self.database.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
        self.database.execute("CHECKPOINT")


@contextmanager
def _bare(database: Database) -> Iterator[None]:
    """Without triggers (foreign keys are what they were copied from) and with room to sort."""
    database.execute(
        "SET session_replication_role = replica; SET maintenance_work_mem = '1GB';"
        " SET work_mem = '256MB'; SET synchronous_commit = off; SET statement_timeout = 0"
    )
    try:
        yield
    finally:
        database.execute("RESET ALL")


@contextmanager
def _built_afterwards(database: Database) -> Iterator[None]:
    """Without a single index until everything is planted: a tenth of the log, a third of the time.

    Afterwards they are again what they were, to the name and to the letter.
    """
    constraints = database.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'casework_reminder'::regclass AND contype IN ('p', 'u')"
    ).fetchall()
    indexes = database.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'casework_reminder'"
        " AND indexname <> ALL(%s)",
        [[name for name, _ in constraints]],
    ).fetchall()
    for name, _ in constraints:
        database.execute(f"ALTER TABLE casework_reminder DROP CONSTRAINT {name}".encode())
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}".encode())
    yield
    for name, definition in constraints:
        database.execute(
            f"ALTER TABLE casework_reminder ADD CONSTRAINT {name} {definition}".encode()
        )
    for _, definition in indexes:
        database.execute(str(definition).encode())


def _one(database: Database, query: str) -> str:
    row = database.execute(query.encode()).fetchone()
    if row is None:
        raise LookupError(query)
    return str(row[0])
