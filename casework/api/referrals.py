"""Referrals: those the agency wrote and those it was sent."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import agency_by_ref, case_for, referral_for, referrals_for
from casework.api.agencies import AgencyName
from casework.api.deadlines import CaseName
from casework.api.fields import Moment, OneOf, Read, Sent, Words, fields_of
from casework.api.listings import Listing
from casework.api.resources import Resource, Rights, named
from casework.domain.permissions import Capability, Principal
from casework.domain.referral_flow import (
    ReferralAction,
    ReferralStatus,
    Side,
    allowed_actions,
    side_of,
)
from casework.models import Referral
from casework.services.received_referrals import answer_note
from casework.services.referrals import (
    PURPOSES,
    URGENCIES,
    NewReferral,
    draft_referral,
    reason_returned,
)

BOXES = ("sent", "received")


class OriginOut(Read):
    """What only the agency that wrote the referral sees."""

    case = CaseName()
    pathway = serializers.CharField()
    fields_ = serializers.ListField(child=serializers.CharField())
    drafted_by = serializers.CharField()
    reviewed_by = serializers.CharField()
    returned_because = serializers.CharField()


class ReferralOut(Read):
    """What both agencies see: who asks whom for what, and how it stands."""

    ref = serializers.UUIDField()
    box = serializers.ChoiceField(choices=BOXES)
    status = serializers.ChoiceField(choices=list(ReferralStatus))
    sender = AgencyName()
    recipient = AgencyName()
    purpose = serializers.ChoiceField(choices=PURPOSES)
    urgency = serializers.ChoiceField(choices=URGENCIES)
    created_at = Moment()
    submitted_at = Moment(allow_null=True)
    sent_at = Moment(allow_null=True)
    answered_at = Moment(allow_null=True)
    updated_at = Moment()
    answer_note = serializers.CharField(help_text="The recipient's word, or empty.")
    next_actions = serializers.ListField(
        child=serializers.ChoiceField(choices=list(ReferralAction)),
        help_text="What your side can do with it now; your role may allow less.",
    )
    origin = OriginOut(allow_null=True, help_text="Null for the agency that was asked.")
    version = serializers.IntegerField()


class NewReferralIn(Sent):
    """What is asked of whom, and which fields should go with it."""

    case = serializers.UUIDField()
    recipient = serializers.UUIDField(help_text="The ref of an agency.")
    purpose = OneOf(choices=PURPOSES)
    urgency = OneOf(choices=URGENCIES, default="routine")
    pathway = Words(required=False, allow_blank=True, default="", max_length=80)
    fields_ = serializers.ListField(child=Words(max_length=40), max_length=40)
    needs = Words(required=False, allow_blank=True, default="")
    summary = Words(required=False, allow_blank=True, default="")


class ReferralFilter(filters.FilterSet):
    """Which referrals to list."""

    box = filters.ChoiceFilter(choices=[(box, box) for box in BOXES], method="in_box")
    status = filters.ChoiceFilter(choices=[(one.value, one.value) for one in ReferralStatus])

    def in_box(self, rows: QuerySet[Referral], _name: str, value: str) -> QuerySet[Referral]:
        """Written by the agency, or sent to it."""
        by: Principal = self.request.auth
        side = "sender_id" if value == "sent" else "recipient_id"
        return rows.filter(**{side: by.agency_id})


def referral_view(row: Referral, by: Principal) -> dict[str, Any]:
    """A referral as the principal's side sees it."""
    ours = row.sender_id == by.agency_id
    side = Side.SENDER if ours else Side.RECIPIENT
    actions = allowed_actions(ReferralStatus(row.status))
    shown = {name: getattr(row, name) for name in _PLAIN}
    return shown | {
        "box": "sent" if ours else "received",
        "answer_note": answer_note(row),
        "next_actions": [action for action in actions if side_of(action) is side],
        "origin": _origin_view(row) if ours else None,
    }


_DERIVED = ("box", "answer_note", "next_actions", "origin")
_PLAIN = tuple(name for name in fields_of(ReferralOut) if name not in _DERIVED)


def _origin_view(row: Referral) -> dict[str, Any]:
    origin = row.origin
    return {
        "case": origin.case,
        "pathway": origin.pathway,
        "fields": origin.fields,
        "drafted_by": origin.drafted_by,
        "reviewed_by": origin.reviewed_by,
        "returned_because": reason_returned(row),
    }


class Referrals(Listing):
    """`referrals/`"""

    needs: ClassVar[Rights] = {
        "GET": (Capability.READ_REFERRALS,),
        "POST": (Capability.READ_CASE, Capability.DRAFT_REFERRAL),
    }
    queryset = Referral.objects.none()
    filterset_class = ReferralFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-created_at": ("-created_at", "-id"),
        "-updated_at": ("-updated_at", "-id"),
    }

    @extend_schema(responses=ReferralOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Referrals of your cases and those sent to your agency, newest first."""
        shown = self.paginate_queryset(self.filter_queryset(referrals_for(self.by))) or []
        views = [referral_view(row, self.by) for row in shown]
        return self.get_paginated_response(ReferralOut(views, many=True).data)

    @extend_schema(request=NewReferralIn, responses={201: ReferralOut}, filters=False)
    def post(self, request: Request) -> Response:  # noqa: ARG002
        """Write a draft. Nothing leaves; the other agency cannot see it."""
        sent = self.sent(NewReferralIn)
        with named("/case"):
            case = case_for(self.by, sent.pop("case"), Capability.DRAFT_REFERRAL)
        with named("/recipient"):
            recipient = agency_by_ref(sent.pop("recipient"))
        new = NewReferral(recipient=recipient, **{**sent, "fields": tuple(sent["fields"])})
        draft = draft_referral(case, new, by=self.by, at=self.at)
        view = referral_view(draft, self.by)
        return self.answer(ReferralOut, view, status=201, version=draft.version)


class OneReferral(Resource):
    """`referrals/{ref}/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_REFERRALS,)}

    @extend_schema(responses=ReferralOut)
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """One referral, as your side sees it."""
        row = referral_for(self.by, ref)
        return self.answer(ReferralOut, referral_view(row, self.by), version=row.version)
