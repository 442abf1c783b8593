"""Every refusal as one kind of answer: application/problem+json (RFC 9457)."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DataError, IntegrityError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from casework.api.authentication import REALM
from casework.api.parsers import escaped
from casework.domain import errors
from casework.domain.errors import CaseworkError, FieldProblem
from casework.services.idempotency import InFlightError, KeyReusedError

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"

_STATUS: dict[type[CaseworkError], int] = {
    errors.NotFoundError: 404,
    errors.NotPermittedError: 403,
    errors.NotAllowedNowError: 409,
    errors.ConsentMissingError: 409,
    errors.StaleVersionError: 412,
    errors.InvalidInputError: 400,
    KeyReusedError: 422,
    InFlightError: 409,
}
_CODES = {"invalid_choice": "not_an_option", "max_length": "too_long", "invalid": "wrong_type"}
"""DRF's words for what is wrong, in ours."""


class PreconditionRequiredError(CaseworkError):
    """Send If-Match with the ETag you read, so that nobody's change is lost."""

    code = "precondition_required"


class LengthRequiredError(CaseworkError):
    """Send the body with its Content-Length; a body in chunks is not read."""

    code = "length_required"


_STATUS |= {PreconditionRequiredError: 428, LengthRequiredError: 411}
_HEADER: dict[type[CaseworkError], str] = {
    errors.StaleVersionError: "If-Match",
    PreconditionRequiredError: "If-Match",
    KeyReusedError: "Idempotency-Key",
    InFlightError: "Idempotency-Key",
    LengthRequiredError: "Content-Length",
}
"""Refusals that concern a header and nothing in the body."""


def body(
    status: int, code: str, detail: str, problems: Iterable[FieldProblem] = ()
) -> dict[str, Any]:
    """The problem as JSON. A pointer is RFC 6901 into the body, `?name` or a header's name."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [asdict(problem) for problem in problems],
    }


def problem_response(exc: Exception, context: Mapping[str, Any]) -> Response | None:  # noqa: ARG001
    """The answer to a refusal, nothing of the request kept; None for what is our own defect."""
    content = _of_casework(exc) or _of_framework(exc) or _of_django(exc) or _of_database(exc)
    if content is None:
        return None
    set_rollback()
    return Response(
        content,
        status=content["status"],
        headers=_headers(exc),
        content_type=CONTENT_TYPE,
    )


def _of_casework(exc: Exception) -> dict[str, Any] | None:
    if not isinstance(exc, CaseworkError) or type(exc) not in _STATUS:
        return None
    problems = exc.problems
    if type(exc) in _HEADER and not problems:
        header = _HEADER[type(exc)]
        problems = (FieldProblem(pointer=header, code=exc.code, detail=exc.detail),)
    return body(_STATUS[type(exc)], exc.code, exc.detail, problems)


def _of_framework(exc: Exception) -> dict[str, Any] | None:
    if not isinstance(exc, exceptions.APIException):
        return None
    if isinstance(exc, exceptions.ValidationError):
        problems = tuple(field_problems(exc.detail, ""))
        return body(400, errors.InvalidInputError.code, problems[0].detail, problems)
    detail = exc.detail if isinstance(exc.detail, str) else exc.default_detail
    code = exc.detail.code if isinstance(exc.detail, exceptions.ErrorDetail) else exc.default_code
    if exc.status_code == HTTPStatus.NOT_FOUND:
        return _missing()
    return body(exc.status_code, str(code), str(detail))


def _of_django(exc: Exception) -> dict[str, Any] | None:
    if isinstance(exc, Http404):
        return _missing()
    if isinstance(exc, PermissionDenied):
        return body(403, errors.NotPermittedError.code, "This is not permitted.")
    if isinstance(exc, RequestDataTooBig):
        return body(413, "too_large", "The body is larger than 1 MB.")
    if isinstance(exc, SuspiciousOperation | UnreadablePostError):
        return body(400, "bad_request", "The request cannot be read.")
    return None


def _of_database(exc: Exception) -> dict[str, Any] | None:
    """The last net: what no check of ours saw coming is logged and refused, not half written."""
    if not isinstance(exc, DataError | IntegrityError | InternalError | OperationalError):
        return None
    logger.error("api.database_refused %s", type(exc).__name__, exc_info=exc)
    if isinstance(exc, DataError):
        return body(400, errors.InvalidInputError.code, "Something that was sent does not fit.")
    if isinstance(exc, IntegrityError):
        return body(409, "conflict", "This contradicts what someone else has just saved.")
    return body(503, "unavailable", "The database cannot be reached just now; try again shortly.")


def _missing() -> dict[str, Any]:
    unknown = errors.NotFoundError()
    return body(404, unknown.code, unknown.detail)


def field_problems(detail: object, pointer: str) -> Iterator[FieldProblem]:
    """What a serializer found, each with its place. The shapes are those of DRF."""
    if isinstance(detail, Mapping):
        for name, part in detail.items():
            below = name == "non_field_errors"
            yield from field_problems(part, pointer if below else f"{pointer}/{escaped(str(name))}")
    elif isinstance(detail, list):
        for at, part in enumerate(detail):
            plain = isinstance(part, exceptions.ErrorDetail)
            yield from field_problems(part, pointer if plain else f"{pointer}/{at}")
    elif isinstance(detail, exceptions.ErrorDetail):
        said = detail.code or "invalid"
        code = _CODES.get(said, said)
        yield FieldProblem(pointer=pointer, code=code, detail=str(detail))


def _headers(exc: Exception) -> dict[str, str]:
    if isinstance(exc, exceptions.NotAuthenticated):
        return {"WWW-Authenticate": REALM}
    if isinstance(exc, exceptions.AuthenticationFailed):
        return {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}
    return {}


def _plain(content: dict[str, Any]) -> JsonResponse:
    return JsonResponse(content, status=content["status"], content_type=CONTENT_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400 outside any view."""
    return _plain(body(400, "bad_request", "The request cannot be read."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404 for an address that leads nowhere: the same as for a thing that is not there."""
    return _plain(_missing())


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """500: our own defect, of which the answer says nothing."""
    return _plain(body(500, "defect", "This is a defect of ours; it has been logged."))
