"""Referrals: drafted from a case, reviewed by another pair of eyes, sent as a frozen packet.

Consent is asked for twice: when a supervisor approves, and again at the moment of sending.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from casework.domain.consent import Coverage, covers
from casework.domain.disclosure import RELEASABLE, build_packet
from casework.domain.errors import InvalidInputError, NotAllowedNowError, NotPermittedError
from casework.domain.permissions import Capability, Principal, require
from casework.domain.referral_flow import ReferralAction, ReferralStatus, next_status
from casework.models import Agency, Case, ConsentRecord, Referral, ReferralOrigin
from casework.services import journal, outbox
from casework.services.consents import consents_of
from casework.services.packets import freeze, releasable_values
from casework.services.sealing import open_value, seal_value
from casework.services.wording import clean_text

PURPOSES = (
    "legal",
    "immigration",
    "shelter",
    "medical",
    "mental_health",
    "employment",
    "education",
    "language",
    "law_enforcement",
    "child_welfare",
    "other",
)
URGENCIES = ("routine", "soon", "urgent")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReferral:
    """What the caseworker asks of whom, and which fields should go with it."""

    recipient: Agency
    purpose: str
    fields: tuple[str, ...]
    urgency: str = "routine"
    pathway: str = ""
    needs: str = ""
    summary: str = ""


@transaction.atomic
def draft_referral(case: Case, new: NewReferral, *, by: Principal, at: datetime) -> Referral:
    """Write a draft. Nothing leaves; the recipient cannot see it."""
    require(by, Capability.DRAFT_REFERRAL)
    _check(case, new)
    referral = Referral.objects.create(
        sender_id=case.agency_id,
        recipient=new.recipient,
        purpose=new.purpose,
        urgency=new.urgency,
        created_at=at,
        updated_at=at,
    )
    origin = ReferralOrigin(
        agency_id=case.agency_id,
        referral=referral,
        case=case,
        pathway=new.pathway,
        fields=sorted(set(new.fields)),
        drafted_by=f"{by.kind}:{by.ref}",
    )
    origin.save()
    texts = {
        "needs": clean_text(new.needs, "/needs"),
        "summary": clean_text(new.summary, "/summary"),
    }
    origin.texts = seal_value(origin, "texts", texts, key=case.person.key)
    origin.save(update_fields=["texts"])
    _journal(referral, "drafted", by, at, case=str(case.ref))
    return referral


def _check(case: Case, new: NewReferral) -> None:
    if new.recipient.pk == case.agency_id:
        raise InvalidInputError.at("/recipient", "own_agency", "Choose another agency.")
    for pointer, value, options in (
        ("/purpose", new.purpose, PURPOSES),
        ("/urgency", new.urgency, URGENCIES),
    ):
        if value not in options:
            raise InvalidInputError.at(
                pointer, "not_an_option", f"Must be one of: {', '.join(options)}."
            )
    for number, name in enumerate(new.fields):
        if name not in RELEASABLE:
            raise InvalidInputError.at(
                f"/fields/{number}",
                "not_releasable",
                f"“{name}” can never be sent. Possible are: {', '.join(sorted(RELEASABLE))}.",
            )
    if not new.fields:
        raise InvalidInputError.at("/fields", "required", "Choose at least one field to send.")


def _locked(referral: Referral) -> Referral:
    return (
        Referral.objects.locked()
        .select_related("sender", "recipient", "origin__case__person__key", "origin__case__agency")
        .get(pk=referral.pk)
    )


def _move(row: Referral, action: ReferralAction, at: datetime) -> None:
    row.status = next_status(ReferralStatus(row.status), action).value
    row.updated_at = at
    row.version += 1


def _journal(referral: Referral, deed: str, by: Principal, at: datetime, **detail: Any) -> None:  # noqa: ANN401
    journal.record(f"referral.{deed}", f"referral:{referral.ref}", by=by, at=at, **detail)


def _sender_side(row: Referral, by: Principal) -> None:
    if row.sender_id != by.agency_id:
        raise NotPermittedError


def _recipient_side(row: Referral, by: Principal) -> None:
    if row.recipient_id != by.agency_id:
        raise NotPermittedError


@transaction.atomic
def submit_referral(referral: Referral, *, by: Principal, at: datetime) -> Referral:
    """Ask the supervisor to review it."""
    require(by, Capability.DRAFT_REFERRAL)
    row = _locked(referral)
    _sender_side(row, by)
    _move(row, ReferralAction.SUBMIT, at)
    row.submitted_at = at
    row.save()
    _journal(row, "submitted", by, at)
    return row


@transaction.atomic
def approve_referral(referral: Referral, *, by: Principal, at: datetime) -> Referral:
    """A supervisor who did not write it approves it; consent must cover every field."""
    require(by, Capability.APPROVE_REFERRAL)
    row = _locked(referral)
    _sender_side(row, by)
    me = f"{by.kind}:{by.ref}"
    if row.origin.drafted_by == me:
        msg = "Someone else has to approve what you wrote yourself."
        raise NotPermittedError(msg)
    _move(row, ReferralAction.APPROVE, at)
    preview_packet(row, at=at, lock=True)
    row.save()
    row.origin.reviewed_by = me
    row.origin.save(update_fields=["reviewed_by"])
    _journal(row, "approved", by, at)
    return row


@transaction.atomic
def return_referral(referral: Referral, *, reason: str, by: Principal, at: datetime) -> Referral:
    """Give it back to its writer with a reason."""
    require(by, Capability.APPROVE_REFERRAL)
    row = _locked(referral)
    _sender_side(row, by)
    text = clean_text(reason, "/reason")
    if not text:
        raise InvalidInputError.at("/reason", "required", "Say what has to change.")
    _move(row, ReferralAction.RETURN, at)
    row.save()
    origin = row.origin
    origin.reviewed_by = f"{by.kind}:{by.ref}"
    origin.returned_because = seal_value(
        origin, "returned_because", text, key=origin.case.person.key
    )
    origin.save(update_fields=["reviewed_by", "returned_because"])
    _journal(row, "returned", by, at)
    return row


@transaction.atomic
def send_referral(referral: Referral, *, by: Principal, at: datetime) -> Referral:
    """Freeze the packet on the consent that holds at this moment, and send it."""
    require(by, Capability.DRAFT_REFERRAL)
    row = _locked(referral)
    _sender_side(row, by)
    _move(row, ReferralAction.SEND, at)
    packet, coverage = preview_packet(row, at=at, lock=True)
    used = sorted(set(coverage.by_field.values()))
    ends = ConsentRecord.objects.filter(ref__in=used).order_by("valid_until").first()
    if ends is None:
        msg = "No consent was found to send on."
        raise NotAllowedNowError(msg)
    freeze(row, packet, until=ends.valid_until)
    row.sent_at = at
    row.save()
    outbox.post_to_agency(
        row.sender,
        row.recipient,
        key=f"referral:{row.ref}:sent",
        template="referral_received",
        params={"referral": str(row.ref)},
        at=at,
    )
    _journal(row, "sent", by, at, fields=sorted(packet), consents=used)
    return row


def preview_packet(
    referral: Referral, *, at: datetime, lock: bool = False
) -> tuple[dict[str, Any], Coverage]:
    """Exactly what would leave now and the consent each field rests on.

    ConsentMissingError names every field that no release covers.
    """
    case = referral.origin.case
    fields = tuple(referral.origin.fields)
    coverage = packet_coverage(referral, at=at, lock=lock)
    return build_packet(releasable_values(case, referral, at=at), fields, coverage), coverage


def packet_coverage(referral: Referral, *, at: datetime, lock: bool = False) -> Coverage:
    """Which release covers which field of the referral at that moment."""
    consents = consents_of(referral.origin.case, lock=lock)
    recipient = str(referral.recipient.ref)
    return covers(consents, recipient, tuple(referral.origin.fields), at)


def reason_returned(referral: Referral) -> str:
    """Why the supervisor gave it back; empty when they did not."""
    origin = referral.origin
    return open_value(origin, "returned_because", key=origin.case.person.key) or ""


@transaction.atomic
def withdraw_referral(referral: Referral, *, by: Principal, at: datetime) -> Referral:
    """Take it back, also after it was sent and before it was answered."""
    require(by, Capability.DRAFT_REFERRAL)
    row = _locked(referral)
    _sender_side(row, by)
    _move(row, ReferralAction.WITHDRAW, at)
    row.save()
    _journal(row, "withdrawn", by, at)
    return row
