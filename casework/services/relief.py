"""Relief: each pathway in force held against what is known of a case."""

from collections.abc import Mapping
from datetime import date

from casework.domain.conditions import FactValue
from casework.domain.derived_facts import with_derived
from casework.domain.permissions import Capability, Principal, require
from casework.domain.relief import Assessment, assess
from casework.models import Case, Definition
from casework.services.knowledge import fact_vocabulary, pathways
from casework.services.ledger import known_facts


def assess_case(case: Case, *, by: Principal, on: date) -> list[tuple[Definition, Assessment]]:
    """Every pathway in force on that day for the facts that stand now."""
    require(by, Capability.ASSESS_RELIEF)
    return assess_facts(known_facts(case, on=on), on=on)


def assess_facts(
    facts: Mapping[str, FactValue], *, on: date
) -> list[tuple[Definition, Assessment]]:
    """The same for facts that belong to nobody: nothing is stored."""
    vocabulary = fact_vocabulary()
    facts = with_derived(facts, on)
    return [(row, assess(pathway, facts, vocabulary)) for row, pathway in pathways(on)]
