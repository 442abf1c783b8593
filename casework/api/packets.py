"""Packets: what would leave and on whose word, and what did."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import referral_for
from casework.api.fields import Read
from casework.api.resources import Resource, Rights
from casework.domain.disclosure import RELEASABLE, FieldKind, Sensitivity
from casework.domain.permissions import Capability
from casework.models import Referral
from casework.services.packets import releasable_values
from casework.services.received_referrals import read_packet
from casework.services.referrals import packet_coverage


class PacketFieldOut(Read):
    """One field of the packet."""

    code = serializers.CharField()
    label_ = serializers.CharField()
    sensitivity = serializers.ChoiceField(choices=list(Sensitivity))
    value = serializers.JSONField(help_text="Whatever was recorded; null where nothing is.")
    withheld = serializers.BooleanField(
        help_text="Whether the value is left out of a preview because it identifies."
    )
    consent = serializers.UUIDField(
        allow_null=True, help_text="The release it would rest on; null where none covers it."
    )


class PacketOut(Read):
    """Everything that leaves, and nothing else."""

    sent = serializers.BooleanField(help_text="False: a preview; nothing has left.")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Fields that no release covers."
    )
    fields_ = PacketFieldOut(many=True)


_PREVIEWED = (FieldKind.FACT, FieldKind.FINDING)
"""What a preview shows; names and free texts are seen where they are revealed and journaled."""


def _field(code: str, value: Any, consent: str | None = None) -> dict[str, Any]:  # noqa: ANN401
    field = RELEASABLE[code]
    return {
        "withheld": False,
        "code": code,
        "label": field.label,
        "sensitivity": field.sensitivity,
        "value": value,
        "consent": consent,
    }


class Packet(Resource):
    """`referrals/{ref}/packet/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_REFERRALS,)}

    @extend_schema(responses=PacketOut)
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """What was sent; before that, for the sender, which fields would go and on what consent.

        Each reading of what was sent is kept in the journal.
        """
        referral = referral_for(self.by, ref)
        before = referral.sent_at is None and referral.sender_id == self.by.agency_id
        content = self._preview(referral) if before else self._sent(referral)
        return self.answer(PacketOut, content)

    def _preview(self, referral: Referral) -> dict[str, Any]:
        coverage = packet_coverage(referral, at=self.at)
        values = releasable_values(referral.origin.case, referral, at=self.at)
        fields = []
        for code in referral.origin.fields:
            shown = RELEASABLE[code].kind in _PREVIEWED
            field = _field(code, values[code] if shown else None, coverage.by_field.get(code))
            fields.append({**field, "withheld": not shown})
        return {"sent": False, "missing": coverage.missing, "fields": fields}

    def _sent(self, referral: Referral) -> dict[str, Any]:
        packet = read_packet(referral, by=self.by, at=self.at)
        fields = [_field(code, value) for code, value in packet.items()]
        return {"sent": True, "missing": (), "fields": fields}
