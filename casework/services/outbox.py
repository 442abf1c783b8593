"""The outbox: written with the deed, claimed under a lease, fenced before each send.

Never lost: a row leaves the queue only when it was sent. At most one repeat per crash, and that
repeat carries the same key. No cap on attempts; after five failures a supervisor is told too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from casework.access import agency_context
from casework.models import Agency
from casework.models.outbox import OutboxMessage

LEASE_SECONDS = 60
ATTEMPTS_BEFORE_ALARM = 5
_LONGEST_PAUSE_SECONDS = 300


def letters_from(select: str) -> str:
    """SQL that queues one e-mail for each row of `select`, as a common table expression.

    `select` yields agency_id, key, recipient_id, template. A key that exists adds nothing.
    """
    return f"""
        posted AS (
            INSERT INTO casework_outboxmessage
                (agency_id, ref, key, channel, recipient_id, template, params, created_at,
                 not_before, attempts, last_error, needs_attention)
            SELECT agency_id, gen_random_uuid(), key, 'email', recipient_id, template, '{{}}',
                   now(), now(), 0, '', false
            FROM ({select}) AS letters
            ON CONFLICT (key) DO NOTHING
        )"""  # noqa: S608 - the text is ours, values are parameters


def post_to_agency(
    sender: Agency, to: Agency, *, key: str, template: str, params: dict[str, Any], at: datetime
) -> None:
    """Queue a word to another agency's people; delivered in that agency's own context."""
    OutboxMessage.objects.create(
        agency=sender,
        to_agency=to,
        key=key,
        channel=OutboxMessage.Channel.AGENCY,
        template=template,
        params=params,
        created_at=at,
        not_before=at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message as the relay holds it under its lease."""

    id: int
    key: str
    channel: str
    recipient_id: int | None
    to_agency_id: int | None
    template: str
    params: dict[str, Any]
    attempts: int


_CLAIM = f"""
    UPDATE casework_outboxmessage m
    SET lease_owner = %(owner)s, attempts = attempts + 1,
        lease_until = now() + interval '{LEASE_SECONDS} seconds'
    WHERE m.id IN (
        SELECT id FROM casework_outboxmessage
        WHERE agency_id = %(agency)s AND sent_at IS NULL AND not_before <= now()
          AND (lease_until IS NULL OR lease_until < now())
        ORDER BY not_before, id LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED)
    RETURNING id, key, channel, recipient_id, to_agency_id, template, params, attempts
"""  # noqa: S608 - the text is ours, values are parameters


def claim(agency: Agency, owner: UUID, *, limit: int) -> list[Claimed]:
    """Take a lease on the oldest waiting messages of an agency."""
    parameters = {"owner": owner, "agency": agency.pk, "limit": limit}
    with agency_context(agency.pk):
        rows = OutboxMessage.objects.raw(_CLAIM, parameters)
        claimed = [
            Claimed(
                id=row.pk,
                key=row.key,
                channel=row.channel,
                recipient_id=row.recipient_id,
                to_agency_id=row.to_agency_id,
                template=row.template,
                params=row.params,
                attempts=row.attempts,
            )
            for row in rows
        ]
    return sorted(claimed, key=lambda message: message.id)


def fence(agency: Agency, message: Claimed, owner: UUID) -> bool:
    """Take the lease once more right before sending. False: someone else has it by now."""
    return _update(
        agency,
        f"""UPDATE casework_outboxmessage
            SET lease_until = now() + interval '{LEASE_SECONDS} seconds'
            WHERE id = %s AND lease_owner = %s AND sent_at IS NULL""",  # noqa: S608
        [message.id, owner],
    )


def mark_sent(agency: Agency, message: Claimed, owner: UUID) -> bool:
    """The message left. False if the lease had passed to another."""
    return _update(
        agency,
        """UPDATE casework_outboxmessage
           SET sent_at = now(), lease_owner = NULL, lease_until = NULL, last_error = '',
               needs_attention = false
           WHERE id = %s AND lease_owner = %s AND sent_at IS NULL""",
        [message.id, owner],
    )


def put_back(agency: Agency, message: Claimed, owner: UUID, *, error: str) -> None:
    """It could not be sent: try again after a pause that grows to five minutes."""
    pause = min(2**message.attempts, _LONGEST_PAUSE_SECONDS)
    _update(
        agency,
        """UPDATE casework_outboxmessage
           SET lease_owner = NULL, lease_until = NULL, last_error = %s,
               not_before = now() + make_interval(secs => %s), needs_attention = %s
           WHERE id = %s AND lease_owner = %s AND sent_at IS NULL""",
        [error[:80], pause, message.attempts >= ATTEMPTS_BEFORE_ALARM, message.id, owner],
    )


def _update(agency: Agency, sql: str, parameters: list[Any]) -> bool:
    with agency_context(agency.pk), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return bool(cursor.rowcount)
