"""Every definition of the knowledge: listed, read version by version, compared, found by digest."""

import re
from datetime import date
from typing import ClassVar

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api.fields import Moment, Read, Sent
from casework.api.listings import Listing
from casework.api.pagination import NewestFirst
from casework.api.relief import DayQuestion
from casework.api.resources import Resource, Rights
from casework.domain.errors import InvalidInputError
from casework.domain.permissions import Capability
from casework.domain.rule_versions import Certainty
from casework.models import Definition
from casework.services import definitions

_PLACE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,200}")
_ROWS = tuple(f"R{number}" for number in range(1, 31))
_READ: Rights = {"GET": (Capability.READ_KNOWLEDGE,)}


class DefinitionOut(Read):
    """One version of one definition, without its content."""

    kind = serializers.CharField()
    id = serializers.CharField(source="code")
    version = serializers.CharField()
    digest = serializers.CharField(help_text="Names the exact content.")
    title = serializers.CharField()
    jurisdiction = serializers.CharField(allow_null=True)
    citation = serializers.CharField()
    certainty = serializers.SerializerMethodField()
    reviewed = serializers.BooleanField(help_text="Whether counsel has signed it.")
    in_force_from = serializers.DateField(allow_null=True)
    in_force_to = serializers.DateField(allow_null=True)
    in_force = serializers.BooleanField(
        source="holds", help_text="Whether it holds on the day asked for, or today."
    )
    report_rows = serializers.SerializerMethodField()
    own = serializers.SerializerMethodField()
    loaded_at = Moment()
    withdrawn_at = Moment(allow_null=True, help_text="Since when it is replaced, if it is.")

    def get_certainty(self, row: Definition) -> Certainty | None:
        """How its content was established; null where it states nothing that could be doubted."""
        return Certainty(row.certainty) if row.certainty else None

    def get_report_rows(self, row: Definition) -> list[str]:
        """The demands of the report that it answers."""
        return vars(row).get("report_rows") or []

    def get_own(self, row: Definition) -> bool:
        """Whether your agency added it for itself."""
        return row.agency_id is not None


class WholeDefinitionOut(DefinitionOut):
    """One version of one definition with all that it says."""

    definition = serializers.DictField(source="content", help_text="As it was loaded.")


class VersionsOut(Read):
    """Every version of one definition."""

    kind = serializers.CharField()
    id = serializers.CharField()
    in_force = DefinitionOut(allow_null=True, help_text="The one that holds on the day.")
    versions = DefinitionOut(many=True, help_text="Newest first; your agency's own before all.")


class DifferenceOut(Read):
    """One place at which two versions differ."""

    where = serializers.CharField(help_text="A JSON pointer; rows of lists are named by their id.")
    old = serializers.JSONField(help_text="Null where this version has nothing there.")
    new = serializers.JSONField(help_text="Null where this version has nothing there.")


class ComparisonOut(Read):
    """Two versions side by side."""

    from_ = DefinitionOut()
    to = DefinitionOut()
    differences = DifferenceOut(many=True)


class VersionQuestion(Sent):
    """Which content, where a version was loaded more than once."""

    digest = serializers.RegexField(r"^[0-9a-f]{64}\Z", required=False)


class ComparisonQuestion(Sent):
    """Which two: versions or digests."""

    from_ = serializers.CharField(max_length=64)
    to = serializers.CharField(max_length=64)


class DefinitionFilter(filters.FilterSet):
    """Which definitions to list."""

    kind = filters.ChoiceFilter(choices=[(name, name) for name in definitions.kind_names()])
    code = filters.CharFilter(max_length=80)
    q = filters.CharFilter(
        method="with_words", max_length=100, help_text="Words in its code, citation or wording."
    )
    report_row = filters.ChoiceFilter(
        method="answering", choices=[(row, row) for row in _ROWS], help_text="As in R16."
    )
    jurisdiction = filters.CharFilter(max_length=20, help_text="As in US or US-NY.")
    on = filters.DateFilter(
        method="in_force_on", input_formats=["%Y-%m-%d"], help_text="Only what holds on that day."
    )
    certainty = filters.ChoiceFilter(choices=[(one.value, one.value) for one in Certainty])
    reviewed = filters.ChoiceFilter(method="signed", choices=[("true", "true"), ("false", "false")])

    def with_words(self, rows: definitions.Rows, _name: str, value: str) -> definitions.Rows:
        """Rows with every one of the words."""
        return definitions.matching(rows, value)

    def answering(self, rows: definitions.Rows, _name: str, value: str) -> definitions.Rows:
        """Rows that answer the demand."""
        return definitions.answering(rows, value)

    def in_force_on(self, rows: definitions.Rows, _name: str, _value: date) -> definitions.Rows:
        """Rows that hold on the day, which `Definitions.rows` has described them for."""
        return definitions.in_force(rows)

    def signed(self, rows: definitions.Rows, _name: str, value: str) -> definitions.Rows:
        """Rows that counsel has signed, or has not."""
        return rows.filter(reviewed=value == "true")


class ByPlace(NewestFirst):
    """The same pages for rows whose order is their kind, code and version."""

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The place to go on from. Only what an earlier answer gave is accepted."""
        try:
            cursor = CursorPagination.decode_cursor(self, request)
        except (NotFound, UnicodeError) as error:
            raise _bad_cursor() from error
        if cursor is None or cursor.position is None or _PLACE.fullmatch(str(cursor.position)):
            return cursor
        raise _bad_cursor()


def _bad_cursor() -> InvalidInputError:
    detail = "Use `next` or `previous` of an earlier answer as it is."
    return InvalidInputError.at("?cursor", "bad_cursor", detail)


class Definitions(Listing):
    """`definitions/`"""

    needs: ClassVar[Rights] = _READ
    queryset = Definition.objects.none()
    filterset_class = DefinitionFilter
    pagination_class = ByPlace
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"place": ("place",), "-place": ("-place",)}

    @extend_schema(responses=DefinitionOut(many=True))
    def get(self, request: Request) -> Response:
        """Everything loaded now, every version, by kind and code."""
        return self.page(DefinitionOut, definitions.current(on=self._day(request)))

    def _day(self, request: Request) -> date:
        """The day asked for; one that is no day is refused by the filter."""
        try:
            return date.fromisoformat(request.query_params.get("on", ""))
        except ValueError:
            return self.at.date()


class OneDefinition(Resource):
    """`definitions/{kind}/{code}/`"""

    needs: ClassVar[Rights] = _READ
    question = DayQuestion

    @extend_schema(parameters=[DayQuestion], responses=VersionsOut)
    def get(self, request: Request, kind: str, code: str) -> Response:  # noqa: ARG002
        """Every version, replaced ones too, and the one in force on a day."""
        on = self.asked.get("on") or self.at.date()
        versions = definitions.versions_of(kind, code, on=on)
        holding = next((row for row in versions if definitions.holds(row)), None)
        view = {"kind": kind, "id": code, "in_force": holding, "versions": versions}
        return self.answer(VersionsOut, view)


class OneVersion(Resource):
    """`definitions/{kind}/{code}/versions/{version}/`"""

    needs: ClassVar[Rights] = _READ
    question = VersionQuestion

    @extend_schema(parameters=[VersionQuestion], responses=WholeDefinitionOut)
    def get(self, request: Request, kind: str, code: str, version: str) -> Response:  # noqa: ARG002
        """All of one version; by digest also content that was replaced since."""
        rows = definitions.versions_of(kind, code, on=self.at.date())
        named = [row for row in rows if row.version == version]
        found = definitions.chosen(named, self.asked.get("digest", version))
        return self.answer(WholeDefinitionOut, found)


class CompareVersions(Resource):
    """`definitions/{kind}/{code}/compare/`"""

    needs: ClassVar[Rights] = _READ
    question = ComparisonQuestion

    @extend_schema(parameters=[ComparisonQuestion], responses=ComparisonOut)
    def get(self, request: Request, kind: str, code: str) -> Response:  # noqa: ARG002
        """What two versions say differently, place by place."""
        rows = definitions.versions_of(kind, code, on=self.at.date())
        old = definitions.chosen(rows, self.asked["from"])
        new = definitions.chosen(rows, self.asked["to"])
        view = {"from": old, "to": new, "differences": definitions.compared(old, new)}
        return self.answer(ComparisonOut, view)


class DefinitionByDigest(Resource):
    """`definitions/by-digest/{digest}/`"""

    needs: ClassVar[Rights] = _READ

    @extend_schema(responses=WholeDefinitionOut)
    def get(self, request: Request, digest: str) -> Response:  # noqa: ARG002
        """Exactly the content that something was concluded under."""
        return self.answer(WholeDefinitionOut, definitions.by_digest(digest, on=self.at.date()))
