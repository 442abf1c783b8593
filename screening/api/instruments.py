"""Instruments and the shared indicators, as they are asked."""

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api.fields import Language, Read, Sent
from casework.api.listings import ShortListing
from casework.api.resources import Resource, Rights
from casework.domain.findings import Element, TraffickingForm
from casework.domain.permissions import Capability
from casework.domain.rule_versions import Certainty
from casework.models import Definition
from screening.domain.definition import Strength, Text
from screening.domain.indicators import Indicator
from screening.domain.instrument import Instrument, Section, Status
from screening.domain.items import Item, ItemType, Missing, Required
from screening.services.instruments import (
    indicator_vocabulary,
    instrument_of,
    known_instruments,
)

OWNERS = ("everyone", "agency")


class InstrumentName(Read):
    """Exactly which instrument."""

    id = serializers.CharField()
    version = serializers.CharField()
    digest = serializers.CharField(help_text="Names the exact content.")
    title = serializers.CharField()


class InstrumentOut(InstrumentName):
    """An instrument, and whether it can be begun."""

    status = serializers.ChoiceField(
        choices=list(Status), help_text="A stub waits for its wording and cannot be begun."
    )
    owner = serializers.ChoiceField(
        choices=OWNERS, help_text="Whether everyone has it or your agency added it."
    )
    languages = serializers.ListField(child=serializers.CharField())
    items = serializers.IntegerField(help_text="How many questions it has.")
    citation = serializers.CharField()
    licence = serializers.CharField()
    permission = serializers.CharField(help_text="Whose permission its wording needs, if any.")
    accuracy = serializers.ListField(
        child=serializers.CharField(), help_text="What studies found, and what a result is worth."
    )
    certainty = serializers.ChoiceField(choices=list(Certainty))
    reviewed = serializers.BooleanField()


class OptionOut(Read):
    """One answer that can be chosen."""

    code = serializers.CharField()
    label_ = serializers.CharField()
    exclusive = serializers.BooleanField()
    missing = serializers.ChoiceField(
        choices=list(Missing), allow_null=True, help_text="For which way of having no answer."
    )


class ItemOut(Read):
    """One question."""

    id = serializers.CharField()
    text = serializers.CharField()
    type = serializers.ChoiceField(choices=list(ItemType))
    guidance = serializers.CharField()
    why_we_ask = serializers.CharField()
    how_to_ask = serializers.CharField()
    required_ = serializers.ChoiceField(choices=list(Required))
    options = OptionOut(many=True)
    conditional = serializers.BooleanField(help_text="Whether other answers decide if it shows.")
    safety_flag = serializers.BooleanField()
    personal = serializers.BooleanField()


class SectionOut(Read):
    """Questions that belong together."""

    id = serializers.CharField()
    title = serializers.CharField()
    guidance = serializers.CharField()
    items = ItemOut(many=True)


class WholeInstrumentOut(InstrumentOut):
    """Everything needed to ask."""

    language = serializers.CharField()
    items = serializers.IntegerField()
    before_first_question = serializers.CharField()
    disclaimer = serializers.CharField()
    sections = SectionOut(many=True)


class IndicatorOut(Read):
    """One sign of the shared vocabulary; its code is also that of the fact it becomes."""

    code = serializers.CharField()
    group = serializers.CharField()
    label_ = serializers.CharField()
    forms = serializers.ListField(child=serializers.ChoiceField(choices=list(TraffickingForm)))
    element = serializers.ChoiceField(choices=list(Element))
    strength = serializers.ChoiceField(choices=list(Strength))
    question = serializers.CharField()
    why_we_ask = serializers.CharField()
    how_to_ask = serializers.CharField()
    citation = serializers.CharField()
    certainty = serializers.ChoiceField(choices=list(Certainty))
    reviewed = serializers.BooleanField()


class LanguageQuestion(Sent):
    """In which language; English where the words do not exist in it."""

    lang = Language(required=False)


def _said(text: Text | None, language: str) -> str:
    return text.get(language) if text else ""


def instrument_name(row: Definition, language: str = "en") -> dict[str, Any]:
    """Which instrument, for a screening to name."""
    title = instrument_of(row).title.get(language)
    return {"id": row.code, "version": row.version, "digest": row.digest, "title": title}


def _brief(row: Definition, instrument: Instrument, language: str) -> dict[str, Any]:
    return {
        **instrument_name(row, language),
        "status": instrument.status,
        "owner": OWNERS[row.agency_id is not None],
        "languages": instrument.languages,
        "items": len(instrument.items_by_id),
        "citation": instrument.source.citation,
        "licence": instrument.source.licence,
        "permission": instrument.source.permission,
        "accuracy": [line for one in instrument.source.accuracy for line in one.shown()],
        "certainty": instrument.certainty,
        "reviewed": instrument.reviewed,
    }


def _whole(row: Definition, instrument: Instrument, language: str) -> dict[str, Any]:
    return {
        **_brief(row, instrument, language),
        "language": language,
        "before_first_question": instrument.before_first_question.get(language),
        "disclaimer": instrument.disclaimer.get(language),
        "sections": [_section(section, instrument, language) for section in instrument.sections],
    }


def _section(section: Section, instrument: Instrument, language: str) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title.get(language),
        "guidance": _said(section.guidance, language),
        "items": [_item(item, instrument, language) for item in section.items],
    }


def _item(item: Item, instrument: Instrument, language: str) -> dict[str, Any]:
    return {
        "id": item.id,
        "text": item.text.get(language),
        "type": item.type,
        "guidance": _said(item.guidance, language),
        "why_we_ask": _said(item.why_we_ask, language),
        "how_to_ask": _said(item.how_to_ask, language),
        "required": item.required,
        "options": [
            {
                "code": option.code,
                "label": option.label.get(language),
                "exclusive": option.exclusive,
                "missing": option.missing,
            }
            for option in item.options
        ],
        "conditional": bool(instrument.conditions[item.id]),
        "safety_flag": item.safety_flag,
        "personal": item.personal,
    }


def _indicator(sign: Indicator, language: str) -> dict[str, Any]:
    plain = ("code", "group", "forms", "element", "strength", "citation", "certainty", "reviewed")
    return {name: getattr(sign, name) for name in plain} | {
        "label": sign.label.get(language),
        "question": sign.question.get(language),
        "why_we_ask": sign.why_we_ask.get(language),
        "how_to_ask": sign.how_to_ask.get(language),
    }


class Instruments(ShortListing):
    """`instruments/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_KNOWLEDGE,)}
    question = LanguageQuestion

    @extend_schema(parameters=[LanguageQuestion], responses=InstrumentOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Every instrument your agency sees: those of everyone, its own, and stubs among them."""
        language = self.asked.get("lang", "en")
        views = [_brief(row, instrument, language) for row, instrument in known_instruments()]
        return self.whole(InstrumentOut, views)


class OneInstrument(Resource):
    """`instruments/{id}/versions/{version}/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_KNOWLEDGE,)}
    question = LanguageQuestion

    @extend_schema(parameters=[LanguageQuestion], responses=WholeInstrumentOut)
    def get(self, request: Request, code: str, version: str) -> Response:  # noqa: ARG002
        """One version with every question, in one language."""
        language = self.asked.get("lang", "en")
        for row, instrument in known_instruments():
            if (row.code, row.version) == (code, version):
                return self.answer(WholeInstrumentOut, _whole(row, instrument, language))
        raise Http404


class Indicators(ShortListing):
    """`indicators/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_KNOWLEDGE,)}
    question = LanguageQuestion

    @extend_schema(parameters=[LanguageQuestion], responses=IndicatorOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """The shared signs, by code."""
        language = self.asked.get("lang", "en")
        signs = indicator_vocabulary().values()
        return self.whole(IndicatorOut, [_indicator(sign, language) for sign in signs])
