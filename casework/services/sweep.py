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
), members AS (
    SELECT m.user_id, m.role FROM casework_membership m
    JOIN casework_user u ON u.id = m.user_id AND u.is_active
    WHERE m.agency_id = %(agency)s AND m.ended_at IS NULL
), live AS (
    -- Looked at again under the lock: a clock that was met or moved meanwhile stays silent.
    SELECT due.*, d.ref AS deadline_ref, d.rule, d.due_at, c.ref AS case_ref, c.number,
           now() >= d.due_at AS late, audience_of.readers
    FROM due
    JOIN casework_deadline d ON d.id = due.deadline_id AND d.agency_id = due.agency_id
    JOIN casework_case c ON c.id = d.case_id
    CROSS JOIN LATERAL (
        SELECT coalesce(
            array_agg(m.user_id) FILTER (WHERE m.role = ANY(due.audience)
                OR 'assignee' = ANY(due.audience) AND (
                    m.user_id = c.assignee_id
                    -- A case that nobody holds, or whose holder left, is the supervisors'.
                    OR m.role = 'supervisor' AND (
                        c.assignee_id IS NULL
                        OR c.assignee_id <> ALL(ARRAY(SELECT user_id FROM members))))),
            -- No one in the audience exists: everyone hears rather than no one.
            array_agg(m.user_id), '{{}}') AS readers
        FROM members m
    ) audience_of
    WHERE d.status = 'running' AND d.version = due.deadline_version
), fired AS (
    -- Without a single reader it stays scheduled and readiness goes red: never silently gone.
    SELECT * FROM live WHERE readers <> '{{}}'
), marked AS (
    UPDATE casework_reminder SET status = 'fired', settled_at = now()
    WHERE id = ANY(ARRAY(SELECT id FROM fired)) RETURNING id
), retired AS (
    UPDATE casework_reminder SET status = 'superseded', settled_at = now()
    WHERE id = ANY(ARRAY(SELECT id FROM due EXCEPT SELECT id FROM live)) RETURNING id
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
    SELECT f.agency_id, gen_random_uuid(), reader, 'reminder:' || f.ref,
           CASE WHEN f.late THEN 'deadline_overdue' ELSE 'deadline_ahead' END,
           jsonb_build_object('case', f.case_ref, 'number', f.number, 'deadline', f.deadline_ref,
                              'rule', f.rule, 'rung', f.rung, 'due_at', f.due_at),
           now()
    FROM fired f CROSS JOIN unnest(f.readers) AS reader
    ON CONFLICT (recipient_id, key) DO NOTHING
), {posted}, {noted}
SELECT (SELECT count(*) FROM marked) + (SELECT count(*) FROM retired)
"""
_STATEMENT = _FIRE.format(
    posted=outbox.letters_from(
        """SELECT f.agency_id, 'reminder:' || f.ref || ':email:' || reader AS key,
                  reader AS recipient_id,
                  CASE WHEN f.late THEN 'deadline_overdue' ELSE 'deadline_ahead' END AS template
           FROM fired f CROSS JOIN unnest(f.readers) AS reader"""
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
        (settled,) = cursor.fetchone()
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
