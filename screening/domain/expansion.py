"""From an instrument as it is written to one that can be asked: shared questions written out.

Three short forms, so that one question has one wording behind every door:

    options: yes_no        a set named in the document's own `option_sets`
    ask: passport_taken    the question of a shared indicator, its reasons, languages and strength
    ask_fact: visa_class   the question of a fact, whose answer becomes that fact
"""

from collections.abc import Mapping
from typing import Any

from casework.domain.definitions import Known
from casework.domain.errors import FieldProblem, SeedError
from casework.domain.facts import FactDefinition, FactType
from screening.domain.indicators import Indicator

_YES_NO: list[dict[str, Any]] = [
    {"code": "yes", "label": {"en": "Yes", "es": "Sí", "ar": "نعم"}},
    {"code": "no", "label": {"en": "No", "es": "No", "ar": "لا"}},
]
_ITEM_TYPES = {
    FactType.BOOLEAN: "choice",
    FactType.CHOICE: "choice",
    FactType.INTEGER: "integer",
    FactType.DATE: "date",
    FactType.TEXT: "text",
}


class UnknownOptionSetError(SeedError, ValueError):
    """A question names an option set that the instrument does not define."""


class UnknownQuestionError(SeedError, ValueError):
    """A question is to be taken from an indicator or a fact that is not there."""


def expand(document: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The instrument with every short form written out, ready to be validated.

    `known`: the indicators and facts read before. What a question says itself goes before what it
    takes over. Raises UnknownOptionSetError or UnknownQuestionError with the place.
    """
    named = document.get("option_sets")
    sets = named if isinstance(named, Mapping) else {}
    expanded = {key: value for key, value in document.items() if key != "option_sets"}
    if isinstance(expanded.get("sections"), list):
        expanded["sections"] = [
            _expand_section(section, sets, known, f"/sections/{at}")
            for at, section in enumerate(expanded["sections"])
        ]
    return expanded


def _expand_section(
    section: object, sets: Mapping[str, object], known: Known, where: str
) -> object:
    if not isinstance(section, dict) or not isinstance(section.get("items"), list):
        return section
    items = [
        _expand_item(item, sets, known, f"{where}/items/{at}")
        for at, item in enumerate(section["items"])
    ]
    return {**section, "items": items}


def _expand_item(item: object, sets: Mapping[str, object], known: Known, where: str) -> object:
    if not isinstance(item, dict):
        return item
    whole = _from_shared(item, known, where)
    if not isinstance(whole.get("options"), str):
        return whole
    name = whole["options"]
    if name not in sets:
        problem = _problem(
            f"{where}/options", "unknown_option_set", f"there is no option set {name}"
        )
        raise UnknownOptionSetError(f"{where}/options: {problem.detail}", problems=(problem,))
    return {**whole, "options": sets[name]}


def _from_shared(item: dict[str, Any], known: Known, where: str) -> dict[str, Any]:
    own = {key: value for key, value in item.items() if key not in ("ask", "ask_fact")}
    if "ask" in item:
        indicator = _looked_up(known, "indicator", item["ask"], f"{where}/ask")
        return {**_of_indicator(indicator), **own} if isinstance(indicator, Indicator) else own
    if "ask_fact" in item:
        fact = _looked_up(known, "fact", item["ask_fact"], f"{where}/ask_fact")
        return {**_of_fact(fact), **own} if isinstance(fact, FactDefinition) else own
    return own


def _looked_up(known: Known, kind: str, code: object, where: str) -> object:
    if not isinstance(code, str) or (kind, code) not in known:
        problem = _problem(where, f"unknown_{kind}", f"there is no {kind} “{str(code)[:80]}”")
        raise UnknownQuestionError(f"{where}: {problem.detail}", problems=(problem,))
    return known[kind, code]


def _of_indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "id": indicator.code,
        "text": indicator.question.root,
        "why_we_ask": indicator.why_we_ask.root,
        "how_to_ask": indicator.how_to_ask.root,
        "type": "choice",
        "options": _YES_NO,
        "positive_when": ["yes"],
        "strength": indicator.strength.value,
        "indicators": [indicator.code],
    }


def _of_fact(fact: FactDefinition) -> dict[str, Any]:
    """An answer to it is no sign of anything; it is what we then know."""
    words = {"en": fact.words("en"), **fact.translations}
    item: dict[str, Any] = {
        "id": fact.code,
        "text": {language: one.question for language, one in words.items()},
        "why_we_ask": {language: one.why_we_ask for language, one in words.items()},
        "how_to_ask": {language: one.how_to_ask for language, one in words.items()},
        "type": _ITEM_TYPES[fact.type],
        "fact": fact.code,
        "scored": False,
        "personal": fact.personal and fact.type is FactType.TEXT,
    }
    if fact.type is FactType.BOOLEAN:
        item["options"] = _YES_NO
    elif fact.type is FactType.CHOICE:
        item["options"] = [
            {"code": code, "label": dict(fact.option_words(code))} for code in fact.options
        ]
    return item


def _problem(where: str, code: str, detail: str) -> FieldProblem:
    return FieldProblem(pointer=where, code=code, detail=detail)
