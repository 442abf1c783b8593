"""The sweep: fire what is due. The query is the schedule; whoever calls it, and how often, is
harmless: beat's poke, the plain loop, both at once, or neither for a day.

Claim, notice, e-mail, follow-up and journal are one statement in one transaction on the database's
clock. A row locked by another sweep is skipped, not waited for.
"""

from django.db import connection

from casework.access import agency_context
from casework.models import Agency
from casework.services import journal, outbox

BATCH = 500

_FIRE = """
WITH due AS (
    SELECT r.* FROM casework_reminder r
    WHERE r.agency_id = %(agency)s AND r.status = 'scheduled' AND r.fire_at <= now()
    ORDER BY r.fire_at, r.id LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), live AS (
    -- Looked at again under the lock: a clock that was met or moved meanwhile stays silent.
    SELECT due.*, d.ref AS deadline_ref, d.rule, d.due_at, c.ref AS case_ref, c.number,
           c.assignee_id, now() >= d.due_at AS late
    FROM due
    JOIN casework_deadline d ON d.id = due.deadline_id AND d.agency_id = due.agency_id
    JOIN casework_case c ON c.id = d.case_id
    WHERE d.status = 'running' AND d.version = due.deadline_version
), members AS (
    SELECT m.user_id, m.role FROM casework_membership m
    JOIN casework_user u ON u.id = m.user_id AND u.is_active
    WHERE m.agency_id = %(agency)s AND m.ended_at IS NULL
), named AS (
    SELECT live.id, m.user_id FROM live JOIN members m
      ON (m.role = 'supervisor' AND 'supervisor' = ANY(live.audience))
      OR (m.role = 'administrator' AND 'administrator' = ANY(live.audience))
      OR (m.user_id = live.assignee_id AND 'assignee' = ANY(live.audience))
      -- A case that nobody holds, or whose holder left, is the supervisors' to hear of.
      OR (m.role = 'supervisor' AND 'assignee' = ANY(live.audience) AND NOT EXISTS (
            SELECT 1 FROM members holder WHERE holder.user_id = live.assignee_id))
), readers AS (
    SELECT id, user_id FROM named
    UNION
    -- No one in the audience exists: everyone hears rather than no one.
    SELECT live.id, m.user_id FROM live CROSS JOIN members m
    WHERE NOT EXISTS (SELECT 1 FROM named WHERE named.id = live.id)
), settled AS (
    -- Without a single reader it stays scheduled and readiness goes red: never silently gone.
    UPDATE casework_reminder r
    SET status = CASE WHEN live.id IS NULL THEN 'superseded' ELSE 'fired' END,
        settled_at = now()
    FROM due LEFT JOIN live ON live.id = due.id
    WHERE r.id = due.id
      AND (live.id IS NULL OR EXISTS (SELECT 1 FROM readers WHERE readers.id = live.id))
    RETURNING r.id, r.status
), fired AS (
    SELECT live.* FROM live JOIN settled ON settled.id = live.id AND settled.status = 'fired'
), again AS (
    INSERT INTO casework_reminder (agency_id, deadline_id, deadline_version, ref, rung, fire_at,
                                   audience, repeat_minutes, status)
    SELECT agency_id, deadline_id, deadline_version, gen_random_uuid(), 'overdue_' || turn,
           due_at + make_interval(mins => turn * repeat_minutes), audience, repeat_minutes,
           'scheduled'
    FROM (SELECT fired.*, floor(extract(epoch FROM now() - due_at) / 60 / repeat_minutes)::int + 1
                 AS turn
          FROM fired WHERE repeat_minutes IS NOT NULL) AS next
    ON CONFLICT DO NOTHING
), told AS (
    INSERT INTO casework_notice (agency_id, ref, recipient_id, key, template, params, created_at)
    SELECT f.agency_id, gen_random_uuid(), readers.user_id, 'reminder:' || f.ref,
           CASE WHEN f.late THEN 'deadline_overdue' ELSE 'deadline_ahead' END,
           jsonb_build_object('case', f.case_ref, 'number', f.number, 'deadline', f.deadline_ref,
                              'rule', f.rule, 'rung', f.rung, 'due_at', f.due_at),
           now()
    FROM fired f JOIN readers ON readers.id = f.id
    ON CONFLICT (recipient_id, key) DO NOTHING
), {posted}, {noted}
SELECT count(*), count(*) FILTER (WHERE status = 'fired') FROM settled
"""
_STATEMENT = _FIRE.format(
    posted=outbox.letters_from(
        """SELECT f.agency_id, 'reminder:' || f.ref || ':email:' || readers.user_id AS key,
                  readers.user_id AS recipient_id,
                  CASE WHEN f.late THEN 'deadline_overdue' ELSE 'deadline_ahead' END AS template
           FROM fired f JOIN readers ON readers.id = f.id"""
    ),
    noted=journal.entries_from(
        """SELECT agency_id, now() AS at, 'system:sweep' AS actor, 'reminder.fired' AS action,
                  'case:' || case_ref AS subject,
                  jsonb_build_object('deadline', deadline_ref, 'reminder', ref, 'rule', rule,
                                     'rung', rung, 'late', late) AS detail
           FROM fired"""
    ),
)


def sweep_agency(agency: Agency, *, limit: int = BATCH) -> int:
    """Fire one batch of an agency's due reminders. Returns how many were settled."""
    with agency_context(agency.pk), connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"agency": agency.pk, "limit": limit})
        settled, _fired = cursor.fetchone()
    return int(settled)


def sweep_all(*, limit: int = BATCH) -> int:
    """Fire everything that is due, agency by agency, oldest first within each.

    An agency with a long queue yields after each batch, so that no other waits behind it.
    """
    total, waiting = 0, list(Agency.objects.order_by("pk"))
    while waiting:
        again = []
        for agency in waiting:
            settled = sweep_agency(agency, limit=limit)
            total += settled
            if settled == limit:
                again.append(agency)
        waiting = again
    return total


def beat_heart(name: str) -> None:
    """Leave word, on the database's clock, that a loop went round."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_heartbeat (name, at) VALUES (%s, now())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [name],
        )
