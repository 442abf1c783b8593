"""What is done to a case as a whole, finding one by name, and revealing who the person is."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import case_for
from casework.api.cases import CaseOut
from casework.api.fields import Nothing, Read, Sent, Words
from casework.api.listings import ShortListing
from casework.api.resources import Resource, Rights
from casework.domain.errors import InvalidInputError
from casework.domain.permissions import Capability
from casework.models import User
from casework.services.cases import assign_case, close_case, reopen_case
from casework.services.people import SEALED_FIELDS, reveal_identity
from casework.services.search import find_cases


class ReasonIn(Sent):
    """Why."""

    reason = Words()


class AssigneeIn(Sent):
    """To whom."""

    assignee = serializers.UUIDField(help_text="The ref of a colleague.")


class NameIn(Sent):
    """A name, or part of one; it never stands in an address."""

    name = Words(max_length=200)


class IdentityOut(Read):
    """Who the person is."""

    def get_fields(self) -> dict[str, Any]:
        """Every sealed field, null where nothing is recorded."""
        return {name: serializers.CharField(allow_null=True) for name in SEALED_FIELDS}


class CloseCase(Resource):
    """`cases/{ref}/close/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.READ_CASE, Capability.CLOSE_CASE)}

    @extend_schema(request=ReasonIn, responses=CaseOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Close the case with a reason; clocks that still run keep running."""
        case = case_for(self.by, ref, Capability.CLOSE_CASE)
        reason = self.sent(ReasonIn)["reason"]
        version = self.version()
        closed = close_case(case, reason=reason, by=self.by, at=self.at, version=version)
        return self.answer(CaseOut, closed, version=closed.version)


class ReopenCase(Resource):
    """`cases/{ref}/reopen/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.READ_CASE, Capability.CLOSE_CASE)}

    @extend_schema(request=Nothing, responses=CaseOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Open a closed case again."""
        case = case_for(self.by, ref, Capability.CLOSE_CASE)
        self.sent(Nothing)
        opened = reopen_case(case, by=self.by, at=self.at, version=self.version())
        return self.answer(CaseOut, opened, version=opened.version)


class AssignCase(Resource):
    """`cases/{ref}/assign/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.READ_CASE, Capability.ASSIGN_CASE)}

    @extend_schema(request=AssigneeIn, responses=CaseOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Hand the case to a caseworker or supervisor of the agency."""
        case = case_for(self.by, ref, Capability.ASSIGN_CASE)
        colleague = User.objects.filter(ref=self.sent(AssigneeIn)["assignee"]).first()
        if colleague is None:
            detail = "Choose a caseworker or supervisor of this agency."
            raise InvalidInputError.at("/assignee", "not_a_colleague", detail)
        assigned = assign_case(case, colleague, by=self.by, at=self.at)
        return self.answer(CaseOut, assigned, version=assigned.version)


class RevealPerson(Resource):
    """`cases/{ref}/person/reveal/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.READ_CASE, Capability.REVEAL_IDENTITY)}

    @extend_schema(request=Nothing, responses=IdentityOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Who the person is. People only; each time is kept in the journal."""
        case = case_for(self.by, ref, Capability.REVEAL_IDENTITY)
        self.sent(Nothing)
        return self.answer(IdentityOut, reveal_identity(case, by=self.by, at=self.at))


class SearchCases(ShortListing):
    """`cases/search/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.READ_CASE, Capability.SEARCH_PEOPLE)}

    @extend_schema(request=NameIn, responses={200: CaseOut(many=True)})
    def post(self, request: Request) -> Response:  # noqa: ARG002
        """Cases whose person's name is like this one, best first, twenty at most."""
        found = find_cases(self.sent(NameIn)["name"], by=self.by)
        return self.whole(CaseOut, found)
