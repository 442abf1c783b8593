"""Webhooks: made, given a new secret, ended; and what was sent to them, looked at and repeated.

A secret leaves once, in the answer to whoever asked for it. Here it lies sealed under a key of
the webhook's own.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from casework.access import agency_context, system_principal
from casework.domain.errors import InvalidInputError, NotAllowedNowError, NotFoundError
from casework.domain.permissions import Capability, Principal, require
from casework.domain.webhook_events import WebhookEvent
from casework.gateways.webhooks import check_url
from casework.models import Agency, Webhook
from casework.services import journal, outbox, waiting
from casework.services.alarms import tell_disabled
from casework.services.database_clock import database_now
from casework.services.outbox import Delivery
from casework.services.sealing import new_subject_key, open_value, seal_value

BOTH_SIGN = timedelta(hours=24)
MOST = 20
"""Webhooks of one agency at a time: each event is sent to every one of them."""
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebhook:
    """Where to, and what it wants to hear of."""

    url: str
    events: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A webhook with its secret, on the secret's only way out."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Where a call goes, and the secrets that sign it, the newest first."""

    url: str
    secrets: tuple[str, ...]


def webhooks_of(by: Principal) -> QuerySet[Webhook]:
    """The webhooks of the principal's agency, disabled ones too."""
    require(by, Capability.MANAGE_WEBHOOKS)
    return Webhook.objects.filter(agency_id=by.agency_id).select_related("key")


def webhook_of(by: Principal, ref: UUID | str) -> Webhook:
    """One webhook of the principal's agency. NotFoundError for any other."""
    found = webhooks_of(by).filter(ref=ref).first()
    if found is None:
        raise NotFoundError
    return found


@transaction.atomic
def create_webhook(new: NewWebhook, *, by: Principal, at: datetime) -> Issued:
    """A webhook of the principal's agency. InvalidInputError names what cannot be accepted."""
    require(by, Capability.MANAGE_WEBHOOKS)
    check_url(new.url)
    events = _checked_events(new.events)
    agency = Agency.objects.select_for_update().get(pk=by.agency_id)
    if Webhook.objects.enabled().filter(agency=agency).count() >= MOST:
        msg = f"An agency has at most {MOST} webhooks; disable one first."
        raise NotAllowedNowError(msg)
    webhook = Webhook(
        agency=agency,
        url=new.url,
        events=events,
        key=new_subject_key(agency, at=at),
        created_by=f"{by.kind}:{by.ref}",
        created_at=at,
    )
    secret = _new_secret()
    webhook.secret = _sealed(webhook, "secret", secret)
    webhook.save(force_insert=True)
    _journal(webhook, "created", by, at)
    return Issued(webhook=webhook, secret=secret)


def _checked_events(events: Sequence[str]) -> list[str]:
    known = [event.value for event in WebhookEvent]
    for number, name in enumerate(events):
        if name not in known:
            detail = f"Choose among: {', '.join(known)}."
            raise InvalidInputError.at(f"/events/{number}", "not_an_option", detail)
    if not events:
        raise InvalidInputError.at("/events", "required", "Choose at least one event.")
    return sorted(set(events))


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _sealed(webhook: Webhook, column: str, secret: str) -> bytes:
    sealed = seal_value(webhook, column, secret, key=webhook.key)
    if sealed is None:
        raise ValueError(column)
    return sealed


def _journal(webhook: Webhook, deed: str, by: Principal, at: datetime) -> None:
    """The address stays out: it may hold a password of the partner's."""
    journal.record(f"webhook.{deed}", f"webhook:{webhook.ref}", by=by, at=at, events=webhook.events)


@transaction.atomic
def rotate_secret(webhook: Webhook, *, by: Principal, at: datetime) -> Issued:
    """A new secret. For a day the one before signs too, so that the partner can change over."""
    require(by, Capability.MANAGE_WEBHOOKS)
    row = _locked(webhook)
    if row.disabled_at is not None:
        msg = "This webhook is disabled; create another."
        raise NotAllowedNowError(msg)
    secret = _new_secret()
    row.old_secret = _sealed(row, "old_secret", open_value(row, "secret", key=row.key))
    row.old_until = at + BOTH_SIGN
    row.secret = _sealed(row, "secret", secret)
    row.save(update_fields=["secret", "old_secret", "old_until"])
    _journal(row, "rotated", by, at)
    return Issued(webhook=row, secret=secret)


@transaction.atomic
def disable_webhook(webhook: Webhook, *, by: Principal, at: datetime) -> Webhook:
    """End it. What waits for it is kept and asks for a person; nothing more is added."""
    require(by, Capability.MANAGE_WEBHOOKS)
    row = _locked(webhook)
    if row.disabled_at is not None:
        msg = "This webhook was already disabled."
        raise NotAllowedNowError(msg)
    return _disable(row, "asked", by=by, at=at)


def _locked(webhook: Webhook) -> Webhook:
    rows = Webhook.objects.select_for_update(of=("self",)).select_related("key", "agency")
    return rows.get(pk=webhook.pk)


def _disable(row: Webhook, because: str, *, by: Principal, at: datetime) -> Webhook:
    row.disabled_at = at
    row.disabled_because = because
    row.save(update_fields=["disabled_at", "disabled_because"])
    journal.record(
        "webhook.disabled", f"webhook:{row.ref}", by=by, at=at, because=because, events=row.events
    )
    return row


def close_gone(agency: Agency, webhook_id: int) -> None:
    """The receiver answered that it is gone: end the webhook and tell those who can replace it."""
    with agency_context(agency.pk), connection.cursor() as cursor:
        at = database_now(cursor)
        row = Webhook.objects.select_for_update().enabled().filter(pk=webhook_id).first()
        if row is not None:
            _disable(row, "gone", by=system_principal(agency), at=at)
            tell_disabled(agency, str(row.ref))


def addressed(webhook_id: int, now: datetime) -> Addressed | None:
    """Where a call to the webhook goes at that moment; None when it is disabled."""
    row = Webhook.objects.enabled().filter(pk=webhook_id).select_related("key").first()
    if row is None:
        return None
    signing = [open_value(row, "secret", key=row.key)]
    if row.old_until is not None and now < row.old_until:
        signing.append(open_value(row, "old_secret", key=row.key))
    return Addressed(url=row.url, secrets=tuple(signing))


def deliveries_of(by: Principal) -> QuerySet[Delivery]:
    """What was or will be sent to the webhooks of the principal's agency."""
    require(by, Capability.MANAGE_WEBHOOKS)
    return outbox.calls_of(by.agency_id)


def delivery_of(by: Principal, ref: UUID | str) -> Delivery:
    """One of them. NotFoundError for any other."""
    found = deliveries_of(by).filter(ref=ref).first()
    if found is None:
        raise NotFoundError
    return found


@transaction.atomic
def replay_delivery(delivery: Delivery, *, by: Principal, at: datetime) -> Delivery:
    """Send it (once more) now, under the same webhook-id as before."""
    require(by, Capability.MANAGE_WEBHOOKS)
    if delivery.webhook is None or delivery.webhook.disabled_at is not None:
        msg = "This webhook is disabled; create another."
        raise NotAllowedNowError(msg)
    if not waiting.ask_again(by.agency_id, delivery.pk):
        msg = "This is being sent at this very moment."
        raise NotAllowedNowError(msg)
    journal.record(
        "webhook.replayed",
        f"webhook:{delivery.webhook.ref}",
        by=by,
        at=at,
        delivery=str(delivery.ref),
    )
    delivery.refresh_from_db()
    return delivery
