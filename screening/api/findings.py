"""What a screening concluded: every conclusion with the answers it rests on."""

from rest_framework import serializers

from casework.api.fields import Read, Value
from casework.domain.facts import Standing
from casework.domain.findings import Band, Element, Framework, TraffickingForm
from casework.domain.ternary import Ternary


class ElementOut(Read):
    """One element of one definition."""

    element = serializers.ChoiceField(choices=list(Element))
    supported = serializers.ChoiceField(choices=list(Ternary))
    because = serializers.ListField(child=serializers.CharField(), help_text="Ids of questions.")
    open_items = serializers.ListField(
        child=serializers.CharField(), help_text="Ids of questions without a known answer."
    )
    not_needed_because = serializers.CharField()


class FormOut(Read):
    """One form of trafficking under one definition."""

    form = serializers.ChoiceField(choices=list(TraffickingForm))
    framework = serializers.ChoiceField(choices=list(Framework))
    band = serializers.ChoiceField(choices=list(Band))
    elements = ElementOut(many=True)
    citation = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())


class FoundFactOut(Read):
    """A fact that went to the ledger of the case."""

    code = serializers.CharField()
    value = Value()
    status = serializers.ChoiceField(choices=list(Standing))
    items = serializers.ListField(child=serializers.CharField())


class FindingOut(Read):
    """What the answers support. It never says that someone is or is not a victim."""

    instrument = serializers.CharField()
    version = serializers.CharField()
    digest = serializers.CharField()
    outcome = serializers.CharField(help_text="The instrument's own outcome.")
    outcome_label = serializers.CharField()
    forms = FormOut(many=True)
    indicators = serializers.DictField(child=serializers.ChoiceField(choices=list(Ternary)))
    because = serializers.ListField(child=serializers.CharField())
    unassessed = serializers.ListField(child=serializers.CharField())
    facts = FoundFactOut(many=True)
    caveats = serializers.ListField(child=serializers.CharField())
    scores = serializers.DictField(child=serializers.CharField())
