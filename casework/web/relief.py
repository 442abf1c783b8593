"""Relief for a case: each pathway held against what is known, with the reasons spelled out."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from casework.access import case_for
from casework.domain.permissions import Capability
from casework.domain.relief import Assessment, CriterionResult, Outcome
from casework.models import Definition
from casework.services.knowledge import fact_vocabulary
from casework.services.relief import assess_case
from casework.web.doors import Visitor, for_people, show

_ORDER = (Outcome.LIKELY, Outcome.POSSIBLE, Outcome.NEEDS_INFORMATION, Outcome.UNLIKELY)
_QUESTIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionView:
    """One criterion or bar, facts by their labels."""

    result: CriterionResult
    because: list[str]
    unknown: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayView:
    """One pathway as the page shows it."""

    row: Definition
    found: Assessment
    criteria: list[CriterionView]
    bars: list[CriterionView]

    @property
    def met(self) -> int:
        """How many criteria are met or excused."""
        return sum(view.result.value == "yes" for view in self.criteria)

    @property
    def first_questions(self) -> list[object]:
        """The few questions most worth asking."""
        return list(self.found.ask_next[:_QUESTIONS])


def pathway_views(assessed: Iterable[tuple[Definition, Assessment]]) -> list[PathwayView]:
    """Pathways, the most promising first."""
    labels = {code: fact.label for code, fact in fact_vocabulary().items()}
    views = [
        PathwayView(
            row=row,
            found=found,
            criteria=[_criterion(result, labels) for result in found.criteria],
            bars=[_criterion(result, labels) for result in found.bars],
        )
        for row, found in assessed
    ]
    return sorted(views, key=lambda view: (_ORDER.index(view.found.outcome), view.found.title))


def _criterion(result: CriterionResult, labels: dict[str, str]) -> CriterionView:
    return CriterionView(
        result=result,
        because=[labels.get(code, code) for code in result.because],
        unknown=[labels.get(code, code) for code in result.unknown],
    )


@for_people
@require_safe
def case_relief(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Every pathway in force today."""
    case = case_for(me.by, ref, Capability.ASSESS_RELIEF)
    views = pathway_views(assess_case(case, by=me.by, on=me.at.date()))
    return show(request, me, "casework/relief.html", {"case": case, "pathways": views})
