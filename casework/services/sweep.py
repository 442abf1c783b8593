"""The sweep: fire what is due. The query is the schedule; whoever calls it, and how often, is
harmless: beat's poke, the plain loop, both at once, or neither for a day.

Claim, notice, e-mail, follow-up and journal are one statement in one transaction on the database's
clock. A row locked by another sweep is skipped, not waited for.
"""

from django.db import connection

from casework.access import agency_context
from casework.models import Agency
from casework.services import fault_points, journal, outbox
from casework.services.pace import AT_ONCE, Pace, in_batches

BATCH = 1_000

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
), away AS (
    SELECT a.user_id, min(a.stand_in_id) AS stand_in_id FROM casework_absence a
    WHERE a.agency_id = %(agency)s AND a.cancelled_at IS NULL
      AND a.from_at <= now() AND now() < a.until_at
    GROUP BY a.user_id
), hearing AS (
    -- Whom a message for someone reaches: themselves, or while they are away whoever stands in.
    SELECT m.user_id, m.role, CASE
               WHEN NOT EXISTS (SELECT FROM away WHERE away.user_id = m.user_id) THEN m.user_id
               ELSE (SELECT s.user_id FROM away JOIN members s ON s.user_id = away.stand_in_id
                     WHERE away.user_id = m.user_id
                       AND s.user_id NOT IN (SELECT user_id FROM away)) END AS hears
    FROM members m
), live AS (
    -- Looked at again under the lock: a clock that was met or moved meanwhile stays silent.
    SELECT due.*, d.ref AS deadline_ref, d.rule, d.due_at, c.ref AS case_ref, c.number,
           d.zone, CASE WHEN d.marks <> 'opens' THEN d.due_at END AS overdue_from,
           d.marks <> 'opens' AND coalesce(now() >= d.due_at, false) AS late,
           coalesce(d.due_on, d.review_on) IS NOT NULL AS by_day, audience_of.readers
    FROM due
    JOIN casework_deadline d ON d.id = due.deadline_id AND d.agency_id = due.agency_id
    JOIN casework_case c ON c.id = d.case_id
    CROSS JOIN LATERAL (
        SELECT coalesce(
            array_agg(DISTINCT h.hears) FILTER (WHERE h.hears IS NOT NULL AND (
                h.role = ANY(due.audience)
                OR 'assignee' = ANY(due.audience) AND (
                    h.user_id = c.assignee_id
                    -- A case that nobody holds, or whose holder left or is away with nobody
                    -- standing in, is the supervisors'.
                    OR h.role = 'supervisor' AND NOT EXISTS (
                        SELECT FROM hearing a
                        WHERE a.user_id = c.assignee_id AND a.hears IS NOT NULL)))),
            -- No one in the audience exists: everyone hears rather than no one, away or not.
            array_agg(h.user_id), '{{}}') AS readers
        FROM hearing h
    ) audience_of
    WHERE d.status IN ('running', 'review', 'open', 'no_deadline')
      AND d.version = due.deadline_version
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
    SELECT agency_id, deadline_id, deadline_version, uuidv7(),
           'overdue_' || split_part(rung, '_', 2)::int + turns,
           CASE WHEN by_day AND repeat_minutes %% 1440 = 0
                -- Whole days keep their time of day in the place, whatever its clock did.
                THEN (fire_at AT TIME ZONE zone
                      + make_interval(days => turns * repeat_minutes / 1440)) AT TIME ZONE zone
                ELSE fire_at + make_interval(mins => turns * repeat_minutes) END,
           audience, repeat_minutes, 'scheduled'
    FROM (SELECT fired.*, floor(extract(epoch FROM now() - fire_at) / 60 / repeat_minutes)::int + 1
                 AS turns
          FROM fired WHERE repeat_minutes IS NOT NULL) AS next
    ON CONFLICT DO NOTHING
), told AS (
    INSERT INTO casework_notice (agency_id, ref, recipient_id, key, template, params, created_at)
    SELECT f.agency_id, uuidv7(), reader, 'reminder:' || f.ref,
           CASE WHEN f.late THEN 'deadline_overdue' ELSE 'deadline_ahead' END,
           jsonb_build_object('case', f.case_ref, 'number', f.number, 'deadline', f.deadline_ref,
                              'rule', f.rule, 'rung', f.rung, 'due_at', f.due_at),
           now()
    FROM fired f CROSS JOIN unnest(f.readers) AS reader
    ON CONFLICT (recipient_id, key) DO NOTHING
), {posted}, {called}, {noted}
SELECT (SELECT count(*) FROM marked) + (SELECT count(*) FROM retired)
"""
_STATEMENT = _FIRE.format(
    posted=outbox.letters_from(
        """SELECT f.agency_id, 'reminder:' || f.ref || ':email:' || reader AS key,
                  reader AS recipient_id,
                  CASE WHEN f.late THEN 'deadline_overdue' ELSE 'deadline_ahead' END AS template,
                  f.overdue_from AS due_at
           FROM fired f CROSS JOIN unnest(f.readers) AS reader""",
        # The relay words it anew should it leave after its moment.
        params="jsonb_strip_nulls(jsonb_build_object('due_at', due_at))",
    ),
    called=outbox.calls_from(
        """SELECT f.agency_id, 'reminder:' || f.ref AS key,
                  CASE WHEN f.late THEN 'deadline.overdue' ELSE 'deadline.ahead' END AS event,
                  jsonb_strip_nulls(jsonb_build_object('case', f.case_ref,
                      'deadline', f.deadline_ref, 'due_at', f.overdue_from)) AS params
           FROM fired f"""
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
        if settled:
            fault_points.reach(fault_points.SWEEP)
    if settled:
        fault_points.reach(fault_points.SWEEP_COMMIT)
    return int(settled)


def sweep_all(*, limit: int = BATCH, pace: Pace = AT_ONCE) -> int:
    """Fire everything that is due, agency by agency, oldest first within each.

    An agency with a long queue yields after each batch, so that no other waits behind it. What a
    round leaves is the next one's.
    """
    total, waiting = 0, list(Agency.objects.order_by("pk"))

    def batch() -> bool:
        nonlocal total, waiting
        settled = {agency: sweep_agency(agency, limit=limit) for agency in waiting}
        total += sum(settled.values())
        waiting = [agency for agency, count in settled.items() if count == limit]
        return bool(waiting)

    in_batches(batch, pace)
    return total


def beat_heart(name: str) -> None:
    """Leave word, on the database's clock, that a loop went round."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_heartbeat (name, at) VALUES (%s, now())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [name],
        )


def take_turn(begun: str, done: str) -> bool:
    """Whether this process does what is done once a day: last done a day ago, nobody at it now.

    One that died on the way is taken over after two hours.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO casework_heartbeat (name, at)
            SELECT %(begun)s, now() WHERE NOT EXISTS (
                SELECT FROM casework_heartbeat
                WHERE name = %(done)s AND at > now() - interval '23 hours')
            ON CONFLICT (name) DO UPDATE SET at = now()
                WHERE casework_heartbeat.at < now() - interval '2 hours'
            RETURNING name
            """,
            {"begun": begun, "done": done},
        )
        return cursor.fetchone() is not None
