"""The language of the pages: chosen by a button, kept in a cookie, never part of an address."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

_FORMS = re.compile(r"screening|(account|mfa)_\w+|\w+_(new|edit|assign|close)")
"""Names of addresses that show the form again when it is refused."""


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Show the pages in another language from now on, beginning with the one asked from."""
    back = request.POST.get("back", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    answer = redirect(back if ours else "today")
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            path="/",
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Strict",
        )
    return answer


def address_of_page(request: HttpRequest) -> str:
    """Where the page now shown can be asked for again.

    The answer to a button has no address of its own: it leads to the page the button belongs to.
    """
    match = request.resolver_match
    if request.method in ("GET", "HEAD") or (match and _FORMS.fullmatch(match.url_name or "")):
        return request.get_full_path()
    path = request.path
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if _leads_somewhere(path):
            return path
    return "/"


def _leads_somewhere(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def unreviewed() -> bool:
    """Whether no person has read the catalog of the language that is shown."""
    return get_language() not in settings.TRANSLATIONS_REVIEWED
