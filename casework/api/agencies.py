"""Who is asking, and which agencies there are to address."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api.fields import Read
from casework.api.listings import ShortListing
from casework.api.resources import Resource, Rights
from casework.domain.permissions import (
    Capability,
    PrincipalKind,
    Reach,
    Role,
    Scope,
    reach,
)
from casework.models import Agency


class AgencyName(Read):
    """An agency by name."""

    ref = serializers.UUIDField()
    name = serializers.CharField()


class AgencyOut(AgencyName):
    """An agency to address."""

    kind = serializers.ChoiceField(choices=Agency.Kind.values)


class OwnAgencyOut(AgencyOut):
    """The agency of whoever asks."""

    time_zone = serializers.CharField()


class MeOut(Read):
    """Who I am here, and what I may do."""

    kind = serializers.ChoiceField(choices=list(PrincipalKind))
    ref = serializers.UUIDField()
    label_ = serializers.CharField()
    agency = OwnAgencyOut()
    role = serializers.ChoiceField(choices=list(Role), allow_null=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=list(Scope)))
    capabilities = serializers.DictField(
        child=serializers.ChoiceField(choices=[Reach.OWN.value, Reach.AGENCY.value]),
        help_text="What I may do, and how far it reaches.",
    )


class Agencies(ShortListing):
    """`agencies/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_KNOWLEDGE,)}

    @extend_schema(responses=AgencyOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Every agency that can be addressed."""
        agencies = Agency.objects.filter(suspended_at__isnull=True).order_by("name")
        return self.whole(AgencyOut, agencies)


class Me(Resource):
    """`me/`"""

    needs: ClassVar[Rights] = {"GET": ()}

    @extend_schema(responses=MeOut)
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Who I am here, and what I may do."""
        by = self.by
        far = {capability.value: reach(by, capability) for capability in Capability}
        content = {
            "kind": by.kind,
            "ref": by.ref,
            "label": by.label,
            "agency": Agency.objects.get(pk=by.agency_id),
            "role": by.role,
            "scopes": sorted(scope.value for scope in by.scopes),
            "capabilities": {name: one.value for name, one in far.items() if one is not Reach.NONE},
        }
        return self.answer(MeOut, content)
