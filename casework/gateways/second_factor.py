"""Whether the session behind a request was opened with a second factor."""

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from casework.models import User


def shown_in_session(request: HttpRequest, user: User) -> bool:
    """True when this very session showed it; having an authenticator somewhere is not enough."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))
