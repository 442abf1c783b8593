import os, sys
from tests.benchmarks.clocks.running import Bench
from tests.database import environment_of
import procrastinate, pytest
N = int(os.environ.get("N", "1000"))

def test_peers(field, alice, superuser_url, process_environment, tmp_path):
    b = Bench(env={**process_environment, "DATABASE_URL": superuser_url}, database=field.database, agency=field.agency, reader=alice.user_id, folder=tmp_path)
    field.plant_clocks(12500)
    field.plant_pending(100000)
    for peer in ("naive", "claiming"):
        field.plant_due(N)
        print(peer, b.run(peer))
    print("celery", b.run_celery(N*2))
    field.database.execute("create schema bench")
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=superuser_url, kwargs={"options": "-c search_path=bench"}))
    with app.open():
        app.schema_manager.apply_schema()
    field.database.execute("INSERT INTO bench.procrastinate_jobs (queue_name, task_name, args, scheduled_at) SELECT 'default', 'fire', jsonb_build_object('key', 'a' || n), now() - interval '1 s' FROM generate_series(1, %s) n", [N])
    print("queued", b.run("queued", most_seconds=15)); field.database.execute("DROP SCHEMA IF EXISTS bench CASCADE")
    field.database.execute("DROP SCHEMA bench CASCADE")
