"""The knowledge as services use it: current definitions by kind, parsed once per digest."""

import json
from datetime import date
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel

from casework.domain.clocks import ClockRule
from casework.domain.errors import NotFoundError
from casework.domain.facts import FactDefinition
from casework.domain.ladders import Ladder
from casework.domain.relief import Pathway
from casework.models import Definition

_Model = TypeVar("_Model", bound=BaseModel)


def parsed(row: Definition, model: type[_Model]) -> _Model:
    """The definition as its typed model; rows are immutable, so once per digest is enough."""
    definition = _parse(row.digest, row.pk, model)
    if not isinstance(definition, model):
        msg = f"{row.code} is no {model.__name__}"
        raise TypeError(msg)
    return definition


@lru_cache(maxsize=4_096)
def _parse(_digest: str, pk: int, model: type[BaseModel]) -> BaseModel:
    content = Definition.objects.values_list("content", flat=True).get(pk=pk)
    return model.model_validate_json(json.dumps(content))


def fact_vocabulary() -> dict[str, FactDefinition]:
    """Code → definition of every fact currently loaded."""
    rows = Definition.objects.of_kind("fact").current().defer("content")
    return {row.code: parsed(row, FactDefinition) for row in rows}


def clock_rules(on: date) -> list[tuple[Definition, ClockRule]]:
    """The clock rules in force on a day, with the rows they were loaded as."""
    rows = Definition.objects.of_kind("clock").in_force(on).defer("content").order_by("code")
    return [(row, parsed(row, ClockRule)) for row in rows]


def ladder(code: str) -> Ladder:
    """The reminder ladder of that name. NotFoundError if the seeds were never loaded."""
    row = Definition.objects.of_kind("ladder").current().filter(code=code).first()
    if row is None:
        msg = f"There is no reminder ladder “{code}”: run manage.py load_seeds."
        raise NotFoundError(msg)
    return parsed(row, Ladder)


def pathways(on: date) -> list[tuple[Definition, Pathway]]:
    """The relief pathways in force on a day."""
    rows = Definition.objects.of_kind("pathway").in_force(on).defer("content").order_by("code")
    return [(row, parsed(row, Pathway)) for row in rows]
