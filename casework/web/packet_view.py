"""A packet field by field: what would leave or left, and the consent that each field rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from casework.domain.disclosure import RELEASABLE, FieldKind
from casework.models import ConsentRecord, Referral
from casework.services.packets import releasable_values
from casework.services.referrals import packet_coverage
from casework.web.wording import FIELD_LABELS, SENSITIVITY, Words, word

_FREE = (FieldKind.IDENTITY, FieldKind.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketLine:
    """One field of a packet."""

    code: str
    label: Words
    sensitivity: Words
    value: Words
    consent: ConsentRecord | None = None

    @property
    def covered(self) -> bool:
        """Whether a consent covers it."""
        return self.consent is not None


def preview(referral: Referral, *, at: datetime, shown: bool) -> list[PacketLine]:
    """What would leave now. Values that identify or tell a story show only when asked for."""
    coverage = packet_coverage(referral, at=at)
    rows = ConsentRecord.objects.filter(ref__in=set(coverage.by_field.values()))
    consents = {str(row.ref): row for row in rows}
    values = releasable_values(referral.origin.case, referral, at=at)
    return [
        PacketLine(
            code=code,
            label=FIELD_LABELS[code],
            sensitivity=SENSITIVITY[RELEASABLE[code].sensitivity],
            value=_shown(code, values.get(code)) if shown or not _hidden(code) else "••••••",
            consent=consents.get(coverage.by_field.get(code, "")),
        )
        for code in referral.origin.fields
    ]


def opened_lines(packet: Mapping[str, Any]) -> list[PacketLine]:
    """What was sent, as it was frozen."""
    return [
        PacketLine(
            code=code,
            label=FIELD_LABELS.get(code, code),
            sensitivity=SENSITIVITY[RELEASABLE[code].sensitivity] if code in RELEASABLE else "",
            value=_shown(code, value),
        )
        for code, value in packet.items()
    ]


def _hidden(code: str) -> bool:
    return RELEASABLE[code].kind in _FREE


def _shown(code: str, value: object) -> Words:
    """A value in words; what is empty says so."""
    if value is None or value in ("", []):
        return _("Nothing is recorded")
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if code == "clocks" and isinstance(value, list):
        return "; ".join(f"{row['rule']}: {row['due_at']}" for row in value)
    if isinstance(value, list):
        return ", ".join(str(word(one)) for one in value)
    return word(value) if code == "age_band" else str(value)
