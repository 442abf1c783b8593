"""The outcome: what the answers support, by form and definition, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from casework.domain.conditions import FactValue
from casework.domain.facts import check_value
from casework.domain.findings import Band
from casework.domain.permissions import Capability, may
from casework.services.knowledge import fact_vocabulary
from casework.services.relief import assess_case, assess_facts
from casework.web.doors import Visitor, for_people, show
from casework.web.relief import PathwayView, pathway_views
from casework.web.written_in import page_language
from screening.access import screening_for
from screening.domain.answers import Answer
from screening.domain.instrument import Instrument
from screening.models import Screening
from screening.services.answering import answers_of
from screening.services.instruments import instrument_of
from screening.web.results import result_of
from screening.web.sentences import reworded
from screening.web.sheet import question_of
from screening.web.worded import worded

_STRONGEST_FIRST = [band.value for band in (Band.STRONG, Band.SOME, Band.NOT_ENOUGH_ASKED)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """One form under both definitions, side by side."""

    form: str
    sides: tuple[Mapping[str, Any], ...]

    @property
    def rank(self) -> int:
        """0 for the form that the answers support most."""
        bands = [side["band"] for side in self.sides]
        return min(
            _STRONGEST_FIRST.index(band) if band in _STRONGEST_FIRST else 3 for band in bands
        )

    @property
    def supported(self) -> bool:
        """Whether either definition finds signs."""
        return self.rank <= 1


@for_people
@require_safe
def screening_outcome(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """What was concluded, with the words of the questions and answers behind it."""
    screening = screening_for(me.by, ref)
    if screening.finding is None:
        return redirect("screening", ref)
    finding: dict[str, Any] = screening.finding
    instrument = instrument_of(screening.definition)
    words = _words(instrument, answers_of(screening), screening.language)
    forms = _forms(finding, words)
    context = {
        "screening": screening,
        "case": screening.case,
        "instrument": instrument,
        "title": worded(instrument.title, page_language()),
        "finding": finding,
        "result": result_of(instrument, finding),
        "whole_result": reworded(finding["outcome_label"]),
        "caveats": [reworded(caveat) for caveat in finding["caveats"]],
        "figures": [reworded(line) for line in instrument.source.figures],
        "supported": [form for form in forms if form.supported],
        "others": [form for form in forms if not form.supported],
        "because": [words[item] for item in finding["because"] if item in words],
        "unassessed": [words[item] for item in finding["unassessed"] if item in words],
        "pathways": _relief(screening, me),
    }
    return show(request, me, "screening/outcome.html", context)


def _words(
    instrument: Instrument, answers: Mapping[str, Answer], lang: str
) -> dict[str, dict[str, Any]]:
    """Item id → the question's words and what was answered to it."""
    found = {}
    for item in instrument.items_by_id.values():
        question = question_of(item, answers.get(item.id), lang, shown=True)
        chosen = [c.label for c in (*question.options, *question.standings) if c.checked]
        found[item.id] = {
            "text": question.text,
            "answer": chosen or ([question.value] if question.value else []),
            "note": question.note,
        }
    return found


def _forms(finding: Mapping[str, Any], words: Mapping[str, Any]) -> list[FormView]:
    """Forms, the best supported first, each with both definitions."""
    by_form: dict[str, list[Mapping[str, Any]]] = {}
    for side in finding["forms"]:
        by_form.setdefault(side["form"], []).append(_side(side, words))
    views = [FormView(form=form, sides=tuple(sides)) for form, sides in by_form.items()]
    return sorted(views, key=lambda view: view.rank)


def _side(side: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    elements = [
        {
            **element,
            "not_needed_because": reworded(element["not_needed_because"]),
            "because": [words.get(item, {"text": item}) for item in element["because"]],
            "open_count": len(element["open_items"]),
            "open_words": [words[item] for item in element["open_items"] if item in words],
        }
        for element in side["elements"]
    ]
    return {**side, "elements": elements, "notes": [reworded(note) for note in side["notes"]]}


def _relief(screening: Screening, me: Visitor) -> list[PathwayView]:
    """The pathways for the case as it now stands, or for the answers of nobody in particular."""
    if not may(me.by, Capability.ASSESS_RELIEF):
        return []
    if screening.case is not None:
        return pathway_views(assess_case(screening.case, by=me.by, on=me.at.date()).assessments)
    vocabulary = fact_vocabulary()
    facts: dict[str, FactValue] = {
        fact["code"]: check_value(vocabulary[fact["code"]], fact["value"], "/facts")
        for fact in (screening.finding or {})["facts"]
        if fact["status"] == "known" and fact["code"] in vocabulary
    }
    return pathway_views(assess_facts(facts, on=me.at.date()).assessments)
