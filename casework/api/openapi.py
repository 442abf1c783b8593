"""What the generated contract says beyond the views: who may call, headers, and problems."""

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from casework.api.fields import Read
from casework.domain.permissions import Scope

_IDEMPOTENCY = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    type={"type": "string", "minLength": 1, "maxLength": 200},
    description="A repeat with the same key and body gets the first answer again.",
)
_IF_MATCH = OpenApiParameter(
    name="If-Match",
    location=OpenApiParameter.HEADER,
    type=str,
    required=True,
    description="The ETag of the version you read.",
)


class ProblemErrorOut(Read):
    """One thing wrong with what was sent."""

    pointer = serializers.CharField(
        help_text="A JSON pointer into the body (RFC 6901); `?name` for a query parameter; the "
        "name of a header."
    )
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOut(Read):
    """RFC 9457, as application/problem+json."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors_ = ProblemErrorOut(many=True)


class ContractSchema(AutoSchema):
    """Headers that every POST or PATCH has, and the one shape of every refusal."""

    def get_override_parameters(self) -> list[Any]:
        """The parameters that the base class of all resources reads."""
        if self.method == "POST":
            return [_IDEMPOTENCY]
        return [_IF_MATCH] if self.method in ("PATCH", "PUT", "DELETE") else []

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        """The view's own answers, and the problem that stands for all others."""
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        problem = self.resolve_serializer(ProblemOut, direction)
        content = {"application/problem+json": {"schema": problem.ref}}
        return {**bodies, "default": {"content": content, "description": "Refused."}}

    def get_operation_id(self) -> str:
        """Method and path in words, which stays what it is when a class is renamed."""
        path = self.path.removeprefix("/api/v1/").replace("{", "").replace("}", "")
        words = path.replace("-", "_").strip("/").replace("/", "_")
        return f"{self.method.lower()}_{words}"


class PartnerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """OAuth2 client credentials."""

    target_class = "casework.api.authentication.PartnerAuthentication"
    name = "partner"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """The token endpoint and the scopes."""
        scopes = {scope.value: scope.value for scope in Scope}
        flow = {"tokenUrl": "/oauth/token", "scopes": scopes}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}


class PersonScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session of the pages."""

    target_class = "casework.api.authentication.PersonAuthentication"
    name = "person"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """The session cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "session"}
