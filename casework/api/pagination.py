"""Lists in pages that hold still while rows are added, and lists that are short enough whole."""

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination, Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from casework.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from rest_framework.views import APIView

LARGEST_PAGE = 200
_NUMBER = re.compile("[0-9]{1,3}", re.ASCII)


class NewestFirst(CursorPagination):
    """`limit` 1-200, `cursor`, `ordering` from the view's own list; no total."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = LARGEST_PAGE
    ordering = "-created_at"
    names: ClassVar[tuple[str, ...]] = ("limit", "cursor", "ordering")

    def get_page_size(self, request: Request) -> int:
        """How many rows; anything but 1-200 is refused."""
        text = request.query_params.get("limit")
        if text is None:
            return self.page_size
        number = int(text) if _NUMBER.fullmatch(text) else 0
        if not 1 <= number <= LARGEST_PAGE:
            raise InvalidInputError.at("?limit", "out_of_range", f"Give 1 to {LARGEST_PAGE}.")
        return number

    def get_ordering(
        self,
        request: Request,
        queryset: QuerySet[Any],  # noqa: ARG002
        view: "APIView",
    ) -> tuple[str, ...]:
        """The order that was asked for by its name, else the view's first."""
        orderings: dict[str, tuple[str, ...]] = getattr(view, "orderings", {})
        name = request.query_params.get("ordering", next(iter(orderings)))
        if name not in orderings:
            detail = f"Choose one of: {', '.join(orderings)}."
            raise InvalidInputError.at("?ordering", "not_an_option", detail)
        return orderings[name]

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The place to go on from. Only what an earlier answer gave is accepted."""
        try:
            cursor = super().decode_cursor(request)
        except (NotFound, UnicodeError) as error:
            raise _bad_cursor() from error
        if cursor is not None and cursor.position is not None and not _is_moment(cursor.position):
            raise _bad_cursor()
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope as OpenAPI 3.1."""
        return _envelope(schema, {"type": ["string", "null"], "format": "uri"})

    def get_schema_operation_parameters(self, view: "APIView") -> list[dict[str, Any]]:
        """The parameters as OpenAPI."""
        orderings = list(getattr(view, "orderings", {}))
        limits = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 50}
        return [
            _parameter("limit", limits, "How many rows."),
            _parameter("cursor", {"type": "string"}, "From `next` or `previous`, as given."),
            _parameter(
                "ordering",
                {"type": "string", "enum": orderings, "default": orderings[0]},
                "The order of the rows.",
            ),
        ]


def _bad_cursor() -> InvalidInputError:
    detail = "Use `next` or `previous` of an earlier answer as it is."
    return InvalidInputError.at("?cursor", "bad_cursor", detail)


def _is_moment(position: str | int) -> bool:
    try:
        moment = parse_datetime(str(position))
    except ValueError:
        return False
    return moment is not None and moment.utcoffset() is not None and 1900 <= moment.year <= 9999


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }


def _envelope(results: dict[str, Any], link: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {"next": link, "previous": link, "results": results},
    }


class Whole(BasePagination):
    """The same envelope around a list that is always short enough to be given whole."""

    def get_paginated_response(self, data: Any) -> Response:  # noqa: ANN401
        """Everything at once."""
        return Response({"next": None, "previous": None, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope as OpenAPI."""
        return _envelope(schema, {"type": "null"})
