"""What every page template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from casework.web.language import address_of_page, unreviewed


def page(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demo, when an idle session ends, and what the language switch needs."""
    return {
        "demo": settings.DEMO,
        "idle_seconds": settings.SESSION_COOKIE_AGE,
        "page_address": address_of_page(request),
        "page_languages": settings.LANGUAGES,
        "page_unreviewed": unreviewed(),
    }
