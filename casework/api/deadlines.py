"""Deadlines: the legal clocks of the cases one may read, as they stand at this moment."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import case_for, deadlines_for
from casework.api.fields import Moment, Read
from casework.api.filters import MomentFilter
from casework.api.listings import Listing, ShortListing
from casework.api.resources import Rights
from casework.domain.clocks import ClockState, ReadingState, local, state_of
from casework.domain.permissions import Capability
from casework.domain.rule_versions import Certainty
from casework.models import Deadline
from casework.services.deadlines import rule_of

STATUSES = (*(state.value for state in ReadingState if state != "not_started"), "stopped")
_SOONEST = F("due_at").asc(nulls_last=True)
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class CaseName(Read):
    """Which case."""

    ref = serializers.UUIDField()
    number = serializers.CharField()


class DeadlineOut(Read):
    """One clock of one case."""

    ref = serializers.UUIDField()
    case = CaseName()
    rule = serializers.CharField()
    rule_version = serializers.CharField()
    title = serializers.CharField()
    citation = serializers.CharField()
    certainty = serializers.ChoiceField(choices=list(Certainty))
    reviewed = serializers.BooleanField(help_text="Whether counsel has signed the rule.")
    report_reading = serializers.BooleanField(
        help_text="Whether it is the way a report puts it, and not the law."
    )
    status = serializers.ChoiceField(choices=STATUSES)
    state = serializers.ChoiceField(
        choices=list(ClockState), allow_null=True, help_text="Null where nothing can be computed."
    )
    started_at = Moment(allow_null=True)
    due_at = Moment(allow_null=True)
    due_local = serializers.CharField(help_text="In the time of the place, with its zone.")
    zone = serializers.CharField()
    met_at = Moment(allow_null=True)
    time_left_seconds = serializers.IntegerField(
        allow_null=True, help_text="Negative when overdue; null unless running."
    )
    assumption = serializers.CharField()
    assumed_due_at = Moment(allow_null=True)
    version = serializers.IntegerField()


class SteppedDeadlineOut(DeadlineOut):
    """One clock with the way its moment was reckoned."""

    steps = serializers.ListField(child=serializers.CharField())


def deadline_view(row: Deadline, now: datetime) -> dict[str, Any]:
    """A deadline as it stands at `now`."""
    rule = rule_of(row)
    computed = row.status in ("running", "met")
    left = row.due_at - now if row.due_at and row.status == "running" else None
    return {
        "ref": row.ref,
        "case": row.case,
        "rule": row.rule,
        "rule_version": rule.version,
        "title": rule.title,
        "citation": rule.citation,
        "certainty": rule.certainty,
        "reviewed": rule.reviewed,
        "report_reading": rule.report_reading,
        "status": row.status,
        "state": state_of(row.due_at, row.met_at, now) if computed else None,
        "started_at": row.started_at,
        "due_at": row.due_at,
        "due_local": local(row.due_at, row.zone) if row.due_at else "",
        "zone": row.zone,
        "met_at": row.met_at,
        "time_left_seconds": None if left is None else int(left.total_seconds()),
        "assumption": row.assumption,
        "assumed_due_at": row.assumed_due_at,
        "version": row.version,
        "steps": row.steps,
    }


class DeadlineFilter(filters.FilterSet):
    """Which deadlines to list."""

    due_before = MomentFilter(field_name="due_at", lookup_expr="lt")
    status = filters.ChoiceFilter(choices=[(status, status) for status in STATUSES])
    rule = filters.CharFilter(max_length=40)


class Deadlines(Listing):
    """`deadlines/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_DEADLINES,)}
    queryset = Deadline.objects.none()
    filterset_class = DeadlineFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "due_at": ("due_or_never", "id"),
        "-due_at": ("-due_or_never", "-id"),
    }

    @extend_schema(responses=DeadlineOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Deadlines of the cases you may read, soonest first."""
        rows: QuerySet[Deadline] = deadlines_for(self.by).annotate(
            due_or_never=Coalesce("due_at", Value(_FAR, output_field=DateTimeField()))
        )
        shown = self.paginate_queryset(self.filter_queryset(rows)) or []
        views = [deadline_view(row, self.at) for row in shown]
        return self.get_paginated_response(DeadlineOut(views, many=True).data)


class CaseDeadlines(ShortListing):
    """`cases/{ref}/deadlines/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_CASE, Capability.READ_DEADLINES)}

    @extend_schema(responses=SteppedDeadlineOut(many=True))
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Every clock of the case, soonest first, with how its moment was reckoned."""
        case = case_for(self.by, ref, Capability.READ_DEADLINES)
        rows = deadlines_for(self.by).filter(case=case).order_by(_SOONEST, "id")
        views = [deadline_view(row, self.at) for row in rows]
        return self.whole(SteppedDeadlineOut, views)
