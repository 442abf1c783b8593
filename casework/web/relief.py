"""Relief for a case: each pathway held against what is known, with the reasons spelled out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from casework.access import case_for
from casework.domain.permissions import Capability
from casework.domain.relief import Assessment, CriterionResult, Outcome
from casework.domain.way_finding import Unplaced
from casework.models import Definition
from casework.services.knowledge import fact_vocabulary
from casework.services.relief import assess_case
from casework.web.doors import Visitor, for_people, show
from casework.web.wording import Words
from casework.web.written_in import MarkedFact, marked_fact

_ORDER = (Outcome.LIKELY, Outcome.POSSIBLE, Outcome.NEEDS_INFORMATION, Outcome.UNLIKELY)
_QUESTIONS = 5
_WAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionView:
    """One criterion or bar, facts by their labels."""

    result: CriterionResult
    because: list[Words]
    unknown: list[Words]
    ways: list[list[Words]]
    """The shortest sets of facts that could decide it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayView:
    """One pathway as the page shows it."""

    row: Definition
    found: Assessment
    criteria: list[CriterionView]
    bars: list[CriterionView]
    first_questions: list[MarkedFact]
    """The few questions most worth asking."""

    @property
    def anchor(self) -> str:
        """Where the page shows it."""
        return "-".join(filter(None, (self.found.pathway, self.found.offence)))

    @property
    def met(self) -> int:
        """How many criteria are met or excused."""
        return sum(view.result.value == "yes" for view in self.criteria)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedView:
    """Pathways that wait to be placed: how many, and the questions that place them."""

    count: int
    questions: list[tuple[str, Words]]


def pathway_views(assessed: Iterable[tuple[Definition, Assessment]]) -> list[PathwayView]:
    """Pathways, the most promising first."""
    facts = {code: marked_fact(fact) for code, fact in fact_vocabulary().items()}
    labels = {code: fact.label for code, fact in facts.items()}
    views = [
        PathwayView(
            row=row,
            found=found,
            criteria=[_criterion(result, labels) for result in found.criteria],
            bars=[_criterion(result, labels) for result in found.bars],
            first_questions=[facts[q.fact] for q in found.ask_next[:_QUESTIONS] if q.fact in facts],
        )
        for row, found in assessed
    ]
    return sorted(views, key=lambda view: (_ORDER.index(view.found.outcome), view.found.title))


def _criterion(result: CriterionResult, labels: Mapping[str, Words]) -> CriterionView:
    return CriterionView(
        result=result,
        because=[labels.get(code, code) for code in result.because],
        unknown=[labels.get(code, code) for code in result.unknown],
        ways=[[labels.get(code, code) for code in way] for way in result.would_decide[:_WAYS]],
    )


def unplaced_views(unplaced: Iterable[Unplaced]) -> list[UnplacedView]:
    """What has to be asked before these pathways can be told to concern the person or not."""
    vocabulary = fact_vocabulary()
    return [
        UnplacedView(
            count=len(one.pathways),
            questions=[
                (code, marked_fact(vocabulary[code]).question if code in vocabulary else code)
                for code in one.facts
            ],
        )
        for one in unplaced
    ]


@for_people
@require_safe
def case_relief(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Every pathway in force today."""
    case = case_for(me.by, ref, Capability.ASSESS_RELIEF)
    found = assess_case(case, by=me.by, on=me.at.date())
    context = {
        "case": case,
        "pathways": pathway_views(found.assessments),
        "unplaced": unplaced_views(found.unplaced),
    }
    return show(request, me, "casework/relief.html", context)
