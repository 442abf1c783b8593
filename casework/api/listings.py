"""Lists: rows from a door, filtered, in pages."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api.fields import Read
from casework.api.pagination import Whole
from casework.api.resources import Resource


class Listing(Resource, GenericAPIView[Any]):
    """A list in pages. `rows` gives what the principal may see at all."""

    orderings: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Name → columns, the default first; the first column is a moment."""

    def check_question(self, request: Request) -> None:
        """The filters and the pages look at the query themselves."""

    def rows(self) -> QuerySet[Any]:
        """The rows behind the principal's door."""
        raise NotImplementedError

    def page(self, model: type[Read], rows: QuerySet[Any]) -> Response:
        """One page of the rows that pass the filters."""
        shown = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(model(shown, many=True, context=self.context()).data)

    def context(self) -> dict[str, Any]:
        """What the serializer needs besides the row."""
        return {"by": self.by, "at": self.at}


class ShortListing(Resource, GenericAPIView[Any]):
    """A list that is given whole, in the same envelope."""

    pagination_class = Whole
    filter_backends = ()

    def whole(self, model: type[Read], items: Iterable[object]) -> Response:
        """All of them."""
        return self.get_paginated_response(model(list(items), many=True).data)
