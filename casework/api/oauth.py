"""OAuth2 for partner systems: the client credentials grant (RFC 6749 §4.4), revocation (RFC 7009).

Only what partners need: no other grant, no user, nothing that reaches out.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from casework.domain.permissions import Scope
from casework.services.tokens import (
    client_with_secret,
    granted_scopes,
    issue_token,
    revoke_token,
)


class PartnerAdapter(DefaultOIDCAdapter):
    """Partners get scopes of ours, never a person's identity."""

    scope_display = {scope.value: scope.value for scope in Scope}


class OAuthError(Exception):
    """A refusal in the words of RFC 6749 §5.2."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        self.code = code
        self.description = description
        self.status = status
        super().__init__(code)


_Answer = Callable[[HttpRequest, Client], JsonResponse]
_View = Callable[[HttpRequest], JsonResponse]


def _for_partners(answer: _Answer) -> _View:
    """A form-encoded POST by a client that shows its secret; refusals as OAuth JSON."""

    @csrf_exempt
    @wraps(answer)
    def endpoint(request: HttpRequest) -> JsonResponse:
        try:
            _check_form(request)
            response = answer(request, _client_of(request))
        except OAuthError as error:
            response = _refusal(error)
        except RequestDataTooBig:
            response = _refusal(OAuthError("invalid_request", "The request is too large.", 413))
        except SuspiciousOperation:
            response = _refusal(OAuthError("invalid_request", "The request cannot be read."))
        response["Cache-Control"] = "no-store"
        return response

    return endpoint


def _refusal(error: OAuthError) -> JsonResponse:
    body = {"error": error.code, "error_description": error.description}
    response = JsonResponse(body, status=error.status)
    if error.status == 401:
        response["WWW-Authenticate"] = 'Basic realm="casework"'
    if error.status == 405:
        response["Allow"] = "POST"
    return response


def _check_form(request: HttpRequest) -> None:
    if request.method != "POST":
        raise OAuthError("invalid_request", "Use POST.", 405)
    if request.content_type != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "Send application/x-www-form-urlencoded.")
    for name, values in request.POST.lists():
        if len(values) > 1:
            raise OAuthError("invalid_request", "A parameter stands twice.")
        if not all(text.isprintable() and text.isascii() for text in (name, *values)):
            raise OAuthError("invalid_request", "The request cannot be read.")


def _client_of(request: HttpRequest) -> Client:
    """The client that HTTP Basic names, its secret checked."""
    refused = OAuthError("invalid_client", "This client id and secret are not known.", 401)
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise refused
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise refused from error
    client_id, _, secret = text.partition(":")
    readable = text.isprintable() and client_id and secret
    client = client_with_secret(client_id, secret) if readable else None
    if client is None:
        raise refused
    return client


def _token(request: HttpRequest, client: Client) -> JsonResponse:
    """Client credentials in, a bearer token for ten minutes out."""
    grant = request.POST.get("grant_type")
    if grant is None:
        raise OAuthError("invalid_request", "Say grant_type=client_credentials.")
    if grant != "client_credentials":
        raise OAuthError("unsupported_grant_type", "Only client_credentials is supported.")
    if grant not in client.get_grant_types():
        raise OAuthError("unauthorized_client", "This client may not use this grant.")
    asked = request.POST.get("scope")
    scopes = granted_scopes(client, None if asked is None else frozenset(asked.split()))
    if scopes is None:
        raise OAuthError("invalid_scope", "This client has not got every scope asked for.")
    issued = issue_token(client, scopes, at=datetime.now(UTC))
    return JsonResponse(
        {
            "access_token": issued.value,
            "token_type": "Bearer",
            "expires_in": issued.expires_in_seconds,
            "scope": " ".join(issued.scopes),
        }
    )


def _revoke(request: HttpRequest, client: Client) -> JsonResponse:
    """Takes a token back; also for a token that is none, the answer is 200 (RFC 7009 §2.2)."""
    value = request.POST.get("token")
    if not value:
        raise OAuthError("invalid_request", "Say which token.")
    revoke_token(client, value)
    return JsonResponse({})


token = _for_partners(_token)
revoke = _for_partners(_revoke)
