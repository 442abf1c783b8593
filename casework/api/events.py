"""Dated events of a case; the answer says which clocks each started, moved or met."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import case_for, event_for
from casework.api.deadlines import SteppedDeadlineOut, deadline_view
from casework.api.fields import WHEN_IN, Flag, Moment, Nothing, OneOf, Read, Sent, Words
from casework.api.listings import ShortListing
from casework.api.resources import Resource, Rights
from casework.domain.clocks import local
from casework.domain.events import EventKind
from casework.domain.permissions import Capability
from casework.models import Event
from casework.services.deadlines import Moved
from casework.services.events import NewEvent, amend_event, record_event, retract_event

CHANGES = (
    *("started", "moved", "reopened", "resumed", "stopped", "met", "paused", "waived", "ended"),
    *("held", "no_deadline", "cannot_compute", "not_computed"),
)


class EventOut(Read):
    """What happened, and when."""

    ref = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=list(EventKind))
    at = Moment()
    at_local = serializers.CharField(help_text="In the time of the place, with its zone.")
    zone = serializers.CharField()
    by_mail = serializers.BooleanField(
        allow_null=True, help_text="Whether it came by post; null: not known."
    )
    recorded_by = serializers.CharField()
    recorded_at = Moment()
    superseded_at = Moment(allow_null=True, help_text="Since when it was amended or retracted.")
    amends = serializers.UUIDField(allow_null=True, help_text="The event it stands in place of.")


class MovedClockOut(SteppedDeadlineOut):
    """A clock that the event changed."""

    change = serializers.ChoiceField(choices=CHANGES)


class RecordedOut(Read):
    """The event, and what it did to the clocks of the case."""

    event = EventOut()
    clocks = MovedClockOut(many=True)


class RetractedOut(Read):
    """What taking an event back did to the clocks of the case."""

    clocks = MovedClockOut(many=True)


class NewEventIn(Sent):
    """What happened, when with offset, and where by time zone."""

    kind = OneOf(choices=[kind.value for kind in EventKind])
    at = Moment(help_text=WHEN_IN)
    zone = Words(max_length=64, help_text="An IANA time zone, as America/Chicago.")
    by_mail = Flag(
        required=False,
        allow_null=True,
        default=None,
        help_text="Whether it came by post, which lengthens some periods; null: not known.",
    )
    note = Words(required=False, allow_blank=True, default="")


class HistoryQuestion(Sent):
    """Whether amended and retracted events are wanted too."""

    history = serializers.ChoiceField(choices=["0", "1"], default="0")


def event_view(row: Event) -> dict[str, Any]:
    """An event; its note stays in the case."""
    return {
        "ref": row.ref,
        "kind": row.kind,
        "at": row.at,
        "at_local": local(row.at, row.zone),
        "zone": row.zone,
        "by_mail": row.by_mail,
        "recorded_by": row.recorded_by,
        "recorded_at": row.recorded_at,
        "superseded_at": row.superseded_at,
        "amends": row.amends.ref if row.amends else None,
    }


class _Recording(Resource):
    """What recording, amending and retracting have in common."""

    def new_event(self) -> NewEvent:
        """The event that was sent."""
        sent = self.sent(NewEventIn)
        return NewEvent(**sent)

    def clocks(self, moved: list[Moved]) -> list[dict[str, Any]]:
        """The clocks that changed, with how each moment follows."""
        return [{**deadline_view(one.deadline, self.at), "change": one.change} for one in moved]

    def recorded(self, done: tuple[Event, list[Moved]]) -> Response:
        """The answer to a recording."""
        event, moved = done
        content = {"event": event_view(event), "clocks": self.clocks(moved)}
        return self.answer(RecordedOut, content, status=201)


class CaseEvents(_Recording, ShortListing):
    """`cases/{ref}/events/`"""

    needs: ClassVar[Rights] = {
        "GET": (Capability.READ_CASE,),
        "POST": (Capability.READ_CASE, Capability.RECORD_EVENT),
    }
    question = HistoryQuestion

    @extend_schema(parameters=[HistoryQuestion], responses=EventOut(many=True))
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """The events that stand, in the order in which they happened."""
        case = case_for(self.by, ref)
        rows = Event.objects.filter(agency_id=self.by.agency_id, case=case)
        wanted = rows if self.asked["history"] == "1" else rows.standing()
        ordered = wanted.select_related("amends").order_by("at", "id")
        return self.whole(EventOut, [event_view(row) for row in ordered])

    @extend_schema(request=NewEventIn, responses={201: RecordedOut})
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Record what happened. The answer lists the clocks it started, moved or met."""
        case = case_for(self.by, ref, Capability.RECORD_EVENT)
        done = record_event(case, self.new_event(), by=self.by, at=self.at)
        return self.recorded(done)


class AmendEvent(_Recording):
    """`cases/{ref}/events/{event}/amend/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.READ_CASE, Capability.RECORD_EVENT)}

    @extend_schema(request=NewEventIn, responses={201: RecordedOut})
    def post(self, request: Request, ref: str, event: str) -> Response:  # noqa: ARG002
        """Put a corrected event in this one's place; clocks follow."""
        case = case_for(self.by, ref, Capability.RECORD_EVENT)
        row = event_for(self.by, case, event)
        return self.recorded(amend_event(row, self.new_event(), by=self.by, at=self.at))


class RetractEvent(_Recording):
    """`cases/{ref}/events/{event}/retract/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.READ_CASE, Capability.RECORD_EVENT)}

    @extend_schema(request=Nothing, responses=RetractedOut)
    def post(self, request: Request, ref: str, event: str) -> Response:  # noqa: ARG002
        """Take back what was recorded in error; clocks follow."""
        case = case_for(self.by, ref, Capability.RECORD_EVENT)
        row = event_for(self.by, case, event)
        self.sent(Nothing)
        moved = retract_event(row, by=self.by, at=self.at)
        return self.answer(RetractedOut, {"clocks": self.clocks(moved)})
