"""OAuth2 for partner systems: which scopes exist."""

from allauth.idp.oidc.adapter import DefaultOIDCAdapter


class PartnerAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """Partners get scopes of ours, never a person's identity."""
