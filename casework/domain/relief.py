"""The forms of relief: how far the known facts meet what each asks, and what to ask next.

An assessment says how far what is known supports a form of relief, and why. It never says that
someone is or is not a victim, and it decides nothing: a person does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from casework.domain.conditions import Facts, evaluate
from casework.domain.facts import FactDefinition
from casework.domain.holding import CriterionResult, Held, Ready
from casework.domain.pathways import (
    Conflict,
    EvidenceItem,
    FamilyMember,
    Pathway,
    PathwayKind,
)
from casework.domain.rule_versions import Certainty
from casework.domain.ternary import Ternary

__all__ = [
    "Assessment",
    "ConflictResult",
    "CriterionResult",
    "Outcome",
    "Question",
    "assess",
]


class Outcome(StrEnum):
    """How far what is known supports a form of relief."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    NEEDS_INFORMATION = "needs_information"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictResult:
    """Something that this form of relief collides with, on the facts known."""

    id: str
    text: str
    citation: str
    with_: str
    value: Ternary
    """Yes: it is so. Unknown: it may be. A conflict known not to be is left out."""
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A fact worth asking for next."""

    fact: str
    label: str
    question: str
    why_we_ask: str
    settles: int
    """Of how many open criteria and bars it could, with some answer, alone be the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """How far the known facts support one version of one form of relief."""

    pathway: str
    version: str
    kind: PathwayKind
    jurisdiction: str
    title: str
    summary: str
    citation: str
    certainty: Certainty
    reviewed: bool
    outcome: Outcome
    criteria: tuple[CriterionResult, ...]
    bars: tuple[CriterionResult, ...]
    ask_next: tuple[Question, ...]
    gives: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]
    family: tuple[FamilyMember, ...]
    who_acts: str
    cost: str
    conflicts: tuple[ConflictResult, ...]
    advisories: tuple[str, ...]
    offence: str = ""
    """Which offence of the record it was held against; empty where it concerns no offence."""


def assess(
    pathway: Pathway,
    facts: Facts,
    definitions: Mapping[str, FactDefinition],
    *,
    offence: str = "",
) -> Assessment:
    """How far the facts support the pathway, why, and what to ask next.

    - unlikely: a bar stands in the way, or a criterion is not met and none of its exemptions can
      still apply;
    - likely: every criterion is met or excused, and every bar is known not to apply;
    - possible: every criterion is met but a bar is still unknown (what was not asked never counts
      in anybody's favour), or the gateway criteria are met while others are open;
    - needs_information: anything else.

    Exemptions come first: they are evaluated before the criterion, and asked before it. A
    criterion or bar once decided stays decided whatever else becomes known.
    """
    criteria_ready, bars_ready = _made_ready(pathway)
    criteria = [ready.held(facts) for ready in criteria_ready]
    bars = [ready.held(facts) for ready in bars_ready]
    waiting = [one for one in (*criteria, *bars) if one.result.value is Ternary.UNKNOWN]
    return Assessment(
        pathway=pathway.id,
        version=pathway.version,
        kind=pathway.kind,
        jurisdiction=pathway.jurisdiction,
        title=pathway.title,
        summary=pathway.summary,
        citation=pathway.citation,
        certainty=pathway.certainty,
        reviewed=pathway.reviewed,
        outcome=_outcome(criteria, bars),
        criteria=tuple(_result(one, waiting) for one in criteria),
        bars=tuple(_result(one, waiting) for one in bars),
        ask_next=_ask_next(waiting, definitions),
        gives=pathway.gives,
        evidence=pathway.evidence,
        family=pathway.family,
        who_acts=pathway.who_acts,
        cost=pathway.cost,
        conflicts=_conflicts(pathway.conflicts, facts),
        advisories=pathway.advisories,
        offence=offence,
    )


_Readied = tuple[tuple[Ready, ...], tuple[Ready, ...]]


def _made_ready(pathway: Pathway) -> _Readied:
    """Its criteria and its bars; made once for each version that was read, and kept with it."""
    rows = (pathway.criteria, pathway.bars)
    kept: tuple[object, _Readied] | None = pathway.kept.get("ready")
    if kept is None or kept[0] != rows:
        criteria = tuple(Ready(row, row.met_or_excused) for row in pathway.criteria)
        bars = tuple(Ready(row, row.stands_in_the_way) for row in pathway.bars)
        kept = pathway.kept["ready"] = (rows, (criteria, bars))
    return kept[1]


def _result(held: Held, waiting: Sequence[Held]) -> CriterionResult:
    if not held.sets:
        return held.result
    return replace(held.result, would_decide=_in_order(held.sets, waiting))


def _in_order(
    sets: Sequence[frozenset[str]], waiting: Sequence[Held]
) -> tuple[tuple[str, ...], ...]:
    """Those that could settle most of the open criteria and bars first."""

    def place(one: frozenset[str]) -> tuple[int, int, tuple[str, ...]]:
        settled = sum(any(other <= one for other in part.sets) for part in waiting)
        return -settled, len(one), tuple(sorted(one))

    return tuple(codes for _, _, codes in sorted(map(place, sets)))


def _outcome(criteria: Sequence[Held], bars: Sequence[Held]) -> Outcome:
    met = {part.result.value for part in criteria}
    barred = {part.result.value for part in bars}
    if Ternary.NO in met or Ternary.YES in barred:
        return Outcome.UNLIKELY
    if met == {Ternary.YES}:
        return Outcome.POSSIBLE if Ternary.UNKNOWN in barred else Outcome.LIKELY
    gateways = {part.result.value for part in criteria if part.row.gateway}
    return Outcome.POSSIBLE if gateways == {Ternary.YES} else Outcome.NEEDS_INFORMATION


def _conflicts(conflicts: Sequence[Conflict], facts: Facts) -> tuple[ConflictResult, ...]:
    """Those that are so, or may be; a standing caution is one that may always be."""
    found = [(one, evaluate(one.when, facts) if one.when else None) for one in conflicts]
    return tuple(
        ConflictResult(
            id=one.id,
            text=one.text,
            citation=one.citation,
            with_=one.with_,
            value=held.value if held else Ternary.UNKNOWN,
            because=tuple(sorted(held.because)) if held else (),
        )
        for one, held in found
        if held is None or held.value is not Ternary.NO
    )


def _ask_next(
    waiting: Sequence[Held], definitions: Mapping[str, FactDefinition]
) -> tuple[Question, ...]:
    """The missing facts, those that settle most first, then those of a gateway, then by code.

    A fact that is asked for only by criteria with an exemption still open waits behind all others.
    """
    settles: dict[str, int] = {}
    at_once: set[str] = set()
    gateway: set[str] = set()
    for part in waiting:
        missing = frozenset(part.result.unknown)
        for code in missing:
            settles[code] = settles.get(code, 0) + (frozenset({code}) in part.sets)
        at_once |= missing & (part.excused_by or missing)
        gateway |= missing if part.row.gateway else frozenset()

    def place(code: str) -> tuple[bool, int, bool, str]:
        return code not in at_once, -settles[code], code not in gateway, code

    ordered = sorted(settles, key=place)
    return tuple(_question(code, settles[code], definitions.get(code)) for code in ordered)


def _question(code: str, settles: int, definition: FactDefinition | None) -> Question:
    """A fact that the vocabulary lacks is still asked for, under its code."""
    return Question(
        fact=code,
        label=definition.label if definition else code,
        question=definition.question if definition else "",
        why_we_ask=definition.why_we_ask if definition else "",
        settles=settles,
    )
