"""Questions that ask for a fact directly: their answers become that fact, as they were given."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from casework.domain.definitions import Known, Misfit
from casework.domain.facts import FactDefinition, FactType, Standing
from casework.domain.findings import FactAssertion
from screening.domain.answers import Answer, is_open
from screening.domain.instrument import Instrument
from screening.domain.items import Item, ItemType
from screening.domain.visibility import AnswerValue, visible_items

UNDER_18 = "age_under_18_at_any_act"
_TYPES = {
    FactType.INTEGER: ItemType.INTEGER,
    FactType.DATE: ItemType.DATE,
    FactType.TEXT: ItemType.TEXT,
}
_BOOLEANS: Mapping[AnswerValue, bool] = {"yes": True, "no": False, "true": True, "false": False}


def item_facts(instrument: Instrument, answers: Mapping[str, Answer]) -> Iterator[FactAssertion]:
    """One assertion for every question shown and answered in some way that asks for a fact."""
    asking = [item for item in instrument.items_by_id.values() if item.fact]
    if not asking:
        return
    shown = visible_items(instrument, answers)
    for item in asking:
        answer = answers.get(item.id)
        if answer is not None and item.id in shown:
            yield _assertion(item, answer)


def misfits(instrument: BaseModel, known: Known) -> Iterator[Misfit]:
    """Questions whose answers their fact could not take, each with its place."""
    if not isinstance(instrument, Instrument):
        return
    for at, section in enumerate(instrument.sections):
        for within, item in enumerate(section.items):
            fact = known.get(("fact", item.fact)) if item.fact else None
            if isinstance(fact, FactDefinition) and not _suits(item, fact):
                said = f"the answers to question {item.id} are no values of the fact {fact.code}"
                yield ("sections", at, "items", within, "fact"), said


def _suits(item: Item, fact: FactDefinition) -> bool:
    if fact.type is FactType.BOOLEAN:
        return item.type is ItemType.BOOLEAN or set(item.answer_codes) == {"yes", "no"}
    if fact.type is FactType.CHOICE:
        return item.type is ItemType.CHOICE and set(item.answer_codes) <= set(fact.options)
    return item.type is _TYPES[fact.type] and not fact.pattern


def _assertion(item: Item, answer: Answer) -> FactAssertion:
    code = item.fact or item.id
    if is_open(item, answer):
        standing = answer.standing
        status = Standing.NOT_ASKED if standing is Standing.KNOWN else standing
        return FactAssertion(code=code, value=None, status=status.value, items=(item.id,))
    return FactAssertion(code=code, value=_value(item, answer.value), items=(item.id,))


def _value(item: Item, value: AnswerValue) -> bool | int | str | None:
    """Yes and no as true and false where those are the only answers."""
    if set(item.answer_codes) <= {"yes", "no", "true", "false"} and value in _BOOLEANS:
        return _BOOLEANS[value]
    if isinstance(value, bool):
        return value
    return value if isinstance(value, int | str) else None
