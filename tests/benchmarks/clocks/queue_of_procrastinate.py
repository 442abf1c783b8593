"""procrastinate's own tables, filled: jobs that are due, and a backlog that is not."""

import procrastinate

from tests.benchmarks.clocks.limits import SCHEMA
from tests.benchmarks.clocks.peers import IN_SCHEMA
from tests.database import Database

_PLANT = f"""
    INSERT INTO {SCHEMA}.procrastinate_jobs (queue_name, task_name, args, scheduled_at)
    SELECT 'default', 'fire', jsonb_build_object('key', %s || n), now() + %s::interval
    FROM generate_series(1, %s) n
"""  # noqa: S608 - the text is ours, values are parameters


def lay_out(url: str) -> None:
    """Its schema, by its own means, where nothing of the application stands."""
    connector = procrastinate.SyncPsycopgConnector(conninfo=url, kwargs=IN_SCHEMA)
    app = procrastinate.App(connector=connector)
    with app.open():
        app.schema_manager.apply_schema()


def plant(database: Database, *, name: str, count: int, ahead: str) -> None:
    """So many jobs that come due after `ahead`; planted without triggers, as ours are."""
    database.execute("SET session_replication_role = replica")
    database.execute(_PLANT.encode(), [f"{name}:", ahead, count])
    database.execute("RESET session_replication_role")
    database.execute(f"VACUUM ANALYZE {SCHEMA}.procrastinate_jobs".encode())
