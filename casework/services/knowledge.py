"""The knowledge as services use it: current definitions by kind, parsed once per digest."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel

from casework.domain.calendars import FurtherHoliday, WorkCalendar, WorkDays
from casework.domain.clocks import ClockRule
from casework.domain.errors import NotFoundError
from casework.domain.facts import FactDefinition
from casework.domain.ladders import Ladder
from casework.domain.pathways import Pathway
from casework.domain.rule_versions import RuleVersion, in_force
from casework.models import Definition

_Model = TypeVar("_Model", bound=BaseModel)
_Rule = TypeVar("_Rule", bound=RuleVersion)


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


def fact_vocabulary(codes: Collection[str] | None = None) -> dict[str, FactDefinition]:
    """Code → definition of every fact currently loaded, or of those named."""
    rows = Definition.objects.of_kind("fact").current().defer("content")
    if codes is not None:
        rows = rows.filter(code__in=codes)
    return {row.code: parsed(row, FactDefinition) for row in rows}


def fact_called(code: str) -> FactDefinition | None:
    """The definition of one fact, if it is loaded."""
    row = Definition.objects.of_kind("fact").current().filter(code=code).defer("content").first()
    return parsed(row, FactDefinition) if row else None


def rules(kind: str, model: type[_Rule], on: date) -> list[tuple[Definition, _Rule]]:
    """The versions of one kind of rule that hold on a day, with the rows they were loaded as.

    A version that a court keeps from being applied on that day does not hold.
    """
    rows = Definition.objects.of_kind(kind).in_force(on).defer("content")
    loaded = {(row.code, row.version): (row, parsed(row, model)) for row in rows}
    holding = in_force((rule for _, rule in loaded.values()), on)
    return [loaded[rule.id, rule.version] for rule in holding]


def clock_rules(on: date) -> list[tuple[Definition, ClockRule]]:
    """The clock rules in force on a day, with the rows they were loaded as."""
    return rules("clock", ClockRule, on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBook:
    """Everything the clocks go by: every version of every rule, ladders, business days."""

    versions: Mapping[str, Sequence[ClockRule]]
    """Rule → its versions."""
    rows: Mapping[tuple[str, str], int]
    """Rule and version → the definition as loaded."""
    ladders: Mapping[str, Ladder]
    calendars: Mapping[str, WorkDays]

    def ladder(self, code: str) -> Ladder:
        """The reminder ladder of that name. NotFoundError if the seeds were never loaded."""
        if code not in self.ladders:
            msg = f"There is no reminder ladder “{code}”: run manage.py load_seeds."
            raise NotFoundError(msg)
        return self.ladders[code]


def clock_book() -> ClockBook:
    """The clocks as they are loaded at this moment."""
    kinds = ("clock", "ladder", "calendar", "holiday")
    rows = list(Definition.objects.shared().current().filter(kind__in=kinds).defer("content"))
    versions: dict[str, list[ClockRule]] = defaultdict(list)
    for row in (row for row in rows if row.kind == "clock"):
        versions[row.code].append(parsed(row, ClockRule))
    further = [parsed(row, FurtherHoliday) for row in rows if row.kind == "holiday"]
    calendars = [parsed(row, WorkCalendar) for row in rows if row.kind == "calendar"]
    return ClockBook(
        versions=versions,
        rows={(row.code, row.version): row.pk for row in rows if row.kind == "clock"},
        ladders={row.code: parsed(row, Ladder) for row in rows if row.kind == "ladder"},
        calendars={
            calendar.id: WorkDays(calendar, [day for day in further if day.calendar == calendar.id])
            for calendar in calendars
        },
    )


def pathways(on: date) -> list[tuple[Definition, Pathway]]:
    """The relief pathways in force on a day."""
    return rules("pathway", Pathway, on)
