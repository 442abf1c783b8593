"""Instruments of an agency's own: sent as one file, checked whole, stored whole or not at all."""

from collections.abc import Mapping
from typing import IO, Any, ClassVar, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from casework.api.fields import Read, Sent, Words
from casework.api.problems import field_problems
from casework.api.resources import Rights
from casework.domain.errors import InvalidInputError
from casework.domain.permissions import Capability
from screening.api.instruments import Instruments
from screening.domain.instrument import Status
from screening.gateways.instrument_files import LARGEST_BYTES
from screening.services.packs import Pack, add_pack, check_pack

YAML: Final = "application/yaml"
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CONTENT = "content"


class WholeFile(BaseParser):
    """The body as it is; of one that is too large no more than shows that it is."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """The bytes; what they say is looked at by those who know what they may say."""
        return {_CONTENT: stream.read(LARGEST_BYTES + 1)}


class YamlFile(WholeFile):
    """An instrument as the shared ones are written."""

    media_type = YAML


class WorkbookFile(WholeFile):
    """An XLSForm."""

    media_type = WORKBOOK


class AddQuestion(Sent):
    """How the file is dealt with."""

    check = serializers.ChoiceField(
        choices=["0", "1"], default="0", help_text="1: say what adding would do, and store nothing."
    )
    name = Words(required=False, max_length=80, help_text="What refusals call the file.")


class AddedOut(Read):
    """What was added, or would be, and what it means."""

    id = serializers.CharField()
    version = serializers.CharField()
    digest = serializers.CharField(help_text="Names the exact content.")
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=list(Status))
    items = serializers.IntegerField(help_text="How many questions it has.")
    replaces = serializers.CharField(
        help_text="The version of your own that it takes the place of; empty if none."
    )
    fills_stub = serializers.BooleanField(
        help_text="Whether it brings the wording that a shared stub waits for."
    )
    mapped = serializers.ListField(
        child=serializers.CharField(),
        help_text="Ids of questions whose answers say something about a shared sign or a fact.",
    )
    unmapped = serializers.ListField(
        child=serializers.CharField(),
        help_text="Ids of questions that count in this instrument's own result and nowhere else.",
    )
    stored = serializers.BooleanField(help_text="False for a check.")


class InstrumentsAndOwn(Instruments):
    """`instruments/`"""

    needs: ClassVar[Rights] = {
        "GET": (Capability.READ_KNOWLEDGE,),
        "POST": (Capability.MANAGE_INSTRUMENTS,),
    }
    parser_classes = (YamlFile, WorkbookFile)

    @extend_schema(
        parameters=[AddQuestion],
        request={YAML: OpenApiTypes.STR, WORKBOOK: OpenApiTypes.BINARY},
        responses={201: AddedOut, 200: AddedOut},
    )
    def post(self, request: Request) -> Response:
        """Add an instrument of your agency's own, as YAML or as an XLSForm: all of it or nothing.

        A refusal names file, line and field of everything that is wrong. With `check=1` nothing is
        stored, not even the answer for an Idempotency-Key.
        """
        asked = _asked(request)
        name = asked.get("name", "")
        sent = request.data
        content: bytes = sent.get(_CONTENT, b"") if isinstance(sent, dict) else b""
        if asked["check"] == "1":
            found = check_pack(content, name, by=self.by)
            self._claim = None
            set_rollback()
            return self.answer(AddedOut, _view(found, stored=False))
        added = add_pack(content, name, by=self.by, at=self.at)
        return self.answer(AddedOut, _view(added, stored=True), status=201)


def _asked(request: Request) -> dict[str, Any]:
    form = AddQuestion(data=request.query_params.dict())
    if not form.is_valid():
        problems = tuple(
            problem
            for name, details in form.errors.items()
            for problem in field_problems(details, f"?{name}")
        )
        detail = "Something in the query is not accepted."
        raise InvalidInputError(detail, problems=problems)
    values: dict[str, Any] = form.validated_data
    return values


def _view(pack: Pack, *, stored: bool) -> dict[str, Any]:
    instrument = pack.instrument
    return {
        "id": instrument.id,
        "version": instrument.version,
        "digest": pack.digest,
        "title": instrument.title.get("en"),
        "status": instrument.status,
        "items": len(instrument.items_by_id),
        "replaces": pack.replaces,
        "fills_stub": pack.fills_stub,
        "mapped": [item.id for item in pack.mapped],
        "unmapped": [item.id for item in pack.unmapped],
        "stored": stored,
    }
