"""Deadlines: the legal clocks of the cases one may read, as they stand at this moment."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db.models import DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import case_for, deadlines_for
from casework.api.fields import Day, Moment, Read
from casework.api.filters import MomentFilter
from casework.api.listings import Listing, ShortListing
from casework.api.resources import Rights
from casework.domain.clock_rules import Mark
from casework.domain.clocks import ClockKind, ClockState, ReadingState, local
from casework.domain.local_time import day_of
from casework.domain.permissions import Capability
from casework.domain.readings import DUE_SOON
from casework.domain.rule_versions import Certainty
from casework.models import Deadline
from casework.services.deadline_states import state_at
from casework.services.deadlines import rule_of

STATUSES = (*(state.value for state in ReadingState if state != "not_started"), "stopped")
_AS_KEPT = (
    *("ref", "case", "rule", "period", "status", "marks", "late", "started_at", "due_at", "due_on"),
    *("zone", "closes_at", "review_on", "paused_at", "met_at", "assumption", "assumed_due_at"),
    *("version", "steps"),
)
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
    period = serializers.CharField(
        help_text="Which of several periods of the rule, as 2026-H1; empty for the only one."
    )
    status = serializers.ChoiceField(choices=STATUSES)
    state = serializers.ChoiceField(
        choices=list(ClockState),
        allow_null=True,
        help_text="Null unless running or met. Overdue is only what had to be done or has ended.",
    )
    marks = serializers.ChoiceField(
        choices=list(Mark),
        help_text="What the moment is: the last, the first, or an end by itself.",
    )
    late = serializers.BooleanField(
        help_text="Met or waived after its moment, or over without having been met; it stays."
    )
    started_at = Moment(allow_null=True)
    started_on = Day(allow_null=True, help_text="The day of the start, where days are counted.")
    due_at = Moment(allow_null=True)
    due_on = Day(
        allow_null=True,
        help_text="Where days are counted: the day itself, in `zone`; `due_at` is its last instant,"
        " or its first where something opens.",
    )
    due_local = serializers.CharField(help_text="In the time of the place, with its zone.")
    zone = serializers.CharField()
    closes_at = Moment(allow_null=True, help_text="When the window closes, where that is known.")
    review_on = Day(allow_null=True, help_text="When a person looks again; never a deadline.")
    paused_at = Moment(allow_null=True, help_text="Since when days do not count.")
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
    left = row.due_at - now if row.due_at and row.status == "running" else None
    by_day = row.started_at is not None and rule.kind is not ClockKind.ELAPSED_HOURS
    return {
        **{name: getattr(row, name) for name in _AS_KEPT},
        "rule_version": rule.version,
        "title": rule.title,
        "citation": rule.citation,
        "certainty": rule.certainty,
        "reviewed": rule.reviewed,
        "report_reading": rule.report_reading,
        "state": state_at(row, now),
        "started_on": day_of(row.started_at, row.zone) if by_day and row.started_at else None,
        "due_local": local(row.due_at, row.zone) if row.due_at else "",
        "time_left_seconds": None if left is None else int(left.total_seconds()),
    }


class DeadlineFilter(filters.FilterSet):
    """Which deadlines to list."""

    due_before = MomentFilter(field_name="due_at", lookup_expr="lt")
    status = filters.ChoiceFilter(choices=[(status, status) for status in STATUSES])
    state = filters.ChoiceFilter(
        choices=[(state.value, state.value) for state in (ClockState.OVERDUE, ClockState.DUE_SOON)],
        method="in_state",
    )
    late = filters.ChoiceFilter(choices=[("true", "true"), ("false", "false")], method="are_late")
    rule = filters.CharFilter(max_length=40)
    case = filters.UUIDFilter(field_name="case__ref")

    def in_state(self, rows: QuerySet[Deadline], _name: str, value: str) -> QuerySet[Deadline]:
        """Running, and past their moment or near it; what only opens is neither."""
        now: datetime = self.request.parser_context["view"].at
        waiting = rows.filter(status="running").exclude(marks=Mark.OPENS.value)
        if value == ClockState.OVERDUE:
            return waiting.filter(due_at__lt=now)
        return waiting.filter(Q(due_at__gte=now) & Q(due_at__lte=now + DUE_SOON))

    def are_late(self, rows: QuerySet[Deadline], _name: str, value: str) -> QuerySet[Deadline]:
        """Met or waived late, or over without having been met; or none of it."""
        return rows.filter(late=value == "true")


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
