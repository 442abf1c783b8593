"""Relief: each pathway in force held against what is known of a case."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.domain.conditions import Facts, FactValue
from casework.domain.errors import NotFoundError
from casework.domain.explaining import explained
from casework.domain.facts import FactDefinition
from casework.domain.pathways import Pathway
from casework.domain.permissions import Capability, Principal, require
from casework.domain.relief import Assessment, assess
from casework.domain.ternary import Ternary
from casework.domain.way_finding import (
    Offence,
    Unplaced,
    assess_all,
    concerns,
    entries_of,
    held_against,
)
from casework.models import Case, Definition
from casework.services.knowledge import fact_vocabulary, pathways
from casework.services.ledger import known_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedRelief:
    """Each assessment with the row of the knowledge it was made under, and what is not placed."""

    assessments: list[tuple[Definition, Assessment]]
    unplaced: tuple[Unplaced, ...]


def assess_case(case: Case, *, by: Principal, on: date) -> AssessedRelief:
    """Every pathway in force on that day for the facts that stand now."""
    require(by, Capability.ASSESS_RELIEF)
    return assess_facts(known_facts(case), on=on)


def explain_case(case: Case, pathway: str, *, by: Principal, on: date) -> list[str]:
    """One pathway held against what is known of a case, as a tree of lines.

    NotFoundError names the pathways there are when none of that name is in force on the day.
    """
    require(by, Capability.ASSESS_RELIEF)
    ways = [way for _, way in pathways(on)]
    return explain_facts(known_facts(case), ways, fact_vocabulary(), pathway, on=on)


def explain_facts(
    facts: Facts,
    ways: Sequence[Pathway],
    vocabulary: Mapping[str, FactDefinition],
    pathway: str,
    *,
    on: date,
    offences: Sequence[Offence] = (),
) -> list[str]:
    """The same for facts that belong to nobody; a tree for each offence if it is about offences."""
    way = next((one for one in ways if one.id == pathway), None)
    if way is None:
        names = ", ".join(sorted(one.id for one in ways))
        msg = f"No pathway “{pathway}” is in force on that day. There are: {names}."
        raise NotFoundError(msg)
    lines: list[str] = []
    for label, known in held_against(way, entries_of(facts, offences, on=on)):
        named = [f"Offence: {label}"] if label else []
        lines += [*named, *_tree(way, known, vocabulary), ""]
    return lines[:-1]


def _tree(way: Pathway, facts: Facts, vocabulary: Mapping[str, FactDefinition]) -> Iterator[str]:
    concerned = concerns(way, facts)
    if concerned.value is Ternary.NO:
        because = ", ".join(sorted(concerned.because))
        yield f"{way.title} ({way.id}) does not concern this, because of {because}."
        return
    yield from explained(way, assess(way, facts, vocabulary), facts, vocabulary)
    if concerned.value is Ternary.UNKNOWN:
        yield f"Not placed until {' and '.join(sorted(concerned.unknown))} is known."


def assess_facts(
    facts: Mapping[str, FactValue], *, on: date, offences: Sequence[Offence] = ()
) -> AssessedRelief:
    """The same for facts that belong to nobody: nothing is stored."""
    rows = {(rule.id, rule.version): (row, rule) for row, rule in pathways(on)}
    ways = [rule for _, rule in rows.values()]
    found = assess_all(ways, facts, fact_vocabulary(), on=on, offences=offences)
    return AssessedRelief(
        assessments=[(rows[one.pathway, one.version][0], one) for one in found.assessments],
        unplaced=found.unplaced,
    )
