"""Repeats of a POST: the first answer again, never the deed again.

The record is written in the transaction of the deed, so there is no answer without a deed and no
deed without its answer. What is kept is sealed: answers can hold names.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from casework.domain.errors import CaseworkError
from casework.domain.permissions import Principal
from casework.gateways import vault
from casework.models import IdempotencyRecord


class KeyReusedError(CaseworkError):
    """This Idempotency-Key was used before with another body; use a new key for a new request."""

    code = "idempotency_key_reused"


class InFlightError(CaseworkError):
    """The first request with this Idempotency-Key is still under way; try again shortly."""

    code = "request_in_flight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The first answer, as it was given: status, body, and the headers that belong to it."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A request that named a key: who, which route, and a fingerprint of what was sent."""

    principal: str
    route: str
    key: str
    fingerprint: bytes

    @classmethod
    def of(cls, by: Principal, route: str, key: str, body: bytes) -> "Attempt":
        """The attempt of a principal on a route; the body only leaves its digest."""
        return cls(
            principal=f"{by.kind}:{by.ref}@{by.agency_ref}",
            route=route,
            key=key,
            fingerprint=hashlib.sha256(body).digest(),
        )


def begin(attempt: Attempt, *, by: Principal, at: datetime) -> IdempotencyRecord | Answer:
    """Claim the key for this transaction, or give the first answer.

    A second request waits for the first one's transaction (the unique index holds it), then finds
    its answer. KeyReusedError if the body differs; InFlightError if there is no answer yet.
    """
    record = _existing(attempt) or _claimed(attempt, by, at)
    if record is None:
        record = _existing(attempt)
    if record is None:
        raise InFlightError
    if bytes(record.fingerprint) != attempt.fingerprint:
        raise KeyReusedError
    if record.status is None:
        if record.created_at == at:
            return record
        raise InFlightError
    return _answer(record)


def _existing(attempt: Attempt) -> IdempotencyRecord | None:
    return IdempotencyRecord.objects.filter(
        principal=attempt.principal, route=attempt.route, key=attempt.key
    ).first()


def _claimed(attempt: Attempt, by: Principal, at: datetime) -> IdempotencyRecord | None:
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(
                agency_id=by.agency_id,
                ref=uuid4(),
                principal=attempt.principal,
                route=attempt.route,
                key=attempt.key,
                fingerprint=attempt.fingerprint,
                created_at=at,
            )
    except IntegrityError:
        return None


def finish(record: IdempotencyRecord, answer: Answer) -> None:
    """Keep the answer with its request, in the same transaction as the deed."""
    made = vault.new_key(str(record.ref))
    content = {"body": answer.body, "headers": answer.headers}
    sealed = vault.seal(
        vault.open_key(made, str(record.ref)), json.dumps(content).encode(), _place(record)
    )
    packed = {"key": made.wrapped.hex(), "name": made.wrapping_key, "sealed": sealed.hex()}
    record.status = answer.status
    record.response = json.dumps(packed).encode()
    record.save(update_fields=["status", "response"])


def _answer(record: IdempotencyRecord) -> Answer:
    packed = json.loads(bytes(record.response or b""))
    wrapped = vault.WrappedKey(wrapped=bytes.fromhex(packed["key"]), wrapping_key=packed["name"])
    key = vault.open_key(wrapped, str(record.ref))
    content = json.loads(vault.unseal(key, bytes.fromhex(packed["sealed"]), _place(record)))
    return Answer(status=record.status or 0, body=content["body"], headers=content["headers"])


def _place(record: IdempotencyRecord) -> vault.Place:
    ref = str(record.ref)
    return vault.Place(table="casework_idempotencyrecord", column="response", row=ref, key=ref)
