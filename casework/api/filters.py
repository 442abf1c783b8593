"""Filters that refuse what they do not know: a wrong list is worse than none."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from casework.api.fields import Moment
from casework.api.pagination import NewestFirst
from casework.domain.errors import FieldProblem, InvalidInputError

if TYPE_CHECKING:
    from rest_framework.views import APIView


class MomentField(forms.Field):
    """A moment with offset; a plus sign that the address turned into a space is put back."""

    def to_python(self, value: Any) -> datetime | None:  # noqa: ANN401
        """The moment in UTC, or None when it was not given."""
        if value in self.empty_values:
            return None
        try:
            moment: datetime = Moment().run_validation(str(value).replace(" ", "+"))
        except ValidationError as error:
            detail = error.detail[0] if isinstance(error.detail, list) else ""
            code = getattr(detail, "code", "wrong_type")
            raise forms.ValidationError(str(detail), code=code) from error
        return moment


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentFilter(filters.Filter):
    """Before or after a moment."""

    field_class = MomentField


class StrictFilterBackend(filters.DjangoFilterBackend):
    """django-filter, but unknown names and values are refused, each by its name."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: "APIView"
    ) -> QuerySet[Any]:
        """The rows asked for. InvalidInputError names every parameter that is not accepted."""
        model = self.get_filterset_class(view, queryset)
        known = set(model.base_filters) if model else set()
        problems = [
            FieldProblem(pointer=f"?{name}"[:100], code="unknown_filter", detail=_known(known))
            for name in request.query_params
            if name not in known.union(NewestFirst.names)
        ]
        filterset = self.get_filterset(request, queryset, view)
        if filterset is not None and not filterset.is_valid():
            problems.extend(_problems(filterset.form))
        if problems:
            raise InvalidInputError(problems[0].detail, problems=tuple(problems))
        return filterset.qs if filterset is not None else queryset


def _known(names: set[str]) -> str:
    return f"Known are: {', '.join(sorted({*names, *NewestFirst.names}))}."


def _detail(field: forms.Field, error: dict[str, str]) -> str:
    """What is accepted; what was sent is not repeated."""
    choices = getattr(field, "choices", ())
    if error["code"] != "invalid_choice" or not choices:
        return error["message"]
    return f"Choose one of: {', '.join(str(code) for code, _ in choices if code)}."


def _problems(form: forms.Form) -> list[FieldProblem]:
    codes = {"invalid_choice": "not_an_option", "invalid": "wrong_type"}
    return [
        FieldProblem(
            pointer=f"?{name}",
            code=codes.get(error["code"], error["code"]),
            detail=_detail(form.fields[name], error),
        )
        for name, errors in form.errors.get_json_data().items()
        for error in errors
    ]
