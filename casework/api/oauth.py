"""OAuth2 for partner systems: which scopes exist, and where tokens are given and taken back."""

import base64
import binascii
from collections.abc import Callable
from functools import wraps

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.views import RevokeView, TokenView
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from casework.domain.permissions import Scope

_View = Callable[[HttpRequest], HttpResponse]


class PartnerAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """Partners get scopes of ours, never a person's identity."""

    scope_display = {scope.value: scope.value for scope in Scope}


def _unreadable(request: HttpRequest) -> bool:
    """Whether something was sent that no client id, secret, scope or token can hold."""
    texts = [text for key, values in request.POST.lists() for text in (key, *values)]
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            texts.append(base64.b64decode(credentials, validate=True).decode())
        except (binascii.Error, ValueError):
            return True
    return not all(text.isprintable() for text in texts)


def _refusal(description: str, *, status: int) -> JsonResponse:
    body = {"error": "invalid_request", "error_description": description}
    return JsonResponse(body, status=status)


def _only_readable(endpoint: _View) -> _View:
    """Answer in the words of RFC 6749 what cannot be read, before anything looks it up."""

    @csrf_exempt
    @wraps(endpoint)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            unreadable = _unreadable(request)
        except RequestDataTooBig:
            return _refusal("The request is too large.", status=413)
        if unreadable:
            return _refusal("The request cannot be read.", status=400)
        return endpoint(request)

    return answer


token = _only_readable(TokenView.as_view())
revoke = _only_readable(RevokeView.as_view())
