"""What waits in the outbox without having been tried: given back, rested, stranded, asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from casework.access import agency_context
from casework.models import Agency
from casework.services.outbox import ATTEMPTS_BEFORE_ALARM, Claimed

STRANDED = "webhook_disabled"
"""The last error of what waits for a webhook that is no more."""
_LONGEST_REST_SECONDS = 20
_LONGEST_WISH_SECONDS = 300
_FREE = "(lease_until IS NULL OR lease_until < now())"


def give_back(agency: Agency, messages: Collection[Claimed], owner: UUID) -> None:
    """Let go of what was claimed and not tried; it is due as it was, and nothing is counted."""
    if not messages:
        return
    with agency_context(agency.pk), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_outboxmessage SET lease_owner = NULL, lease_until = NULL"
            " WHERE id = ANY(%s) AND lease_owner = %s AND sent_at IS NULL",
            [[message.id for message in messages], owner],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """A target that does not answer: the mail server, or one webhook."""

    webhook_id: int | None
    tried: Sequence[int]
    """The ids of what was tried and put back; the others have waited beside them."""
    error: str
    wish_seconds: int = 0
    """How long the target itself asks to be left alone."""


# In the order in which they waited, those that were tried behind all others.
_REST = f"""
    WITH held AS (
        SELECT id, attempts, not_before FROM casework_outboxmessage
        WHERE agency_id = %(agency)s AND sent_at IS NULL AND {_FREE}
          AND CASE WHEN %(webhook)s::bigint IS NULL THEN channel = 'email'
                   ELSE webhook_id = %(webhook)s END
          AND (not_before <= now() OR id = ANY(%(tried)s))
        FOR UPDATE SKIP LOCKED
    ), waiting AS (
        SELECT id, attempts + (CASE WHEN id = ANY(%(tried)s) THEN 0 ELSE 1 END) AS tries,
               row_number() OVER (ORDER BY id = ANY(%(tried)s), not_before, id) AS place
        FROM held
    ), rested AS (
        UPDATE casework_outboxmessage m
        SET attempts = waiting.tries, last_error = %(error)s,
            needs_attention = needs_attention OR waiting.tries >= %(alarm)s,
            not_before = now() + interval '1 microsecond' * waiting.place + make_interval(
                secs => greatest(%(wish)s, least(%(longest)s, power(2, least(waiting.tries, 9)))))
        FROM waiting WHERE m.id = waiting.id
        RETURNING m.id, key, needs_attention)
    SELECT key FROM rested WHERE needs_attention ORDER BY id LIMIT 1
"""  # noqa: S608 - the text is ours, values are parameters


def rest(agency: Agency, away: Away) -> str | None:
    """Everything that is due at a target which does not answer waits, and the try counts for all.

    So a few ask whether the target is back, instead of each running into its own time-out; next
    time others do, lest it be these few that the target cannot take.
    The key of the oldest that has failed long enough for people to hear of it; None before that.
    """
    given = {
        "agency": agency.pk,
        "webhook": away.webhook_id,
        "tried": list(away.tried),
        "error": away.error[:80],
        "alarm": ATTEMPTS_BEFORE_ALARM,
        "wish": min(away.wish_seconds, _LONGEST_WISH_SECONDS),
        "longest": _LONGEST_REST_SECONDS,
    }
    with agency_context(agency.pk), connection.cursor() as cursor:
        cursor.execute(_REST, given)
        row = cursor.fetchone()
    return str(row[0]) if row else None


def strand(agency: Agency) -> list[UUID]:
    """Mark what waits for a disabled webhook: it is kept, and asks for a person.

    The refs of the webhooks of which something was marked now.
    """
    with agency_context(agency.pk), connection.cursor() as cursor:
        cursor.execute(
            f"""WITH held AS (
                    SELECT m.id, w.ref FROM casework_outboxmessage m
                    JOIN casework_webhook w ON w.id = m.webhook_id AND w.disabled_at IS NOT NULL
                    WHERE m.agency_id = %s AND m.sent_at IS NULL AND m.last_error <> %s AND {_FREE}
                    FOR UPDATE OF m SKIP LOCKED
                ), marked AS (
                    UPDATE casework_outboxmessage m
                    SET needs_attention = true, last_error = %s, lease_owner = NULL,
                        lease_until = NULL, not_before = now() + interval '100 years'
                    FROM held WHERE m.id = held.id
                    RETURNING held.ref)
                SELECT DISTINCT ref FROM marked""",  # noqa: S608 - the text is ours
            [agency.pk, STRANDED, STRANDED],
        )
        return [ref for (ref,) in cursor.fetchall()]


def ask_again(agency_id: int, message_id: int) -> bool:
    """Make a message due now, whether it was sent or not. False while it is being sent."""
    with agency_context(agency_id), connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE casework_outboxmessage
                SET sent_at = NULL, not_before = now(), needs_attention = false, last_error = ''
                WHERE id = %s AND agency_id = %s AND (sent_at IS NOT NULL OR {_FREE})""",  # noqa: S608
            [message_id, agency_id],
        )
        return bool(cursor.rowcount)


def waiting_since(agency: Agency, before: datetime) -> list[tuple[str, bool]]:
    """What was due to leave before then and has not: its channel, and whether a person is needed.

    In the agency's context; the oldest first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel, needs_attention FROM casework_outboxmessage WHERE agency_id = %s"
            " AND sent_at IS NULL AND (created_at < %s OR needs_attention) ORDER BY id",
            [agency.pk, before],
        )
        return [(str(channel), bool(needy)) for channel, needy in cursor.fetchall()]


def states_of(agency_id: int, cause: str) -> list[str]:
    """What became of each message of one cause: channel, attempts, last error, when it left.

    In the agency's context.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel, attempts, last_error, sent_at FROM casework_outboxmessage"
            " WHERE agency_id = %s AND key LIKE %s ORDER BY id",
            [agency_id, f"{cause}:%"],
        )
        return [
            f"{channel}: {f'sent {sent_at.isoformat()}' if sent_at else 'waits'},"
            f" {attempts} attempts{f', {error}' if error else ''}"
            for channel, attempts, error, sent_at in cursor.fetchall()
        ]
