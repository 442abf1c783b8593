"""Whether someone logged in with a second factor, and where to go when not."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from casework.gateways.second_factor import shown_in_session
from casework.models import User


def missing_step(request: HttpRequest, user: User) -> str:
    """The name of the page that has to come first; empty when nothing is missing.

    Someone without an authenticator sets one up; someone whose session began before that shows it.
    """
    if not settings.MFA_REQUIRED or shown_in_session(request, user):
        return ""
    return "mfa_reauthenticate" if is_mfa_enabled(user) else "mfa_activate_totp"
