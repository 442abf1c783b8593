"""The knowledge itself: forms of relief, clocks and facts, each with its source and its days."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from pydantic import BaseModel
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api.fields import Read
from casework.api.listings import ShortListing
from casework.api.relief import DayQuestion
from casework.api.resources import Rights
from casework.domain.facts import FactType
from casework.domain.permissions import Capability
from casework.domain.rule_versions import Certainty
from casework.models import Definition
from casework.services.knowledge import clock_rules, fact_vocabulary, pathways


class KnowledgeOut(Read):
    """One version of one definition."""

    id = serializers.CharField(source="code")
    version = serializers.CharField()
    title = serializers.CharField()
    citation = serializers.CharField()
    certainty = serializers.ChoiceField(choices=list(Certainty))
    reviewed = serializers.BooleanField(help_text="Whether counsel has signed it.")
    in_force_from = serializers.DateField(allow_null=True)
    in_force_to = serializers.DateField(allow_null=True)
    digest = serializers.CharField(help_text="Names the exact content.")
    definition = serializers.DictField(help_text="All of it, as it was loaded.")


class FactDefinitionOut(Read):
    """One fact of the vocabulary, and how to ask for it with care."""

    code = serializers.CharField()
    type = serializers.ChoiceField(choices=list(FactType))
    options = serializers.ListField(child=serializers.CharField())
    pattern = serializers.CharField()
    unit = serializers.CharField()
    label_ = serializers.CharField()
    meaning = serializers.CharField()
    question = serializers.CharField()
    why_we_ask = serializers.CharField()
    how_to_ask = serializers.CharField()
    citation = serializers.CharField()
    certainty = serializers.ChoiceField(choices=list(Certainty))
    reviewed = serializers.BooleanField()
    personal = serializers.BooleanField(help_text="Whether its value may identify the person.")
    group = serializers.CharField()


def knowledge_view(row: Definition, parsed: BaseModel, title: str) -> dict[str, Any]:
    """A definition with what its row says of it."""
    return {
        "code": row.code,
        "version": row.version,
        "title": title,
        "citation": row.citation,
        "certainty": row.certainty,
        "reviewed": row.reviewed,
        "in_force_from": row.in_force_from,
        "in_force_to": row.in_force_to,
        "digest": row.digest,
        "definition": parsed.model_dump(mode="json"),
    }


class Pathways(ShortListing):
    """`relief/pathways/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_KNOWLEDGE,)}
    question = DayQuestion

    @extend_schema(parameters=[DayQuestion], responses=KnowledgeOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """The forms of relief in force on a day."""
        on = self.asked.get("on") or self.at.date()
        views = [knowledge_view(row, pathway, pathway.title) for row, pathway in pathways(on)]
        return self.whole(KnowledgeOut, views)


class Clocks(ShortListing):
    """`clocks/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_KNOWLEDGE,)}
    question = DayQuestion

    @extend_schema(parameters=[DayQuestion], responses=KnowledgeOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """The legal clocks in force on a day."""
        on = self.asked.get("on") or self.at.date()
        views = [knowledge_view(row, rule, rule.title) for row, rule in clock_rules(on)]
        return self.whole(KnowledgeOut, views)


class FactDefinitions(ShortListing):
    """`fact-definitions/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_KNOWLEDGE,)}

    @extend_schema(responses=FactDefinitionOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Everything that can be known of a case, by code."""
        vocabulary = fact_vocabulary()
        return self.whole(FactDefinitionOut, [vocabulary[code] for code in sorted(vocabulary)])
