import os, time
from casework.access import agency_context
from django.db import connection
from casework.services import sweep

def test_micro(field, alice) -> None:
    db = field.database
    for q in ("select count(gen_random_uuid()) from generate_series(1,20000)", "select count(md5('reminder:' || n)::uuid) from generate_series(1,20000) n",
      "select count(encode(substr(sha256(convert_to('reminder:' || n, 'UTF8')),1,16),'hex')::uuid) from generate_series(1,20000) n",
      "select count(jsonb_build_object('case', gs::text, 'number', 'a', 'deadline', 'bb', 'rule', 'cc', 'rung', gs::text,'due_at', now())) from generate_series(1,20000) gs",
      "select pg_sleep(0)"):
        for _ in range(2):
            b = time.perf_counter(); db.execute(q).fetchall(); t = time.perf_counter() - b
        print(f"{t/20000*1e6:.2f} us", q[:60])
    field.plant_clocks(12500)
    field.plant_pending(100000)
    for i in range(3):
      field.plant_due(2000)
      with agency_context(field.agency), connection.cursor() as c:
        c.execute("set constraints all immediate")
        c.execute("EXPLAIN (ANALYZE, BUFFERS, WAL, SUMMARY) " + sweep._STATEMENT, {"agency": field.agency, "limit": 2000})
        out = [r[0] for r in c.fetchall()]
        if i==2: print("\n".join(l for l in out if not l.startswith("  ")))
    for t in ("casework_reminder","casework_notice","casework_outboxmessage","casework_journalentry","casework_journalpending"):
        print(t, [r[0].split(" ON ")[0][13:] + " " + r[0].split("btree ")[1] for r in db.execute("select indexdef from pg_indexes where tablename=%s", [t]).fetchall()])
        print("   policies", db.execute("select polname, polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) from pg_policy where polrelid=%s::regclass",[t]).fetchall())
