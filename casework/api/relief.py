"""Relief: how far what is known supports each form of it, why, and what to ask next."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import case_for
from casework.api.fields import Day, Read, Sent, Value, fields_of
from casework.api.parsers import escaped
from casework.api.resources import Resource, Rights
from casework.domain.conditions import FactValue
from casework.domain.errors import FieldProblem, InvalidInputError
from casework.domain.fact_files import label_of
from casework.domain.facts import check_value
from casework.domain.pathways import EvidenceNeed, PathwayKind
from casework.domain.permissions import Capability
from casework.domain.relief import Outcome
from casework.domain.rule_versions import Certainty
from casework.domain.ternary import Ternary
from casework.domain.way_finding import Offence
from casework.services.knowledge import fact_vocabulary
from casework.services.relief import AssessedRelief, assess_case, assess_facts

A_PERSON_DECIDES = "How far what is known supports each form of relief. A person decides."


class CriterionOut(Read):
    """One criterion, or one bar, on the facts known."""

    id = serializers.CharField()
    text = serializers.CharField()
    value = serializers.ChoiceField(
        choices=list(Ternary), help_text="A criterion: met or excused. A bar: it stands in the way."
    )
    because = serializers.ListField(child=serializers.CharField(), help_text="Codes of facts.")
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Codes of facts.")
    exemption = serializers.CharField()
    exemption_text = serializers.CharField()
    would_decide = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="The smallest sets of missing facts that could decide it, most useful first.",
    )
    stated = serializers.ListField(
        child=serializers.CharField(),
        help_text="Why the law itself leaves it open, or closes it, whatever the facts.",
    )
    citation = serializers.CharField()
    gateway = serializers.BooleanField()


class QuestionOut(Read):
    """What to ask next."""

    fact = serializers.CharField()
    label_ = serializers.CharField()
    question = serializers.CharField()
    why_we_ask = serializers.CharField()
    settles = serializers.IntegerField()


class EvidenceOut(Read):
    """One thing to gather."""

    id = serializers.CharField()
    text = serializers.CharField()
    needed = serializers.ChoiceField(choices=list(EvidenceNeed))


class FamilyOut(Read):
    """Who of the family can come under the same relief."""

    class_ = serializers.CharField(source="class_")
    who = serializers.CharField()
    condition = serializers.CharField()


class ConflictOut(Read):
    """Something that the form of relief collides with."""

    id = serializers.CharField()
    text = serializers.CharField()
    citation = serializers.CharField()
    with_ = serializers.CharField(source="with_", help_text="The other pathway, if any.")
    value = serializers.ChoiceField(
        choices=[Ternary.YES, Ternary.UNKNOWN], help_text="Whether it is so, or may be."
    )
    because = serializers.ListField(child=serializers.CharField(), help_text="Codes of facts.")


class AssessmentOut(Read):
    """One form of relief."""

    pathway = serializers.CharField()
    version = serializers.CharField()
    digest = serializers.CharField()
    kind = serializers.ChoiceField(choices=list(PathwayKind))
    jurisdiction = serializers.CharField()
    offence = serializers.CharField(help_text="Which offence; empty where it concerns none.")
    title = serializers.CharField()
    summary = serializers.CharField()
    citation = serializers.CharField()
    certainty = serializers.ChoiceField(choices=list(Certainty))
    reviewed = serializers.BooleanField()
    outcome = serializers.ChoiceField(choices=list(Outcome))
    criteria = CriterionOut(many=True)
    bars = CriterionOut(many=True)
    ask_next = QuestionOut(many=True)
    gives = serializers.ListField(child=serializers.CharField())
    evidence = EvidenceOut(many=True)
    family = FamilyOut(many=True)
    who_acts = serializers.CharField()
    cost = serializers.CharField()
    conflicts = ConflictOut(many=True)
    advisories = serializers.ListField(child=serializers.CharField())


class UnplacedOut(Read):
    """Forms of relief of which it is not known yet whether they concern the person at all."""

    facts = serializers.ListField(child=serializers.CharField(), help_text="What to ask to tell.")
    pathways = serializers.ListField(child=serializers.CharField())
    offence = serializers.CharField()


class ReliefOut(Read):
    """Every form of relief in force on a day that may concern the person."""

    on = serializers.DateField()
    note = serializers.CharField()
    assessments = AssessmentOut(many=True)
    unplaced = UnplacedOut(many=True)


class DayQuestion(Sent):
    """For which day; today when left out."""

    on = Day(required=False)


class FactsIn(Sent):
    """Facts that belong to nobody: code → value. What is left out, or null, is unknown."""

    facts = serializers.DictField(child=Value())
    offences = serializers.ListField(
        child=serializers.DictField(child=Value()),
        required=False,
        max_length=50,
        help_text="The facts about each offence of the record, if there is more than one; a label "
        "beside them is what answers call it, otherwise its number.",
    )
    on = Day(required=False)


def _view(on: date, relief: AssessedRelief) -> dict[str, Any]:
    names = [name for name in fields_of(AssessmentOut) if name != "digest"]
    assessments = [
        {"digest": row.digest} | {name: getattr(assessment, name) for name in names}
        for row, assessment in relief.assessments
    ]
    return {
        "on": on,
        "note": A_PERSON_DECIDES,
        "assessments": assessments,
        "unplaced": relief.unplaced,
    }


def checked_facts(sent: dict[str, Any], where: str = "/facts") -> dict[str, FactValue]:
    """The known ones among the facts that were sent. InvalidInputError names every bad one."""
    vocabulary = fact_vocabulary()
    facts: dict[str, FactValue] = {}
    problems: list[FieldProblem] = []
    for code, value in sent.items():
        pointer = f"{where}/{escaped(code[:100])}"
        if code not in vocabulary:
            detail = "There is no such fact."
            problems.append(FieldProblem(pointer=pointer, code="unknown_fact", detail=detail))
        elif value is not None:
            try:
                facts[code] = check_value(vocabulary[code], value, pointer)
            except InvalidInputError as error:
                problems.extend(error.problems)
    if problems:
        raise InvalidInputError(problems[0].detail, problems=tuple(problems))
    return facts


def _offences(sent: Sequence[Mapping[str, Any]]) -> list[Offence]:
    taken: set[str] = set()
    offences = []
    for place, one in enumerate(sent):
        facts = {code: value for code, value in one.items() if code != "label"}
        known = checked_facts(facts, f"/offences/{place}")
        offences.append(Offence(label=label_of(one.get("label"), place, taken), facts=known))
    return offences


class CaseRelief(Resource):
    """`cases/{ref}/relief/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_CASE, Capability.ASSESS_RELIEF)}
    question = DayQuestion

    @extend_schema(parameters=[DayQuestion], responses=ReliefOut)
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Every form of relief held against what is known of the case."""
        case = case_for(self.by, ref, Capability.ASSESS_RELIEF)
        on = self.asked.get("on") or self.at.date()
        return self.answer(ReliefOut, _view(on, assess_case(case, by=self.by, on=on)))


class AssessFacts(Resource):
    """`relief/assess/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.ASSESS_RELIEF,)}

    @extend_schema(request=FactsIn, responses={200: ReliefOut})
    def post(self, request: Request) -> Response:  # noqa: ARG002
        """The same for facts that belong to nobody; nothing is stored."""
        sent = self.sent(FactsIn)
        on = sent.get("on") or self.at.date()
        offences = _offences(sent.get("offences", ()))
        found = assess_facts(checked_facts(sent["facts"]), on=on, offences=offences)
        return self.answer(ReliefOut, _view(on, found))
