"""Nothing without a principal; what a principal may do is asked of the rule table."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from casework.domain.permissions import Principal

if TYPE_CHECKING:
    from rest_framework.views import APIView


class HasPrincipal(BasePermission):
    """Somebody is known to be asking."""

    def has_permission(self, request: Request, view: "APIView") -> bool:  # noqa: ARG002
        """Without a principal the answer is 401."""
        return isinstance(request.auth, Principal)
