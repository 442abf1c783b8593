"""What every page template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    """Whether this is the demo, and after how many idle seconds the session ends."""
    return {"demo": settings.DEMO, "idle_seconds": settings.SESSION_COOKIE_AGE}
