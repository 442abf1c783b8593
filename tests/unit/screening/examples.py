"""Small instruments and answers to test with, and the shipped ones as they are read."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from casework.domain.facts import Standing
from casework.domain.findings import FormFinding, Framework, TraffickingForm
from casework.services.seed_rows import of_kind, rules_on
from screening.domain.answers import Answer
from screening.domain.expansion import expand
from screening.domain.indicators import Indicator
from screening.domain.instrument import Instrument
from screening.domain.legal_definitions import LegalDefinition
from screening.domain.visibility import AnswerValue
from screening.domain.yardstick import Yardstick
from tests.seeds import rows

TODAY = date(2026, 11, 24)
YES_NO = [{"code": "yes", "label": {"en": "Yes"}}, {"code": "no", "label": {"en": "No"}}]
EQUALS_YES = {"op": "=", "value": "yes"}


def question(item_id: str, **parts: object) -> dict[str, Any]:
    """A yes-or-no question whose yes is a sign, unless `parts` say otherwise."""
    asked: dict[str, Any] = {
        "id": item_id,
        "text": {"en": f"Question {item_id}?"},
        "type": "choice",
    }
    if parts.get("type", "choice") == "choice":
        asked |= {"options": YES_NO, "positive_when": ["yes"]}
    return asked | parts


def shown_by(item_id: str, **parts: object) -> dict[str, Any]:
    """A condition: that question was answered yes, unless `parts` say otherwise."""
    return {"item": item_id} | EQUALS_YES | parts


def section(section_id: str, *items: dict[str, Any], **parts: object) -> dict[str, Any]:
    return {"id": section_id, "title": {"en": section_id}, "items": list(items)} | parts


COUNTING: dict[str, Any] = {
    "method": "count_positive",
    "missing_policy": {"en": "Counts yes."},
    "incomplete": {"outcome": "incomplete", "label": {"en": "Not enough was asked."}},
    "bands": [
        {"min": 0, "max": 0, "code": "none", "label": {"en": "None."}},
        {"min": 1, "code": "present", "label": {"en": "Some."}},
    ],
}


def document(*sections: dict[str, Any], **parts: object) -> dict[str, Any]:
    return {
        "id": "example",
        "version": "1",
        "status": "active",
        "title": {"en": "Example"},
        "source": {"citation": "Nobody", "licence": "none", "permission": "free"},
        "administration": "assessor-completed",
        "languages": ["en"],
        "before_first_question": {"en": "What you say stays here."},
        "sections": list(sections),
        "scoring": COUNTING,
        "disclaimer": {"en": "An example."},
        "certainty": "verified",
    } | parts


def instrument(*sections: dict[str, Any], **parts: object) -> Instrument:
    return Instrument.model_validate(expand(document(*sections, **parts), {}))


def said(**values: Standing | AnswerValue) -> dict[str, Answer]:
    """Answers by question; a `Standing` stands for having no answer."""
    return {
        item: Answer(item=item, standing=value)
        if isinstance(value, Standing)
        else Answer(item=item, standing=Standing.KNOWN, value=value)
        for item, value in values.items()
    }


def all_said(
    instrument: Instrument, value: Standing | AnswerValue, **others: Standing | AnswerValue
) -> dict[str, Answer]:
    """The same answer to every choice, besides `others`."""
    choices = [item.id for item in instrument.items_by_id.values() if item.options]
    return said(**(dict.fromkeys(choices, value) | others))


@cache
def shipped(instrument_id: str) -> Instrument:
    return next(one for one in shipped_instruments() if one.id == instrument_id)


@cache
def shipped_instruments() -> tuple[Instrument, ...]:
    return tuple(of_kind(rows.all_rows(), Instrument))


@cache
def vocabulary() -> Mapping[str, Indicator]:
    return {indicator.code: indicator for indicator in of_kind(rows.all_rows(), Indicator)}


@cache
def yardstick(on: date = TODAY) -> Yardstick:
    definitions = rules_on(rows.all_rows(), LegalDefinition, on)
    return Yardstick(indicators=vocabulary(), definitions=tuple(one for _, one in definitions))


def finding_of(
    findings: tuple[FormFinding, ...], form: TraffickingForm, framework: Framework
) -> FormFinding:
    return next(f for f in findings if f.form is form and f.framework is framework)
