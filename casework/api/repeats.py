"""Idempotency-Key: a repeated POST gets the first answer again."""

import json
import re

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from casework.domain.errors import InvalidInputError
from casework.domain.permissions import Principal
from casework.services.idempotency import Answer, Attempt

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
_KEPT_HEADERS = ("ETag", "Location")


class RepeatedError(Exception):
    """This was answered before; the answer comes along."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(HEADER)


def attempt_of(request: Request, by: Principal) -> Attempt | None:
    """The attempt that the header names; None without it. InvalidInputError for a bad key."""
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return None
    if not _KEY.fullmatch(key):
        detail = "Send 1 to 200 visible ASCII characters."
        raise InvalidInputError.at(HEADER, "wrong_type", detail)
    return Attempt.of(by, f"POST {request.path}", key, request.body)


def kept(response: Response) -> Answer:
    """The answer as it can be kept: plain JSON and the headers that belong to it."""
    plain = json.loads(JSONRenderer().render(response.data) or b"null")
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    return Answer(status=response.status_code, body=plain, headers=headers)


def again(answer: Answer) -> Response:
    """The first answer, marked as a repeat."""
    headers = {**answer.headers, "Idempotency-Replayed": "true"}
    return Response(answer.body, status=answer.status, headers=headers)
