"""Who is asking: a partner system by its bearer token, a person by their session."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from casework.access import enter, principal_of_client, principal_of_user
from casework.domain.permissions import Principal
from casework.gateways.second_factor import shown_in_session
from casework.models import User
from casework.services.tokens import scopes_of_token

REALM = 'Bearer realm="casework"'
_LONGEST_TOKEN = 400


class PartnerAuthentication(BaseAuthentication):
    """OAuth2 bearer tokens. What the token grants and the client still has, counts."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Principal] | None:
        """The partner's principal; None without a bearer token, 401 with one that is no good."""
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        principal = _principal_of_token(value.strip())
        if principal is None:
            raise AuthenticationFailed("This token is not valid, or no longer.", "invalid_token")
        enter(principal)
        return AnonymousUser(), principal

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """The scheme to use."""
        return REALM


def _principal_of_token(value: str) -> Principal | None:
    if not value or len(value) > _LONGEST_TOKEN or not value.isascii():
        return None
    granted = scopes_of_token(value)
    return principal_of_client(*granted) if granted else None


class PersonAuthentication(SessionAuthentication):
    """The pages' own session, with its CSRF token on everything that changes something."""

    def authenticate(self, request: Request) -> tuple[User, Principal] | None:
        """The person's principal; None when nobody is logged in or no membership counts."""
        user = getattr(request._request, "user", None)  # noqa: SLF001 - as DRF's own does
        if not isinstance(user, User) or not user.is_active:
            return None
        self.enforce_csrf(request)
        if settings.MFA_REQUIRED and not shown_in_session(request._request, user):  # noqa: SLF001
            raise PermissionDenied("Log in with a second factor first.", "second_factor_missing")
        principal = principal_of_user(user)
        if principal is None:
            return None
        enter(principal)
        return user, principal
