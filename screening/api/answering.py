"""Answers saved part by part, and the conclusion drawn from them."""

from collections.abc import Iterator
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api.fields import OneOf, Sent, Value, Words
from casework.api.resources import Resource, Rights
from casework.domain.errors import InvalidInputError
from casework.domain.facts import Standing
from casework.domain.permissions import Capability
from casework.domain.ternary import Ternary
from screening.access import screening_for
from screening.api.screenings import ScreeningOut, screening_view
from screening.services.answering import SentAnswer, save_answers
from screening.services.conclusion import conclude_screening

MOST_ANSWERS = 500


class AnswerIn(Sent):
    """A value, or the way in which there is none."""

    item = Words(max_length=80)
    value = Value(required=False)
    standing = OneOf(choices=[standing.value for standing in Standing], required=False)
    note = Words(required=False, allow_blank=True, default="")


class AnswersIn(Sent):
    """Some answers; those saved earlier stay."""

    answers = serializers.ListField(child=AnswerIn(), min_length=1, max_length=MOST_ANSWERS)


class MinorIn(Sent):
    """Whether the person was under 18 at any act."""

    minor = OneOf(choices=[one.value for one in Ternary], default="unknown")


def sent_answers(rows: list[dict[str, Any]]) -> Iterator[SentAnswer]:
    """The answers with their places. InvalidInputError where one is empty or comes twice."""
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row["item"] in seen:
            detail = "The same question is answered twice."
            raise InvalidInputError.at(f"/answers/{number}/item", "repeated_item", detail)
        seen.add(row["item"])
        value = row.get("value")
        standing = Standing(row.get("standing", Standing.KNOWN))
        pointer = f"/answers/{number}/value"
        if standing is Standing.KNOWN and value is None:
            detail = "Give a value, or the standing that says why there is none."
            raise InvalidInputError.at(pointer, "required", detail)
        yield SentAnswer(
            item=row["item"], standing=standing, value=value, pointer=pointer, note=row["note"]
        )


class Answers(Resource):
    """`screenings/{ref}/answers/`"""

    needs: ClassVar[Rights] = {"PATCH": (Capability.SCREEN,), "POST": (Capability.SCREEN,)}

    @extend_schema(request=AnswersIn, responses=ScreeningOut)
    def patch(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Save answers on the version you read: all of them, or none."""
        return self._save(ref, self.version(required=True))

    @extend_schema(request=AnswersIn, responses={200: ScreeningOut})
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """The same for systems that send answers as they come, If-Match or not."""
        return self._save(ref, self.version())

    def _save(self, ref: str, version: int | None) -> Response:
        row = screening_for(self.by, ref, Capability.SCREEN)
        answers = list(sent_answers(self.sent(AnswersIn)["answers"]))
        save_answers(row, answers, by=self.by, at=self.at, version=version)
        saved = screening_for(self.by, ref)
        return self.answer(ScreeningOut, screening_view(saved), version=saved.version)


class Conclude(Resource):
    """`screenings/{ref}/conclude/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.SCREEN, Capability.CONCLUDE_SCREENING)}

    @extend_schema(request=MinorIn, responses=ScreeningOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Conclude, once. The facts of the finding go to the ledger of the case."""
        row = screening_for(self.by, ref, Capability.CONCLUDE_SCREENING)
        minor = Ternary(self.sent(MinorIn)["minor"])
        version = self.version()
        conclude_screening(row, by=self.by, at=self.at, minor=minor, version=version)
        done = screening_for(self.by, ref)
        return self.answer(ScreeningOut, screening_view(done), version=done.version)
