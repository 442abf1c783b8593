"""The receiving side of a referral: read the packet, accept, decline, start, complete."""

from datetime import datetime
from typing import Any

from django.db import transaction

from casework.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from casework.domain.permissions import Capability, Principal, require
from casework.domain.referral_flow import ReferralAction, ReferralStatus, next_status
from casework.models import Referral
from casework.services import journal, outbox
from casework.services.packets import open_from_envelope, open_packet, seal_in_envelope
from casework.services.wording import clean_text

_DEEDS = {
    ReferralAction.ACCEPT: "accepted",
    ReferralAction.DECLINE: "declined",
    ReferralAction.START: "started",
    ReferralAction.COMPLETE: "completed",
}

_LEGIBLE = ("sent", "accepted", "in_progress", "completed")


@transaction.atomic
def answer_referral(
    referral: Referral, action: ReferralAction, *, by: Principal, at: datetime, note: str = ""
) -> Referral:
    """Accept, decline, start or complete. Declining needs a word of why; the sender is told."""
    require(by, Capability.ANSWER_REFERRAL)
    row = Referral.objects.locked().select_related("sender", "recipient").get(pk=referral.pk)
    if row.recipient_id != by.agency_id or action not in _DEEDS:
        raise NotPermittedError
    row.status = next_status(ReferralStatus(row.status), action).value
    text = clean_text(note, "/note")
    if action is ReferralAction.DECLINE and not text:
        raise InvalidInputError.at("/note", "required", "Say why, so that the sender can go on.")
    if text:
        row.answer_note = seal_in_envelope(row, "answer_note", text)
    if action in (ReferralAction.ACCEPT, ReferralAction.DECLINE):
        row.answered_at = at
    row.updated_at = at
    row.version += 1
    row.save(update_fields=["status", "answer_note", "answered_at", "updated_at", "version"])
    journal.record(f"referral.{_DEEDS[action]}", f"referral:{row.ref}", by=by, at=at)
    outbox.post_to_agency(
        row.recipient,
        row.sender,
        key=f"referral:{row.ref}:{_DEEDS[action]}",
        template="referral_answered",
        params={"referral": str(row.ref), "status": row.status},
        at=at,
    )
    return row


@transaction.atomic
def read_packet(referral: Referral, *, by: Principal, at: datetime) -> dict[str, Any]:
    """What was sent, for either side; every reading is journaled. Nothing else of the case."""
    require(by, Capability.READ_REFERRALS)
    sides = (referral.sender_id, referral.recipient_id)
    if referral.status not in _LEGIBLE or by.agency_id not in sides:
        msg = "There is no packet to read: it was not sent, or the referral has ended."
        raise NotFoundError(msg)
    packet = open_packet(referral, at=at)
    journal.record("packet.read", f"referral:{referral.ref}", by=by, at=at, fields=sorted(packet))
    return packet


def answer_note(referral: Referral) -> str:
    """The recipient's word; empty where there is none."""
    return open_from_envelope(referral, "answer_note") or ""
