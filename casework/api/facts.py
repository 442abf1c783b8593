"""The ledger of a case: what is known, from where, and since when."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import case_for, fact_for
from casework.api.fields import Moment, Nothing, OneOf, Read, Sent, Value, Words
from casework.api.listings import ShortListing
from casework.api.resources import Resource, Rights
from casework.domain.errors import InvalidInputError
from casework.domain.facts import Assertion, Standing
from casework.domain.permissions import Capability
from casework.models import Fact
from casework.services.facts import assert_fact, current_facts, ledger, retract_fact
from casework.services.knowledge import fact_vocabulary


class FactOut(Read):
    """One line of the ledger."""

    ref = serializers.UUIDField()
    code = serializers.CharField()
    label_ = serializers.CharField()
    value = Value(help_text="Null where it is not known, and where it identifies the person.")
    withheld = serializers.BooleanField(help_text="Whether a value is kept but identifies.")
    standing = serializers.ChoiceField(choices=list(Standing))
    source_ = serializers.ChoiceField(choices=Fact.Source.values)
    source_ref = serializers.CharField(help_text="The screening it comes from, or empty.")
    asserted_by = serializers.CharField()
    asserted_at = Moment()
    retracts = serializers.CharField(help_text="The line that this one takes back, or empty.")


class NewFactIn(Sent):
    """A value, or the way in which it is not known."""

    code = Words(max_length=80)
    value = Value(required=False)
    standing = OneOf(choices=[standing.value for standing in Standing], default="known")


class HistoryQuestion(Sent):
    """How much of the ledger."""

    history = serializers.ChoiceField(choices=["0", "1"], default="0")


def fact_view(line: Assertion) -> dict[str, Any]:
    """A line of the ledger; a value that identifies the person is left out."""
    definition = fact_vocabulary().get(line.code)
    withheld = line.value is not None and (definition is None or definition.personal)
    return {
        "ref": line.ref,
        "code": line.code,
        "label": definition.label if definition else line.code,
        "value": None if withheld else line.value,
        "withheld": withheld,
        "standing": line.standing,
        "source": line.source,
        "source_ref": line.source_ref,
        "asserted_by": line.by,
        "asserted_at": line.at,
        "retracts": line.retracts,
    }


def _lines(case: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401
    return {line.ref: fact_view(line) for line in ledger(case)}


class CaseFacts(ShortListing):
    """`cases/{ref}/facts/`"""

    needs: ClassVar[Rights] = {
        "GET": (Capability.READ_CASE,),
        "POST": (Capability.READ_CASE, Capability.ASSERT_FACT),
    }
    question = HistoryQuestion

    @extend_schema(parameters=[HistoryQuestion], responses=FactOut(many=True))
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """What stands now, by code; with `?history=1` every line in the order it was made."""
        case = case_for(self.by, ref)
        lines = ledger(case) if self.asked["history"] == "1" else current_facts(case).values()
        return self.whole(FactOut, [fact_view(line) for line in lines])

    @extend_schema(request=NewFactIn, responses={201: FactOut})
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """State what is known, or why it is not."""
        case = case_for(self.by, ref, Capability.ASSERT_FACT)
        sent = self.sent(NewFactIn)
        standing = Standing(sent["standing"])
        if standing is Standing.KNOWN and sent.get("value") is None:
            raise InvalidInputError.at("/value", "required", "Give a value, or another standing.")
        fact = assert_fact(
            case, sent["code"], sent.get("value"), by=self.by, at=self.at, standing=standing
        )
        return self.answer(FactOut, _lines(case)[str(fact.ref)], status=201)


class RetractFact(Resource):
    """`cases/{ref}/facts/{fact}/retract/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.READ_CASE, Capability.ASSERT_FACT)}

    @extend_schema(request=Nothing, responses={201: FactOut})
    def post(self, request: Request, ref: str, fact: str) -> Response:  # noqa: ARG002
        """Take a line back; what was stated before it stands again."""
        case = case_for(self.by, ref, Capability.ASSERT_FACT)
        line = fact_for(self.by, case, fact)
        self.sent(Nothing)
        retraction = retract_fact(case, line, by=self.by, at=self.at)
        return self.answer(FactOut, _lines(case)[str(retraction.ref)], status=201)
