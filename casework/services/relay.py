"""The relay of letters and words: sent outside any transaction, under lease and fence.

Calls to partners' systems have a relay of their own (casework.services.calls), so that none of
them holds up a letter. One message that cannot be sent never holds up another.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation

from casework.access import agency_context, system_principal
from casework.domain.errors import CaseworkError, NotFoundError
from casework.domain.permissions import Role
from casework.gateways import email
from casework.models import Agency, Membership, User
from casework.services import fault_points, journal, outbox, waiting
from casework.services.alarms import tell_undelivered
from casework.services.database_clock import database_now
from casework.services.letters import letter_for
from casework.services.notices import notify_members
from casework.services.pace import AT_ONCE, Pace, in_batches
from casework.services.send_journal import note_sent

logger = logging.getLogger(__name__)
BATCH = 50
STRIKES = 2
"""So many failures of a target and not one success: it is away, and the rest waits with them."""
_TELLS = {
    "referral_received": (Role.SUPERVISOR, Role.CASEWORKER),
    "referral_answered": (Role.SUPERVISOR, Role.CASEWORKER),
}
Send = Callable[[email.Letter], None]


class UndeliverableError(CaseworkError):
    """The message cannot be sent as it stands; a person has to look at it."""

    code = "undeliverable"


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What became of the messages of one agency that were claimed together."""

    agency: Agency
    owner: UUID = field(default_factory=uuid4)
    claimed: int = 0
    sent: int = 0
    letters_sent: int = 0
    unanswered: list[int] = field(default_factory=list)
    """Letters for which the mail server did not answer."""
    error: str = ""
    failing: list[str] = field(default_factory=list)
    """Keys of which people have to hear, unless it is the mail server that is away."""
    untried: list[outbox.Claimed] = field(default_factory=list)

    @property
    def mail_is_away(self) -> bool:
        """Whether trying another letter would only cost time."""
        return len(self.unanswered) >= STRIKES and not self.letters_sent


def relay_agency(agency: Agency, *, limit: int = BATCH) -> int:
    """Send one batch of an agency's waiting letters and words. Returns how many left."""
    return _relay(agency, limit).sent


def relay_all(*, limit: int = BATCH, pace: Pace = AT_ONCE) -> int:
    """Send every letter and word that waits, one batch an agency at a time.

    What a round leaves is the next one's.
    """
    total, agencies = 0, list(Agency.objects.order_by("pk"))

    def batch() -> bool:
        nonlocal total, agencies
        batches = [_relay(agency, limit) for agency in agencies]
        total += sum(one.sent for one in batches)
        agencies = [one.agency for one in batches if one.claimed == limit and one.sent]
        return bool(agencies)

    in_batches(batch, pace)
    return total


def _relay(agency: Agency, limit: int) -> _Batch:
    batch = _Batch(agency=agency)
    messages = outbox.claim(agency, batch.owner, limit=limit)
    batch.claimed = len(messages)
    if messages:
        fault_points.reach(fault_points.CLAIM_COMMIT)
    with email.session() as send:
        for message in messages:
            if message.channel == "email" and batch.mail_is_away:
                batch.untried.append(message)
            else:
                _try(batch, message, send)
    waiting.give_back(agency, batch.untried, batch.owner)
    if batch.mail_is_away:
        batch.failing = _rest(batch)
    for key in batch.failing:
        tell_undelivered(agency, key)
    return batch


def _rest(batch: _Batch) -> list[str]:
    """All letters wait together; the oldest speaks for them."""
    away = waiting.Away(webhook_id=None, tried=batch.unanswered, error=batch.error)
    oldest = waiting.rest(batch.agency, away)
    return [] if oldest is None else [oldest]


def _try(batch: _Batch, message: outbox.Claimed, send: Send) -> None:
    """One message. What is wrong with it is its own trouble; what the database has, everyone's."""
    now = outbox.fence(batch.agency, message, batch.owner)
    if now is None:
        return
    fault_points.reach(fault_points.FENCE)
    try:
        if message.channel == "agency":
            batch.sent += _tell_agency(batch, message)
        else:
            _write_letter(batch.agency, message, now, send)
            _mark_letter(batch, message)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - one bad row must not hold up the others
        _put_back(batch, message, error)


def _mark_letter(batch: _Batch, message: outbox.Claimed) -> None:
    note_sent(batch.agency, key=message.key, channel=message.channel, template=message.template)
    fault_points.reach(fault_points.SEND)
    batch.letters_sent += 1
    batch.sent += outbox.mark_sent(batch.agency, message, batch.owner)
    fault_points.reach(fault_points.MARK)


def _put_back(batch: _Batch, message: outbox.Claimed, error: Exception) -> None:
    """Keep it for another try; people hear of it at the fifth, or when trying alone cannot help."""
    name = type(error).__name__
    hopeless = isinstance(error, UndeliverableError | NotFoundError)
    outbox.put_back(batch.agency, message, batch.owner, error=name, attention=hopeless)
    logger.warning("outbox.not_sent attempts=%d %s", message.attempts + 1, name)
    is_the_server = email.is_away(error) and message.channel == "email"
    if is_the_server:
        batch.unanswered.append(message.id)
        batch.error = name
    if hopeless or (message.is_failing and not is_the_server):
        tell_undelivered(batch.agency, message.key)
    elif message.is_failing:
        batch.failing.append(message.key)


def _reader(agency: Agency, message: outbox.Claimed) -> User:
    """Who is to read it, asked right before sending: whoever has left meanwhile hears nothing."""
    with agency_context(agency.pk):
        member = (
            Membership.objects.filter(
                agency=agency,
                user_id=message.recipient_id or 0,
                user__is_active=True,
                ended_at__isnull=True,
            )
            .select_related("user")
            .first()
        )
    if member is None:
        raise UndeliverableError
    return member.user


def _write_letter(agency: Agency, message: outbox.Claimed, now: datetime, send: Send) -> None:
    user = _reader(agency, message)
    with translation.override(user.language):
        subject, body = letter_for(message.template, message.params, now)
    send(email.Letter(to=user.email, subject=subject, body=body, key=message.key))


@transaction.atomic
def _tell_agency(batch: _Batch, message: outbox.Claimed) -> bool:
    """Notices in the other agency's context and the mark in ours: one transaction, once."""
    other = Agency.objects.get(pk=message.to_agency_id or 0)
    roles = _TELLS.get(message.template)
    if roles is None:
        raise UndeliverableError
    event = message.template.replace("_", ".")
    with agency_context(other.pk), connection.cursor() as cursor:
        now = database_now(cursor)
        notify_members(
            other,
            [role.value for role in roles],
            key=message.key,
            template=message.template,
            params=message.params,
            at=now,
        )
        referral = str(message.params["referral"])
        outbox.post_to_webhooks(other, event, {"referral": referral}, message.key, now)
        journal.record(event, f"referral:{referral}", by=system_principal(other), at=now)
    return outbox.mark_sent(batch.agency, message, batch.owner)
