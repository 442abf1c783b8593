"""Whether someone logged in with a second factor, and where to go when not."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from casework.models import User


def missing_step(request: HttpRequest, user: User) -> str:
    """The name of the page that has to come first; empty when nothing is missing.

    Someone without an authenticator sets one up; someone whose session began before that shows it.
    """
    if not settings.MFA_REQUIRED:
        return ""
    if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
        return ""
    return "mfa_reauthenticate" if is_mfa_enabled(user) else "mfa_activate_totp"
