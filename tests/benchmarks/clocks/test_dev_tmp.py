import os, re, time
from casework.access import agency_context
from django.db import connection
from casework.services import sweep
from tests.benchmarks.clocks.limits import raw_limit
N=20000
TICK = os.sysconf("SC_CLK_TCK")
def cpu(pid):
    f = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(f[11]) + int(f[12])) / TICK
def test_micro(field, alice) -> None:
    db = field.database
    field.plant_clocks(125000)
    field.plant_pending(1000000)
    def best(label, action, rounds=2):
        out = []
        for _ in range(rounds):
            field.plant_due(N)
            w0 = db.execute("select pg_current_wal_lsn() - '0/0'").fetchone()[0]
            with connection.cursor() as c:
                c.execute("select pg_backend_pid()"); pid = c.fetchone()[0]
            b = cpu(pid); t = time.perf_counter(); action(); t = time.perf_counter() - t
            w1 = db.execute("select pg_current_wal_lsn() - '0/0'").fetchone()[0]
            out.append(f"{N/t:,.0f}/s cpu {(cpu(pid) - b) / N * 1e6:.0f} us wal {(int(w1)-int(w0))/N:.0f} B")
        print(f"{label:30} {' | '.join(out)}", flush=True)
    def measure(label, statement=sweep._STATEMENT, limit=500, first=None):
        def go():
            done = 0
            while done < N:
                with agency_context(field.agency), connection.cursor() as c:
                    c.execute(statement, {"agency": field.agency, "limit": limit})
                    done += c.fetchone()[0]
        best(label, go)
    def conf(s):
        db.execute(f"alter system set {s}"); db.execute("select pg_reload_conf()"); time.sleep(0.3)
    raw = lambda label: best(label, lambda: raw_limit(field, alice.user_id))
    raw("raw"); measure("baseline"); measure("1000", limit=1000)
    seven = sweep._STATEMENT.replace("gen_random_uuid()", "uuidv7()")
    measure("uuidv7 refs", seven); 
    try:
        conf("wal_compression = 'lz4'")
    except Exception as e:
        print(e); conf("wal_compression = 'pglz'")
    measure("wal_compression"); measure("wal_compression, uuidv7", seven); raw("raw, wal_compression")
    for t, keep in {"casework_reminder": ["agency_id_", "deadline_id_"], "casework_notice": ["agency_id_", "recipient_id_"], "casework_outboxmessage": ["agency_id_", "recipient_id_", "to_agency_id_", "webhook_id_", "_like"], "casework_journalentry": ["agency_id_"], "casework_journalpending": []}.items():
        for (name,) in db.execute("select indexname from pg_indexes where tablename=%s", [t]).fetchall():
            if any(k in name for k in keep) and name.startswith(t + "_") and "_uniq" not in name:
                db.execute("DROP INDEX " + name)
    measure("+ lean indexes", sweep._STATEMENT); measure("+ lean, uuidv7", seven); measure("+ lean, uuidv7, 1000", seven, limit=1000); raw("raw, lean")
    name, = db.execute("select conname from pg_constraint where conrelid='casework_reminder'::regclass and pg_get_constraintdef(oid)='UNIQUE (ref)'").fetchone()
    db.execute(f"alter table casework_reminder drop constraint {name}")
    measure("+ no unique reminder ref", seven)
