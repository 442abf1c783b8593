"""The journal for auditors: who did what to what and when, and whether the chain holds."""

from typing import ClassVar

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api.fields import Moment, Read
from casework.api.filters import MomentFilter
from casework.api.listings import Listing
from casework.api.resources import Resource, Rights
from casework.domain.permissions import Capability
from casework.models import Agency
from casework.services.journal import entries_of, verify


class EntryOut(Read):
    """One deed: references and codes, never a name."""

    ref = serializers.UUIDField()
    at = Moment()
    actor = serializers.CharField()
    action = serializers.CharField()
    subject = serializers.CharField()
    detail = serializers.DictField()


class VerificationOut(Read):
    """What checking the chain showed."""

    entries = serializers.IntegerField(help_text="How many are chained, up to the first break.")
    waiting = serializers.IntegerField(help_text="How many will be chained shortly.")
    intact = serializers.SerializerMethodField()
    broken = serializers.CharField(help_text="The first broken entry; empty when all is well.")

    def get_intact(self, found: object) -> bool:
        """Whether nothing is broken."""
        return not getattr(found, "broken", "")


class EntryFilter(filters.FilterSet):
    """Which entries to list."""

    action = filters.CharFilter(max_length=60)
    subject = filters.CharFilter(max_length=80)
    actor = filters.CharFilter(max_length=80)
    since = MomentFilter(field_name="at", lookup_expr="gte")
    until = MomentFilter(field_name="at", lookup_expr="lt")


class Journal(Listing):
    """`journal/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_JOURNAL,)}
    queryset = Agency.objects.none()
    filterset_class = EntryFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-at": ("-at", "-id"), "at": ("at", "id")}

    @extend_schema(responses=EntryOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Your agency's entries, newest first."""
        return self.page(EntryOut, entries_of(self.by))


class JournalVerification(Resource):
    """`journal/verification/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_JOURNAL,)}

    @extend_schema(responses=VerificationOut)
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Whether the chain of your agency's entries holds."""
        agency = Agency.objects.get(pk=self.by.agency_id)
        return self.answer(VerificationOut, verify(agency))
