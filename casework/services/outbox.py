"""The outbox: written with the deed, claimed under a lease, fenced before each send.

Never lost: a row leaves the queue only when it was sent. At most one repeat per crash, and that
repeat carries the same key. No cap on attempts; after five failures a supervisor is told too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from casework.access import agency_context
from casework.models import Agency, Webhook
from casework.models.outbox import OutboxMessage

Delivery = OutboxMessage
"""By another name, for those who read what was sent and write none of it."""
LEASE_SECONDS = settings.OUTBOX_LEASE_SECONDS
ATTEMPTS_BEFORE_ALARM = 5
LETTERS = ("email", "agency")
_LONGEST_PAUSE_SECONDS = 300
_EMPTY = "'{}'::jsonb"
_FREE = "(lease_until IS NULL OR lease_until < now())"


def letters_from(select: str, *, params: str = _EMPTY) -> str:
    """SQL that queues one e-mail for each row of `select`, as a common table expression.

    `select` yields agency_id, key, recipient_id, template. A key that exists adds nothing.
    `params` is an expression over its columns: `jsonb_build_object('due_at', due_at)` lets a
    letter that leaves late say so.
    """
    return f"""
        posted AS (
            INSERT INTO casework_outboxmessage
                (agency_id, ref, key, channel, recipient_id, template, params, created_at,
                 not_before, attempts, last_error, needs_attention)
            SELECT agency_id, uuidv7(), key, 'email', recipient_id, template, {params},
                   now(), now(), 0, '', false
            FROM ({select}) AS letters
            ON CONFLICT (key) DO NOTHING
        )"""  # noqa: S608 - the text is ours, values are parameters


def calls_from(select: str) -> str:
    """SQL that queues one call for each row of `select` and each webhook that wants to hear of it.

    `select` yields agency_id, key, event, params (jsonb of references and moments). As above.
    """
    return f"""
        called AS (
            INSERT INTO casework_outboxmessage
                (agency_id, ref, key, channel, webhook_id, template, params, created_at,
                 not_before, attempts, last_error, needs_attention)
            SELECT calls.agency_id, uuidv7(), calls.key || ':webhook:' || w.ref,
                   'webhook', w.id, calls.event, calls.params, now(), now(), 0, '', false
            FROM ({select}) AS calls
            JOIN casework_webhook w ON w.agency_id = calls.agency_id
                AND w.disabled_at IS NULL AND calls.event = ANY(w.events)
            ON CONFLICT (key) DO NOTHING
        )"""  # noqa: S608 - the text is ours, values are parameters


def post_to_webhooks(
    agency: Agency, event: str, params: Mapping[str, Any], key: str, at: datetime
) -> None:
    """Queue a call to each of the agency's webhooks that wants to hear of such an event.

    `key` names the cause: the same cause again adds nothing.
    """
    wanted = Webhook.objects.enabled().filter(agency=agency, events__contains=[event])
    rows = [
        OutboxMessage(
            agency=agency,
            key=f"{key}:webhook:{webhook.ref}",
            channel=OutboxMessage.Channel.WEBHOOK,
            webhook=webhook,
            template=event,
            params=dict(params),
            created_at=at,
            not_before=at,
        )
        for webhook in wanted
    ]
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)


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
    webhook_id: int | None
    template: str
    params: dict[str, Any]
    attempts: int
    """Before this one."""
    created_at: datetime
    not_before: datetime

    @property
    def is_failing(self) -> bool:
        """Whether this try, if it fails too, is one of which people have to hear."""
        return self.attempts + 1 >= ATTEMPTS_BEFORE_ALARM


# As an array, which is made once: a set could be asked for anew for every row that it is compared
# with, and each time give as many again.
_CLAIM = f"""
    UPDATE casework_outboxmessage m
    SET lease_owner = %(owner)s, lease_until = now() + interval '{LEASE_SECONDS} seconds'
    WHERE m.id = ANY(ARRAY({{chosen}}))
    RETURNING id, key, channel, recipient_id, to_agency_id, webhook_id, template, params, attempts,
              created_at, not_before
"""  # noqa: S608 - the text is ours, values are parameters
_OLDEST_LETTERS = f"""
    SELECT id FROM casework_outboxmessage
    WHERE agency_id = %(agency)s AND channel = ANY(%(channels)s)
      AND sent_at IS NULL AND not_before <= now() AND {_FREE}
    ORDER BY not_before, id LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - the text is ours, values are parameters
# So many of each webhook, that none waits behind another's queue; those that failed before last,
# that a row which always fails holds up no other.
_CALLS_OF_EACH = f"""
    SELECT due.id FROM casework_webhook w CROSS JOIN LATERAL (
        SELECT id FROM casework_outboxmessage
        WHERE agency_id = %(agency)s AND webhook_id = w.id AND channel = 'webhook'
          AND sent_at IS NULL AND not_before <= now() AND {_FREE}
        ORDER BY attempts, not_before, id LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED) AS due
    WHERE w.agency_id = %(agency)s AND w.disabled_at IS NULL
      AND (%(webhook)s::bigint IS NULL OR w.id = %(webhook)s)
"""  # noqa: S608 - the text is ours, values are parameters


def claim(
    agency: Agency, owner: UUID, *, limit: int, channels: Collection[str] = LETTERS
) -> list[Claimed]:
    """Take a lease on the oldest waiting letters and words of an agency."""
    given = {"owner": owner, "agency": agency.pk, "limit": limit, "channels": list(channels)}
    return _claimed(agency, _OLDEST_LETTERS, given)


def claim_calls(
    agency: Agency, owner: UUID, *, limit: int, webhook: int | None = None
) -> list[Claimed]:
    """Take a lease on `limit` waiting calls of each of the agency's webhooks, or of one of them."""
    given = {"owner": owner, "agency": agency.pk, "limit": limit, "webhook": webhook}
    return _claimed(agency, _CALLS_OF_EACH, given)


def _claimed(agency: Agency, chosen: str, given: dict[str, Any]) -> list[Claimed]:
    with agency_context(agency.pk):
        rows = OutboxMessage.objects.raw(_CLAIM.format(chosen=chosen), given)
        claimed = [
            Claimed(
                id=row.pk,
                key=row.key,
                channel=row.channel,
                recipient_id=row.recipient_id,
                to_agency_id=row.to_agency_id,
                webhook_id=row.webhook_id,
                template=row.template,
                params=row.params,
                attempts=row.attempts,
                created_at=row.created_at,
                not_before=row.not_before,
            )
            for row in rows
        ]
    return sorted(claimed, key=lambda one: (one.attempts, one.not_before, one.id))


def fence(agency: Agency, message: Claimed, owner: UUID) -> datetime | None:
    """Take the lease once more right before sending, which counts as a try.

    The moment of it on the database's clock; None: someone else has it by now.
    """
    with agency_context(agency.pk), connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE casework_outboxmessage
                SET lease_until = now() + interval '{LEASE_SECONDS} seconds',
                    attempts = attempts + 1
                WHERE id = %s AND lease_owner = %s AND sent_at IS NULL
                RETURNING now()""",  # noqa: S608 - the text is ours, values are parameters
            [message.id, owner],
        )
        row = cursor.fetchone()
    return row[0] if row else None


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


def put_back(
    agency: Agency, message: Claimed, owner: UUID, *, error: str, attention: bool = False
) -> None:
    """It could not be sent: try again after a pause that grows to five minutes.

    From the fifth failure on, or at once with `attention`, it is marked for a person to look at.
    """
    pause = min(2 ** min(message.attempts + 1, 9), _LONGEST_PAUSE_SECONDS)
    _update(
        agency,
        """UPDATE casework_outboxmessage
           SET lease_owner = NULL, lease_until = NULL, last_error = %s,
               not_before = now() + make_interval(secs => %s), needs_attention = %s
           WHERE id = %s AND lease_owner = %s AND sent_at IS NULL""",
        [error[:80], pause, attention or message.is_failing, message.id, owner],
    )


def _update(agency: Agency, sql: str, parameters: list[Any]) -> bool:
    with agency_context(agency.pk), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return bool(cursor.rowcount)


def calls_of(agency_id: int) -> QuerySet[OutboxMessage]:
    """What was or will be sent to the webhooks of an agency."""
    rows = OutboxMessage.objects.filter(agency_id=agency_id, webhook__isnull=False)
    return rows.select_related("webhook")
