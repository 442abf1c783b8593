"""One deadline, and what is done about it by hand; the reason of each deed stays sealed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import deadline_for
from casework.api.deadlines import SteppedDeadlineOut, deadline_view
from casework.api.fields import WHEN_IN, Day, Moment, Read, Sent, Words
from casework.api.resources import Resource, Rights
from casework.domain.permissions import Capability
from casework.models import Deadline, DeadlineAct
from casework.services import deadline_acts
from casework.services.deadline_acts import Deed

Service: TypeAlias = Callable[..., Deadline]
_CHANGE = (Capability.READ_DEADLINES, Capability.CHANGE_DEADLINE)


class ActOut(Read):
    """What somebody did about it; the reason stays in the case."""

    ref = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=DeadlineAct.Kind.values)
    at = Moment(help_text="From when it counts.")
    until = Day(allow_null=True, help_text="The new last day, where an extension named one.")
    recorded_by = serializers.CharField()
    recorded_at = Moment()
    undone = serializers.BooleanField(help_text="Whether it was taken back.")


class ReminderOut(Read):
    """A reminder still to come."""

    rung = serializers.CharField()
    at = Moment()
    audience = serializers.ListField(child=serializers.CharField())


class OneDeadlineOut(SteppedDeadlineOut):
    """One clock whole: how it was reckoned, what was done about it, who is reminded when."""

    acts = ActOut(many=True)
    reminders = ReminderOut(many=True)


class DeedIn(Sent):
    """Why, and from when it counts."""

    reason = Words(help_text="It stays with the deadline, sealed, and is not given out again.")
    at = Moment(
        required=False, allow_null=True, default=None, help_text=f"Left out: now. {WHEN_IN}"
    )
    until = Day(
        required=False,
        allow_null=True,
        default=None,
        help_text="Only for an extension whose length the rule does not name: the new last day.",
    )


class UndoIn(Sent):
    """Why, and which."""

    reason = Words()
    entry = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The ref of the entry that is meant: refused where it is not the last any more.",
    )


def whole_view(row: Deadline, now: datetime) -> dict[str, Any]:
    """A deadline as it stands at `now`, with its acts and the reminders still to come."""
    acts = [
        {
            "ref": act.ref,
            "kind": act.kind,
            "at": act.at,
            "until": act.until,
            "recorded_by": act.recorded_by,
            "recorded_at": act.recorded_at,
            "undone": act.undone_at is not None,
        }
        for act in row.acts.defer("reason").order_by("id")
    ]
    waiting = row.reminders.filter(status="scheduled").order_by("fire_at", "id")
    reminders = [{"rung": one.rung, "at": one.fire_at, "audience": one.audience} for one in waiting]
    return {**deadline_view(row, now), "acts": acts, "reminders": reminders}


class OneDeadline(Resource):
    """`deadlines/{ref}/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_DEADLINES,)}

    @extend_schema(responses=OneDeadlineOut)
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """One clock, how its moment was reckoned, and what was done about it."""
        row = deadline_for(self.by, ref)
        return self.answer(OneDeadlineOut, whole_view(row, self.at))


class _Act(Resource):
    """One deed on one deadline."""

    needs: ClassVar[Rights] = {"POST": _CHANGE}
    model: ClassVar[type[Sent]] = DeedIn

    def act(self, ref: str, service: Service) -> Response:
        """Door, body, service, and the deadline as it stands then."""
        row = deadline_for(self.by, ref, Capability.CHANGE_DEADLINE)
        sent = self.sent(self.model)
        deed = Deed(
            reason=sent["reason"],
            since=sent.get("at"),
            until=sent.get("until"),
            entry=sent.get("entry"),
        )
        done = service(row, deed, by=self.by, at=self.at)
        return self.answer(OneDeadlineOut, whole_view(done, self.at))


class MeetDeadline(_Act):
    """`deadlines/{ref}/meet/`"""

    @extend_schema(request=DeedIn, responses=OneDeadlineOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Record by hand when it was met; met after its moment stays late."""
        return self.act(ref, deadline_acts.meet_deadline)


class PauseDeadline(_Act):
    """`deadlines/{ref}/pause/`"""

    @extend_schema(request=DeedIn, responses=OneDeadlineOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Days stop counting, where the rule names grounds for that."""
        return self.act(ref, deadline_acts.pause_deadline)


class ResumeDeadline(_Act):
    """`deadlines/{ref}/resume/`"""

    @extend_schema(request=DeedIn, responses=OneDeadlineOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Days count again; the moment moves by as many as were lost."""
        return self.act(ref, deadline_acts.resume_deadline)


class ExtendDeadline(_Act):
    """`deadlines/{ref}/extend/`"""

    @extend_schema(request=DeedIn, responses=OneDeadlineOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Lengthen it by what the rule allows, as often as the rule allows."""
        return self.act(ref, deadline_acts.extend_deadline)


class WaiveDeadline(_Act):
    """`deadlines/{ref}/waive/`"""

    @extend_schema(request=DeedIn, responses=OneDeadlineOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """It need not be met; reminders end. Waived after its moment stays late."""
        return self.act(ref, deadline_acts.waive_deadline)


class RelyOnException(_Act):
    """`deadlines/{ref}/exception/`"""

    @extend_schema(request=DeedIn, responses=OneDeadlineOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Record that somebody relies on an exception; the clock goes on running."""
        return self.act(ref, deadline_acts.rely_on_exception)


class ReviewDeadline(_Act):
    """`deadlines/{ref}/review/`"""

    @extend_schema(request=DeedIn, responses=OneDeadlineOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Somebody looked; the next look is counted from that day."""
        return self.act(ref, deadline_acts.review_deadline)


class ReopenDeadline(_Act):
    """`deadlines/{ref}/reopen/`"""

    model = UndoIn

    @extend_schema(request=UndoIn, responses=OneDeadlineOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Take back what met or waived it by hand."""
        return self.act(ref, deadline_acts.reopen_deadline)


class TakeBack(_Act):
    """`deadlines/{ref}/take-back/`"""

    model = UndoIn

    @extend_schema(request=UndoIn, responses=OneDeadlineOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Take back what was done about it last by hand; it stays in the history, as undone."""
        return self.act(ref, deadline_acts.take_back)
