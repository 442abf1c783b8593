"""The relay: send what the outbox holds, outside any transaction, under lease and fence."""

import logging
import smtplib
from collections.abc import Callable
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import translation

from casework.access import agency_context, system_principal
from casework.domain.errors import CaseworkError
from casework.domain.permissions import Role
from casework.gateways import email
from casework.models import Agency, User
from casework.services import journal, outbox
from casework.services.database_clock import database_now
from casework.services.letters import letter_for
from casework.services.notices import notify_members

logger = logging.getLogger(__name__)
BATCH = 50
_TELLS = {
    "referral_received": (Role.SUPERVISOR, Role.CASEWORKER),
    "referral_answered": (Role.SUPERVISOR, Role.CASEWORKER),
}


class UndeliverableError(CaseworkError):
    """The message cannot be sent as it stands; a person has to look at it."""

    code = "undeliverable"


def relay_agency(agency: Agency, *, limit: int = BATCH) -> int:
    """Send one batch of an agency's waiting messages. Returns how many left."""
    owner = uuid4()
    sent = 0
    messages = outbox.claim(agency, owner, limit=limit)
    with email.session() as send:
        for message in messages:
            if outbox.fence(agency, message, owner) and _deliver(agency, message, owner, send):
                sent += 1
    return sent


def relay_all(*, limit: int = BATCH) -> int:
    """Send everything that waits, one batch an agency at a time."""
    total, waiting = 0, list(Agency.objects.order_by("pk"))
    while waiting:
        counts = [(agency, relay_agency(agency, limit=limit)) for agency in waiting]
        total += sum(count for _, count in counts)
        waiting = [agency for agency, count in counts if count == limit]
    return total


def _deliver(
    agency: Agency, message: outbox.Claimed, owner: UUID, send: Callable[[email.Letter], None]
) -> bool:
    try:
        if message.channel == "agency":
            return _tell_agency(agency, message, owner)
        _write_letter(message, send)
    except (OSError, smtplib.SMTPException, CaseworkError) as error:
        outbox.put_back(agency, message, owner, error=type(error).__name__)
        _raise_alarm(agency, message)
        logger.warning("outbox.not_sent attempts=%d %s", message.attempts, type(error).__name__)
        return False
    return outbox.mark_sent(agency, message, owner)


def _write_letter(message: outbox.Claimed, send: Callable[[email.Letter], None]) -> None:
    user = User.objects.filter(pk=message.recipient_id or 0, is_active=True).first()
    if user is None:
        raise UndeliverableError
    with translation.override(user.language):
        subject, body = letter_for(message.template)
    send(email.Letter(to=user.email, subject=subject, body=body, key=message.key))


@transaction.atomic
def _tell_agency(agency: Agency, message: outbox.Claimed, owner: UUID) -> bool:
    """Notices in the other agency's context and the mark in ours: one transaction, once."""
    other = Agency.objects.get(pk=message.to_agency_id or 0)
    roles = _TELLS.get(message.template, (Role.SUPERVISOR,))
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
        journal.record(
            message.template.replace("_", "."),
            f"referral:{message.params['referral']}",
            by=system_principal(other),
            at=now,
        )
    return outbox.mark_sent(agency, message, owner)


def _raise_alarm(agency: Agency, message: outbox.Claimed) -> None:
    """From the fifth failure on the supervisors hear of it in the application; once a message."""
    if message.attempts < outbox.ATTEMPTS_BEFORE_ALARM:
        return
    with agency_context(agency.pk), connection.cursor() as cursor:
        notify_members(
            agency,
            [Role.SUPERVISOR.value, Role.ADMINISTRATOR.value],
            key=f"undelivered:{message.key}",
            template="message_undelivered",
            params={},
            at=database_now(cursor),
        )
