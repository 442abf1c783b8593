"""What a person sees when a page cannot be shown: what happened, and how to go on."""

import logging
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casework.domain.errors import (
    CaseworkError,
    ConsentMissingError,
    InvalidInputError,
    NotAllowedNowError,
    NotFoundError,
    NotPermittedError,
    StaleVersionError,
)
from casework.web.sentences import translated

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

logger = logging.getLogger(__name__)

_STATUS: dict[type[CaseworkError], int] = {
    NotFoundError: 404,
    NotPermittedError: 403,
    NotAllowedNowError: 409,
    ConsentMissingError: 409,
    StaleVersionError: 409,
    InvalidInputError: 400,
}


def refused(request: HttpRequest, error: CaseworkError) -> HttpResponse:
    """The page for what the work itself refused; a stranger learns nothing from it."""
    status = _STATUS.get(type(error), 500)
    if status == 500:
        logger.error("page.refused %s", error.code)
    detail = translated(error.detail) if status in (403, 409, 400) else ""
    return _problem(request, status, detail)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400."""
    return _problem(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    return _problem(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: the same for what is not there and for what one may not know of."""
    return _problem(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: no database, no session; the page has to work when they do not."""
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form came from an old or foreign page: say so, and how to go on."""
    return render(request, "casework/problem.html", {"code": "form_expired"}, status=403)


def _problem(request: HttpRequest, status: int, detail: "StrOrPromise" = "") -> HttpResponse:
    context = {"code": str(status), "detail": detail}
    return render(request, "casework/problem.html", context, status=status)
