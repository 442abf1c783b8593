"""Consents: what the person allowed in writing to go to whom, and until when."""

from typing import ClassVar

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import agency_by_ref, case_for, consent_for, consents_for
from casework.api.agencies import AgencyName
from casework.api.deadlines import CaseName
from casework.api.fields import Flag, Moment, Nothing, OneOf, Read, Sent, Words
from casework.api.listings import Listing
from casework.api.resources import Resource, Rights, named
from casework.domain.consent import SignedBy
from casework.domain.disclosure import RELEASABLE
from casework.domain.permissions import Capability
from casework.models import ConsentRecord
from casework.services.consents import NewConsent, record_consent, withdraw_consent

FIELDS = sorted(RELEASABLE)


class ConsentOut(Read):
    """A written release for one agency."""

    ref = serializers.UUIDField()
    case = CaseName()
    recipient = AgencyName()
    fields_ = serializers.ListField(child=serializers.ChoiceField(choices=FIELDS))
    purpose = serializers.CharField()
    written = serializers.BooleanField()
    signed_by = serializers.ChoiceField(choices=list(SignedBy))
    guardian_is_alleged_abuser = serializers.BooleanField(allow_null=True)
    valid_from = Moment()
    valid_until = Moment()
    withdrawn_at = Moment(allow_null=True)
    recorded_by = serializers.CharField()
    recorded_at = Moment()


class NewConsentIn(Sent):
    """A release as it was signed."""

    case = serializers.UUIDField()
    recipient = serializers.UUIDField(help_text="The ref of the one agency that receives.")
    fields_ = serializers.ListField(child=Words(max_length=40), max_length=40)
    purpose = Words(max_length=40)
    valid_from = Moment(required=False, help_text="Now when left out.")
    valid_until = Moment()
    written = Flag()
    signed_by = OneOf(choices=[one.value for one in SignedBy])
    guardian_is_alleged_abuser = Flag(required=False, allow_null=True)


class ConsentFilter(filters.FilterSet):
    """Which releases to list."""

    case = filters.UUIDFilter(field_name="case__ref")
    recipient = filters.UUIDFilter(field_name="recipient__ref")


class Consents(Listing):
    """`consents/`"""

    needs: ClassVar[Rights] = {
        "GET": (Capability.READ_CASE,),
        "POST": (Capability.READ_CASE, Capability.RECORD_CONSENT),
    }
    queryset = ConsentRecord.objects.none()
    filterset_class = ConsentFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-recorded_at": ("-recorded_at", "-id")}

    @extend_schema(responses=ConsentOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Releases of the cases you may read; `?case=` gives those of one."""
        return self.page(ConsentOut, consents_for(self.by))

    @extend_schema(request=NewConsentIn, responses={201: ConsentOut}, filters=False)
    def post(self, request: Request) -> Response:  # noqa: ARG002
        """Record a release as it was signed."""
        sent = self.sent(NewConsentIn)
        with named("/case"):
            case = case_for(self.by, sent["case"], Capability.RECORD_CONSENT)
        with named("/recipient"):
            recipient = agency_by_ref(sent["recipient"])
        new = NewConsent(
            recipient=recipient,
            fields=tuple(sent["fields"]),
            purpose=sent["purpose"],
            valid_from=sent.get("valid_from", self.at),
            valid_until=sent["valid_until"],
            written=sent["written"],
            signed_by=SignedBy(sent["signed_by"]),
            guardian_is_alleged_abuser=sent.get("guardian_is_alleged_abuser"),
        )
        record = record_consent(case, new, by=self.by, at=self.at)
        return self.answer(ConsentOut, record, status=201)


class WithdrawConsent(Resource):
    """`consents/{ref}/withdraw/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.READ_CASE, Capability.RECORD_CONSENT)}

    @extend_schema(request=Nothing, responses=ConsentOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """End a release now; what has not been sent will not be."""
        record = consent_for(self.by, ref)
        self.sent(Nothing)
        return self.answer(ConsentOut, withdraw_consent(record, by=self.by, at=self.at))
