"""Consents: recorded in writing, for one agency, for a time, and withdrawn at any moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casework.domain.conditions import FactValue
from casework.domain.consent import Consent, SignedBy, check_release, covers
from casework.domain.disclosure import RELEASABLE
from casework.domain.errors import NotAllowedNowError
from casework.domain.permissions import Capability, Principal, require
from casework.models import Agency, Case, ConsentRecord, Referral
from casework.services import journal
from casework.services.ledger import known_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConsent:
    """A release as it was signed."""

    recipient: Agency
    fields: tuple[str, ...]
    purpose: str
    valid_from: datetime
    valid_until: datetime
    written: bool
    signed_by: SignedBy
    guardian_is_alleged_abuser: bool | None = None


@transaction.atomic
def record_consent(case: Case, new: NewConsent, *, by: Principal, at: datetime) -> ConsentRecord:
    """Record a written release. InvalidInputError names what makes it no valid release."""
    require(by, Capability.RECORD_CONSENT)
    check_release(_as_domain("new", new, _minor(known_facts(case))), RELEASABLE)
    record = ConsentRecord.objects.create(
        agency_id=case.agency_id,
        case=case,
        recipient=new.recipient,
        fields=sorted(set(new.fields)),
        purpose=new.purpose,
        written=new.written,
        signed_by=new.signed_by.value,
        guardian_is_alleged_abuser=new.guardian_is_alleged_abuser,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        recorded_by=f"{by.kind}:{by.ref}",
        recorded_at=at,
    )
    journal.record(
        "consent.recorded",
        f"case:{case.ref}",
        by=by,
        at=at,
        consent=str(record.ref),
        recipient=str(new.recipient.ref),
        fields=record.fields,
        until=new.valid_until.isoformat(),
    )
    return record


@transaction.atomic
def withdraw_consent(record: ConsentRecord, *, by: Principal, at: datetime) -> ConsentRecord:
    """End a release now. What was not sent will not be, and packets that rest on it close.

    Referrals are locked before the release, in the order in which sending locks them.
    """
    require(by, Capability.RECORD_CONSENT)
    referrals = list(
        Referral.objects.locked()
        .sent_by(record.agency_id)
        .filter(origin__case=record.case_id, recipient=record.recipient_id)
        .select_related("origin")
        .order_by("pk")
    )
    row = ConsentRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if row.withdrawn_at is not None:
        msg = "This release was already withdrawn."
        raise NotAllowedNowError(msg)
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    journal.record("consent.withdrawn", f"case:{row.case.ref}", by=by, at=at, consent=str(row.ref))
    _close_packets(row, referrals, by=by, at=at)
    return row


def _close_packets(
    record: ConsentRecord, referrals: list[Referral], *, by: Principal, at: datetime
) -> None:
    """Close every packet that no longer stands on a release for each of its fields.

    What was read cannot be taken back; what is read again can be refused.
    """
    standing, recipient = consents_of(record.case), str(record.recipient.ref)
    for referral in referrals:
        readable = referral.sent_at is not None and referral.packet_closed_at is None
        fields = tuple(referral.origin.fields)
        if readable and covers(standing, recipient, fields, at).missing:
            referral.packet_closed_at = at
            referral.updated_at = at
            referral.version += 1
            referral.save(update_fields=["packet_closed_at", "updated_at", "version"])
            journal.record("packet.closed", f"referral:{referral.ref}", by=by, at=at)


def consents_of(case: Case, *, lock: bool = False) -> list[Consent]:
    """The releases of a case as the disclosure rules read them.

    With `lock`, a withdrawal waits for the sender's transaction or the sender for it: no packet
    is sent on a release that ended in between.
    """
    rows = ConsentRecord.objects.filter(case=case).select_related("recipient").order_by("id")
    if lock:
        rows = rows.select_for_update(of=("self",))
    minor = _minor(known_facts(case))
    return [_as_domain(str(row.ref), row, minor, row.withdrawn_at) for row in rows]


def _minor(facts: dict[str, FactValue]) -> bool | None:
    value = facts.get("age_now_under_18")
    return value if isinstance(value, bool) else None


def _as_domain(
    ref: str,
    source: NewConsent | ConsentRecord,
    minor: bool | None,  # noqa: FBT001 - three values: yes, no, unknown
    withdrawn_at: datetime | None = None,
) -> Consent:
    return Consent(
        ref=ref,
        recipient_agency=str(source.recipient.ref),
        fields=frozenset(source.fields),
        purpose=source.purpose,
        valid_from=source.valid_from,
        valid_until=source.valid_until,
        withdrawn_at=withdrawn_at,
        written=source.written,
        signed_by=SignedBy(source.signed_by),
        guardian_is_alleged_abuser=bool(source.guardian_is_alleged_abuser),
        person_is_minor=minor,
    )
