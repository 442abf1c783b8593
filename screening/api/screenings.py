"""Screenings: begun for a case or for nobody named, answered part by part, concluded once."""

from typing import Any, ClassVar

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import case_for
from casework.api.fields import Flag, Language, Moment, Read, Sent, Value, Words, fields_of
from casework.api.listings import Listing
from casework.api.resources import Resource, Rights, named
from casework.domain.facts import Standing
from casework.domain.permissions import Capability
from casework.domain.ternary import Ternary
from screening.access import screening_for, screenings_for
from screening.api.findings import FindingOut
from screening.api.instruments import InstrumentName, instrument_name
from screening.domain.answers import Answer, read
from screening.models import Screening
from screening.services.answering import NewScreening, answers_of, start_screening
from screening.services.instruments import current_instrument, instrument_of


class ScreeningCase(Read):
    """Which case."""

    ref = serializers.UUIDField()
    number = serializers.CharField()


class ScreeningBrief(Read):
    """A screening in a list."""

    ref = serializers.UUIDField()
    case = ScreeningCase(allow_null=True, help_text="Null for an anonymous screening.")
    instrument = InstrumentName()
    language = serializers.CharField()
    interpreter_present = serializers.BooleanField(allow_null=True)
    started_at = Moment()
    started_by = serializers.CharField()
    updated_at = Moment()
    concluded_at = Moment(allow_null=True)
    version = serializers.IntegerField()


class AnswerOut(Read):
    """What stands for one question."""

    item = serializers.CharField()
    standing = serializers.ChoiceField(choices=list(Standing))
    value = Value()
    note = serializers.CharField()


class ProgressOut(Read):
    """How far it has come."""

    answered = serializers.IntegerField()
    shown = serializers.IntegerField()


class ScreeningOut(ScreeningBrief):
    """A screening with its answers and, once concluded, its outcome."""

    progress = ProgressOut()
    visible = serializers.ListField(
        child=serializers.CharField(), help_text="Ids of the questions that show, in their order."
    )
    answers = AnswerOut(many=True)
    minor = serializers.ChoiceField(choices=list(Ternary))
    outcome = FindingOut(allow_null=True)


class NewScreeningIn(Sent):
    """Which instrument, for which case if any."""

    instrument = Words(max_length=80)
    version = Words(required=False, max_length=40, help_text="The newest when left out.")
    case = serializers.UUIDField(required=False, allow_null=True)
    language = Language(default="en")
    interpreter_present = Flag(required=False, allow_null=True, default=None)


class ScreeningFilter(filters.FilterSet):
    """Which screenings to list."""

    case = filters.UUIDFilter(field_name="case__ref")
    instrument = filters.CharFilter(field_name="definition__code", max_length=80)
    concluded = filters.ChoiceFilter(choices=[("0", "0"), ("1", "1")], method="is_concluded")

    def is_concluded(self, rows: Any, _name: str, value: str) -> Any:  # noqa: ANN401
        """Concluded ones, or those still open."""
        return rows.filter(concluded_at__isnull=value == "0")


def brief_view(row: Screening) -> dict[str, Any]:
    """A screening without its answers."""
    plain = [name for name in fields_of(ScreeningBrief) if name != "instrument"]
    shown = {name: getattr(row, name) for name in plain}
    return shown | {"instrument": instrument_name(row.definition, row.language)}


def screening_view(row: Screening) -> dict[str, Any]:
    """A screening with everything that was answered."""
    instrument = instrument_of(row.definition)
    answers = answers_of(row)
    visible = read(instrument, answers).visible
    order = [item for item in instrument.items_by_id if item in visible]
    return brief_view(row) | {
        "progress": {"answered": len(visible & set(answers)), "shown": len(visible)},
        "visible": order,
        "answers": [_answer(answers[item]) for item in instrument.items_by_id if item in answers],
        "minor": row.minor,
        "outcome": row.finding,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "item": answer.item,
        "standing": answer.standing,
        "value": answer.value,
        "note": answer.note,
    }


class Screenings(Listing):
    """`screenings/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.SCREEN,), "POST": (Capability.SCREEN,)}
    queryset = Screening.objects.none()
    filterset_class = ScreeningFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-started_at": ("-started_at", "-id"),
        "started_at": ("started_at", "id"),
    }

    @extend_schema(responses=ScreeningBrief(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Screenings you may read, newest first."""
        shown = self.paginate_queryset(self.filter_queryset(screenings_for(self.by))) or []
        views = [brief_view(row) for row in shown]
        return self.get_paginated_response(ScreeningBrief(views, many=True).data)

    @extend_schema(request=NewScreeningIn, responses={201: ScreeningOut}, filters=False)
    def post(self, request: Request) -> Response:  # noqa: ARG002
        """Begin, for a case or for nobody named."""
        sent = self.sent(NewScreeningIn)
        case = None
        if sent.get("case"):
            with named("/case"):
                case = case_for(self.by, sent["case"], Capability.SCREEN)
        new = NewScreening(
            definition=current_instrument(sent["instrument"], version=sent.get("version", "")),
            case=case,
            language=sent["language"],
            interpreter_present=sent["interpreter_present"],
        )
        begun = start_screening(new, by=self.by, at=self.at)
        return self.answer(ScreeningOut, screening_view(begun), status=201, version=begun.version)


class OneScreening(Resource):
    """`screenings/{ref}/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.SCREEN,)}

    @extend_schema(responses=ScreeningOut)
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """One screening with its answers and, once concluded, its outcome."""
        row = screening_for(self.by, ref)
        return self.answer(ScreeningOut, screening_view(row), version=row.version)
