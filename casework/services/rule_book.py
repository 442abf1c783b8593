"""The knowledge as it stands in files, in force on a day: the same rules without a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from casework.domain.conditions import Facts
from casework.domain.facts import FactDefinition
from casework.domain.pathways import Pathway
from casework.domain.way_finding import Offence, Relief, assess_all
from casework.services.seed_rows import Row, of_kind, rules_on


@dataclass(frozen=True, kw_only=True)
class RuleBook:
    """Every row, and the day for which it is asked."""

    rows: Sequence[Row]
    on: date

    @cached_property
    def facts(self) -> Mapping[str, FactDefinition]:
        """The vocabulary by code."""
        return {fact.code: fact for fact in of_kind(self.rows, FactDefinition)}

    @cached_property
    def pathways(self) -> Mapping[str, tuple[Row, Pathway]]:
        """The forms of relief in force on the day, by id."""
        return {rule.id: (row, rule) for row, rule in rules_on(self.rows, Pathway, self.on)}

    def relief(self, facts: Facts, offences: Sequence[Offence] = ()) -> Relief:
        """Every form of relief in force on the day, held against the facts."""
        ways = [pathway for _, pathway in self.pathways.values()]
        return assess_all(ways, facts, self.facts, on=self.on, offences=offences)
