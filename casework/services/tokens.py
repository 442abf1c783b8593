"""Tokens of partner systems: given for a secret, kept as a hash, short-lived, taken back."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from casework.domain.permissions import Scope

_TOKEN_BYTES: Final = 48
_LONGEST_ID: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A token on its only way out: its value is kept nowhere."""

    value: str
    scopes: tuple[str, ...]
    expires_in_seconds: int


def client_with_secret(client_id: str, secret: str) -> Client | None:
    """The partner's client when the secret is its own; as slow for an unknown one."""
    client = None
    if len(client_id) <= _LONGEST_ID:
        client = Client.objects.filter(pk=client_id, type=Client.Type.CONFIDENTIAL).first()
    if client is None:
        make_password(secret)
        return None
    return client if client.check_secret(secret) else None


def granted_scopes(client: Client, asked: frozenset[str] | None) -> tuple[str, ...] | None:
    """The scopes asked for, or the default ones; None when the client has not got one of them."""
    own = frozenset(client.get_scopes())
    wanted = frozenset(client.get_default_scopes()) if asked is None else asked
    if not wanted or not wanted <= own:
        return None
    return tuple(sorted(wanted))


@transaction.atomic
def issue_token(client: Client, scopes: tuple[str, ...], *, at: datetime) -> IssuedToken:
    """A bearer token with these scopes, good for `IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN` seconds."""
    seconds: int = settings.IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN
    value = secrets.token_urlsafe(_TOKEN_BYTES)
    Token.objects.filter(client=client, expires_at__lte=at).delete()
    token = Token(
        type=Token.Type.ACCESS_TOKEN,
        client=client,
        created_at=at,
        expires_at=at + timedelta(seconds=seconds),
    )
    token.set_value(value)
    token.set_scopes(list(scopes))
    token.save()
    return IssuedToken(value=value, scopes=scopes, expires_in_seconds=seconds)


@transaction.atomic
def revoke_token(client: Client, value: str) -> None:
    """Take back a token of the client; one that it does not have is none."""
    Token.objects.by_value(value).filter(client=client).delete()


def scopes_of_token(value: str) -> tuple[str, frozenset[Scope]] | None:
    """The client's id, and what the token grants and the client still has; None if no good."""
    token = Token.objects.lookup(Token.Type.ACCESS_TOKEN, value)
    client = token.client if token else None
    if token is None or client is None:
        return None
    granted = set(token.get_scopes()) & set(client.get_scopes())
    return str(client.id), frozenset(scope for scope in Scope if scope.value in granted)
