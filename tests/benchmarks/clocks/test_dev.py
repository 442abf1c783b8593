import os, sys, time, statistics
from casework.access import agency_context
from django.db import connection
from casework.services.sweep import sweep_all
from tests.benchmarks.clocks.planting import Field

DUE = int(os.environ.get("DUE", "5000"))
PENDING = int(os.environ.get("PENDING", "100000"))
_LIMIT = """
    WITH claimed AS (
        UPDATE casework_reminder SET status = 'fired', settled_at = now() WHERE id IN (
            SELECT id FROM casework_reminder
            WHERE agency_id = %(agency)s AND status = 'scheduled' AND fire_at <= now()
            ORDER BY fire_at, id FOR UPDATE SKIP LOCKED)
        RETURNING id, agency_id, ref)
    INSERT INTO casework_outboxmessage (agency_id, ref, key, channel, recipient_id, template, params, created_at, not_before, attempts, last_error, needs_attention)
    SELECT agency_id, gen_random_uuid(), ref, 'email', %(reader)s, 'bench', '{}', now(), now(), 0, '', false FROM claimed
"""

_BARE = """
    WITH claimed AS (
        UPDATE bare_reminder SET status = 'fired', settled_at = now() WHERE id IN (
            SELECT id FROM bare_reminder
            WHERE agency_id = 1 AND status = 'scheduled' AND fire_at <= now()
            ORDER BY fire_at, id FOR UPDATE SKIP LOCKED)
        RETURNING agency_id, ref)
    INSERT INTO bare_outbox (agency_id, ref, created_at)
    SELECT agency_id, ref, now() FROM claimed
"""
def timed(f):
    b = time.perf_counter(); f(); return time.perf_counter() - b

def test_dev(field: Field, alice) -> None:
    w = sys.stdout.write
    w(f"\nclocks {timed(lambda: field.plant_clocks(max(DUE, PENDING // 8))):.1f} s")
    w(f"\npending {timed(lambda: field.plant_pending(PENDING)):.1f} s")
    field.database.execute("CREATE TABLE bare_reminder (id bigserial primary key, agency_id bigint not null, ref uuid not null, fire_at timestamptz not null, status text not null, settled_at timestamptz);"
      "CREATE TABLE bare_outbox (id bigserial primary key, agency_id bigint not null, ref uuid not null, created_at timestamptz not null);"
      "GRANT ALL ON ALL TABLES IN SCHEMA public TO casework_app; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO casework_app;")
    field.database.execute("INSERT INTO bare_reminder (agency_id, ref, fire_at, status) SELECT agency_id, ref, fire_at, status FROM casework_reminder")
    field.database.execute("CREATE INDEX bare_schedule ON bare_reminder (agency_id, fire_at) WHERE status = 'scheduled'")
    def bare():
        with connection.cursor() as c:
            c.execute(_BARE)
            assert c.rowcount == DUE
    def raw():
        with agency_context(field.agency), connection.cursor() as c:
            c.execute(_LIMIT, {"agency": field.agency, "reader": alice.user_id})
            assert c.rowcount == DUE
    for limit in [int(x) for x in os.environ.get("LIMITS", "500,500,2000,2000").split(",")]:
        field.database.execute("INSERT INTO bare_reminder (agency_id, ref, fire_at, status) SELECT 1, gen_random_uuid(), now() - random() * interval '1 min', 'scheduled' FROM generate_series(1, %s)", [DUE])
        field.database.execute("VACUUM ANALYZE bare_reminder")
        field.plant_due(DUE)
        z = timed(bare)
        a = timed(raw)
        field.plant_due(DUE)
        b = timed(lambda: sweep_all(limit=limit))
        w(f"\nlimit {limit}: bare {DUE/z:,.0f}/s raw {DUE/a:,.0f}/s ours {DUE/b:,.0f}/s share {z/b:.3f} {a/b:.3f}")
    w("\n")
    w(str(field.database.execute("select count(*), pg_size_pretty(pg_total_relation_size('casework_reminder')) from casework_reminder where status='scheduled'").fetchall()))
    w("\n")

def test_explain(field: Field, alice) -> None:
    field.plant_clocks(max(DUE, PENDING // 8))
    field.plant_pending(PENDING)
    for i in range(3):
      field.plant_due(DUE)
      with agency_context(field.agency), connection.cursor() as c:
        c.execute("EXPLAIN (ANALYZE, BUFFERS, WAL) " + _LIMIT, {"agency": field.agency, "reader": alice.user_id})
        if i == 2: print("\n".join(r[0] for r in c.fetchall()))
    from casework.services import sweep
    for i in range(4):
      field.plant_due(DUE)
      with agency_context(field.agency), connection.cursor() as c:
        c.execute("EXPLAIN (ANALYZE, BUFFERS, WAL) " + sweep._STATEMENT, {"agency": field.agency, "limit": [500, 500, 500, 2000][i]})
        if i >= 2: print("\n".join(r[0] for r in c.fetchall()))
