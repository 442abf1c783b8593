"""JSON as RFC 8259 means it, read so that no body can tire, crash or confuse us."""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import IO, Any, Final

from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser

from casework.domain.errors import FieldProblem, InvalidInputError

LARGEST_BODY: Final = 1_048_576
DEEPEST: Final = 32
_LONGEST_NUMBER: Final = 25
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_BAD_CHARACTER = re.compile("[\0\ud800-\udfff]")


class _Refused:
    """Stands where a value stood that is not accepted, until its place is known."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail


class _Repeated(dict[str, Any]):
    """An object in which a name stands twice."""

    name = ""


class StrictJSONParser(BaseParser):
    """One JSON object: 1 MB, 32 levels, every name once, whole characters, finite numbers."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """The object. InvalidInputError names where the first thing wrong stands."""
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise RequestDataTooBig
        return parse_object(body)


def parse_object(body: bytes) -> dict[str, Any]:
    """The object that the bytes say. InvalidInputError otherwise."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInputError.at("", "not_utf8", "The body is not UTF-8.") from error
    if _depth(text) > DEEPEST:
        detail = f"The body is nested more than {DEEPEST} levels deep."
        raise InvalidInputError.at("", "too_deep", detail)
    try:
        document = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except ValueError as error:
        where = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidInputError.at("", "not_json", f"The body is not JSON{where}.") from error
    if not isinstance(document, dict):
        raise InvalidInputError.at("", "not_an_object", "Send one JSON object.")
    problem = _first_problem(document, "")
    if problem is not None:
        raise InvalidInputError(problem.detail, problems=(problem,))
    return document


def _depth(text: str) -> int:
    """How deep the brackets go, strings left out; no further than one level too deep."""
    depth = deepest = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        mark = match[0]
        depth += (mark in "[{") - (mark in "]}")
        deepest = max(deepest, depth)
        if deepest > DEEPEST:
            break
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    counts = Counter(name for name, _ in pairs)
    repeated = _Repeated(plain)
    repeated.name = counts.most_common(1)[0][0]
    return repeated


def _integer(digits: str) -> int | _Refused:
    if len(digits) > _LONGEST_NUMBER:
        return _Refused("number_too_large", "This number has too many digits.")
    return int(digits)


def _float(digits: str) -> float | _Refused:
    number = float(digits)
    if math.isfinite(number):
        return number
    return _Refused("number_too_large", "This number is too large.")


def _constant(name: str) -> _Refused:
    return _Refused("not_json", f"{name} is no JSON value.")


def _first_problem(value: object, pointer: str) -> FieldProblem | None:
    """The first thing wrong, in the order of the document."""
    if isinstance(value, _Refused):
        return FieldProblem(pointer=pointer, code=value.code, detail=value.detail)
    if isinstance(value, str):
        return _text_problem(value, pointer)
    if isinstance(value, dict):
        return _object_problem(value, pointer)
    if isinstance(value, list):
        found = (_first_problem(part, f"{pointer}/{at}") for at, part in enumerate(value))
        return next((problem for problem in found if problem), None)
    return None


def _object_problem(value: dict[str, Any], pointer: str) -> FieldProblem | None:
    if isinstance(value, _Repeated):
        detail = "The same name stands twice in one object."
        place = f"{pointer}/{escaped(_printable(value.name))}"
        return FieldProblem(pointer=place, code="repeated_name", detail=detail)
    for name, part in value.items():
        place = f"{pointer}/{escaped(_printable(name))}"
        problem = _text_problem(name, place) or _first_problem(part, place)
        if problem:
            return problem
    return None


def _text_problem(text: str, pointer: str) -> FieldProblem | None:
    match = _BAD_CHARACTER.search(text)
    if match is None:
        return None
    what = "The character NUL" if match[0] == "\0" else "Half of a surrogate pair"
    detail = f"{what} stands here; it is not accepted."
    return FieldProblem(pointer=pointer, code="bad_character", detail=detail)


def _printable(name: str) -> str:
    return _BAD_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", name)[:100]


def escaped(name: str) -> str:
    """A name as one part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
