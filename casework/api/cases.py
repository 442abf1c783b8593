"""Cases: the list, one case, and what can be changed of it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import case_for, cases_for
from casework.api.fields import Day, Flag, Language, Moment, OneOf, Read, Sent, Words
from casework.api.filters import MomentFilter
from casework.api.listings import Listing
from casework.api.resources import Resource, Rights
from casework.domain.case_flow import CaseStatus
from casework.domain.errors import InvalidInputError
from casework.domain.permissions import Capability, Principal
from casework.models import Case
from casework.services.cases import DOORS, NewCase, change_case, open_case


class UserOut(Read):
    """A colleague."""

    ref = serializers.UUIDField()
    name = serializers.CharField()


class PersonOut(Read):
    """What may be known of the person without revealing who it is."""

    language = serializers.CharField()
    interpreter_needed = serializers.BooleanField(allow_null=True)
    has_name = serializers.SerializerMethodField()

    def get_has_name(self, person: Any) -> bool:  # noqa: ANN401
        """Whether any name is recorded."""
        return person.name is not None or person.preferred_name is not None


class CaseOut(Read):
    """A case, without identity."""

    ref = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=list(CaseStatus))
    door = serializers.ChoiceField(choices=DOORS)
    opened_at = Moment()
    updated_at = Moment()
    closed_at = Moment(allow_null=True)
    assignee = UserOut(allow_null=True)
    person = PersonOut()
    version = serializers.IntegerField()


class PersonIn(Sent):
    """Details of the person; only what is sent changes, null takes a value away."""

    name = Words(required=False, allow_null=True, max_length=200)
    preferred_name = Words(required=False, allow_null=True, max_length=200)
    date_of_birth = Day(required=False, allow_null=True)
    phone = Words(required=False, allow_null=True, max_length=60)
    email = Words(required=False, allow_null=True, max_length=254)
    placement_address = Words(required=False, allow_null=True, max_length=2_000)
    safe_contact = Words(required=False, allow_null=True, max_length=2_000)
    own_words = Words(required=False, allow_null=True, max_length=2_000)
    language = Language(required=False)
    interpreter_needed = Flag(required=False, allow_null=True)


class NewCaseIn(Sent):
    """A new case; nothing about the person is required."""

    door = OneOf(choices=DOORS, default="other")
    person = PersonIn(required=False)


class CaseChangeIn(Sent):
    """What is to change."""

    door = OneOf(choices=DOORS, required=False)
    person = PersonIn(required=False)


class CaseFilter(filters.FilterSet):
    """Which cases to list."""

    status = filters.ChoiceFilter(choices=[(status.value, status.value) for status in CaseStatus])
    door = filters.ChoiceFilter(choices=[(door, door) for door in DOORS])
    assignee = filters.CharFilter(
        method="of_assignee", max_length=36, help_text="A colleague's ref, or `me`."
    )
    opened_from = MomentFilter(field_name="opened_at", lookup_expr="gte")
    opened_to = MomentFilter(field_name="opened_at", lookup_expr="lt")

    def of_assignee(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Cases of one colleague; `me` is whoever asks."""
        by: Principal = self.request.auth
        if value == "me":
            return rows.filter(assignee_id=by.user_id) if by.user_id else rows.none()
        try:
            ref = serializers.UUIDField().run_validation(value)
        except serializers.ValidationError as error:
            detail = "Give a colleague's ref, or me."
            raise InvalidInputError.at("?assignee", "wrong_type", detail) from error
        return rows.filter(assignee__ref=ref)


def plain(details: dict[str, Any]) -> dict[str, Any]:
    """The person's details as the services keep them: a day as its text."""
    born = details.get("date_of_birth")
    return {**details, "date_of_birth": born.isoformat()} if born else dict(details)


class Cases(Listing):
    """`cases/`"""

    needs: ClassVar[Rights] = {
        "GET": (Capability.READ_CASE,),
        "POST": (Capability.OPEN_CASE,),
    }
    queryset = Case.objects.none()
    filterset_class = CaseFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-opened_at": ("-opened_at", "-id"),
        "opened_at": ("opened_at", "id"),
        "-updated_at": ("-updated_at", "-id"),
    }

    @extend_schema(responses=CaseOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Cases you may read, newest first."""
        return self.page(CaseOut, cases_for(self.by))

    @extend_schema(request=NewCaseIn, responses={201: CaseOut}, filters=False)
    def post(self, request: Request) -> Response:  # noqa: ARG002
        """Open a case."""
        sent = self.sent(NewCaseIn)
        new = NewCase(door=sent["door"], person=plain(sent.get("person", {})))
        case = open_case(new, by=self.by, at=self.at)
        return self.answer(CaseOut, case, status=201, version=case.version)


class OneCase(Resource):
    """`cases/{ref}/`"""

    needs: ClassVar[Rights] = {
        "GET": (Capability.READ_CASE,),
        "PATCH": (Capability.READ_CASE, Capability.CHANGE_CASE),
    }

    @extend_schema(responses=CaseOut)
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """One case, without identity."""
        case = case_for(self.by, ref)
        return self.answer(CaseOut, case, version=case.version)

    @extend_schema(request=CaseChangeIn, responses=CaseOut)
    def patch(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Change the door or details of the person; what is not sent stays."""
        version = self.version(required=True)
        case = case_for(self.by, ref, Capability.CHANGE_CASE)
        changes = self.sent(CaseChangeIn)
        if "person" in changes:
            changes["person"] = plain(changes["person"])
        change_case(case, changes, by=self.by, at=self.at, version=version)
        changed = case_for(self.by, ref)
        return self.answer(CaseOut, changed, version=changed.version)
