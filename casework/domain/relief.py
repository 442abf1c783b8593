"""The forms of relief: what each asks, how far the known facts meet it, and what to ask next.

An assessment says how far what is known supports a form of relief, and why. It never says that
someone is or is not a victim, and it decides nothing: a person does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import Field

from casework.domain.conditions import AllOf, AnyOf, Condition, Facts, evaluate
from casework.domain.deciding import deciding_sets
from casework.domain.facts import FactDefinition
from casework.domain.rule_versions import Certainty, Definition, Enjoined, RuleVersion, in_force
from casework.domain.ternary import Ternary

__all__ = [
    "Assessment",
    "Criterion",
    "CriterionResult",
    "Enjoined",
    "EvidenceItem",
    "EvidenceNeed",
    "Exemption",
    "FamilyMember",
    "Outcome",
    "Pathway",
    "Question",
    "assess",
    "in_force",
]


class Exemption(Definition):
    """A reason for which a criterion, or a bar, does not count for this person."""

    id: str
    text: str
    when: Condition
    citation: str


class Criterion(Definition):
    """One thing a pathway asks, or, as a bar, one thing that closes it."""

    id: str
    text: str
    when: Condition
    citation: str
    exemptions: tuple[Exemption, ...] = ()
    gateway: bool = False
    """Whether meeting it makes the pathway worth pursuing while the rest is still open."""


class EvidenceNeed(StrEnum):
    """How much a piece of evidence is asked for."""

    REQUIRED = "required"
    HELPFUL = "helpful"
    ANY_CREDIBLE = "any_credible"
    """One of the ways to show it; none of them is required by name."""


class EvidenceItem(Definition):
    """One thing to gather for the filing."""

    id: str
    text: str
    needed: EvidenceNeed


class FamilyMember(Definition):
    """Who of the family can come under the same relief."""

    class_: str = Field(alias="class")
    who: str
    condition: str = ""


class Pathway(RuleVersion):
    """One version of one form of relief."""

    in_force_from: date
    summary: str
    gives: tuple[str, ...] = Field(min_length=1)
    who_acts: str
    cost: str
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    bars: tuple[Criterion, ...] = ()
    evidence: tuple[EvidenceItem, ...] = ()
    family: tuple[FamilyMember, ...] = ()
    conflicts: tuple[str, ...] = ()
    advisories: tuple[str, ...] = ()


class Outcome(StrEnum):
    """How far what is known supports a form of relief."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    NEEDS_INFORMATION = "needs_information"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult:
    """One criterion, or one bar, on the facts known."""

    id: str
    text: str
    value: Ternary
    """Of a criterion: met or excused. Of a bar: it stands in the way."""
    because: tuple[str, ...]
    """The known facts on which a yes or a no rests, by code."""
    unknown: tuple[str, ...]
    """The facts still missing, those of the exemptions first."""
    exemption: str
    """The id of the exemption that applies; empty if none does."""
    exemption_text: str
    citation: str
    """Of the exemption that applies, otherwise of the criterion."""
    gateway: bool = False


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
    title: str
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
    conflicts: tuple[str, ...]
    advisories: tuple[str, ...]


def assess(pathway: Pathway, facts: Facts, definitions: Mapping[str, FactDefinition]) -> Assessment:
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
    criteria = tuple(_criterion_result(criterion, facts) for criterion in pathway.criteria)
    bars = tuple(_bar_result(bar, facts) for bar in pathway.bars)
    return Assessment(
        pathway=pathway.id,
        version=pathway.version,
        title=pathway.title,
        citation=pathway.citation,
        certainty=pathway.certainty,
        reviewed=pathway.reviewed,
        outcome=_outcome(criteria, bars),
        criteria=criteria,
        bars=bars,
        ask_next=_ask_next(pathway, facts, definitions),
        gives=pathway.gives,
        evidence=pathway.evidence,
        family=pathway.family,
        who_acts=pathway.who_acts,
        cost=pathway.cost,
        conflicts=pathway.conflicts,
        advisories=pathway.advisories,
    )


def _outcome(criteria: Sequence[CriterionResult], bars: Sequence[CriterionResult]) -> Outcome:
    met = {result.value for result in criteria}
    barred = {result.value for result in bars}
    if Ternary.NO in met or Ternary.YES in barred:
        return Outcome.UNLIKELY
    if met == {Ternary.YES}:
        return Outcome.POSSIBLE if Ternary.UNKNOWN in barred else Outcome.LIKELY
    gateways = [result.value for result in criteria if result.gateway]
    open_door = bool(gateways) and set(gateways) == {Ternary.YES}
    return Outcome.POSSIBLE if open_door else Outcome.NEEDS_INFORMATION


def _criterion_result(criterion: Criterion, facts: Facts) -> CriterionResult:
    return _result(criterion, _met_or_excused(criterion), facts)


def _bar_result(bar: Criterion, facts: Facts) -> CriterionResult:
    return _result(bar, _bars(bar), facts)


def _met_or_excused(criterion: Criterion) -> Condition:
    parts = [*(exemption.when for exemption in criterion.exemptions), criterion.when]
    return AnyOf.model_validate({"any": parts})


def _bars(bar: Criterion) -> Condition:
    unlifted = [{"not": exemption.when} for exemption in bar.exemptions]
    return AllOf.model_validate({"all": [*unlifted, bar.when]})


def _result(criterion: Criterion, whole: Condition, facts: Facts) -> CriterionResult:
    evaluation = evaluate(whole, facts)
    applies = next(
        (e for e in criterion.exemptions if evaluate(e.when, facts).value is Ternary.YES), None
    )
    first = _open_exemption_facts(criterion, facts) & evaluation.unknown
    return CriterionResult(
        id=criterion.id,
        text=criterion.text,
        value=evaluation.value,
        because=tuple(sorted(evaluation.because)),
        unknown=(*sorted(first), *sorted(evaluation.unknown - first)),
        exemption=applies.id if applies else "",
        exemption_text=applies.text if applies else "",
        citation=applies.citation if applies else criterion.citation,
        gateway=criterion.gateway,
    )


def _open_exemption_facts(criterion: Criterion, facts: Facts) -> frozenset[str]:
    return frozenset[str]().union(*(evaluate(e.when, facts).unknown for e in criterion.exemptions))


def _ask_next(
    pathway: Pathway, facts: Facts, definitions: Mapping[str, FactDefinition]
) -> tuple[Question, ...]:
    """The missing facts, those that settle most first, then those of a gateway, then by code.

    A fact that is asked for only by criteria with an exemption still open waits behind all others.
    """
    settles: dict[str, int] = {}
    at_once: set[str] = set()
    gateway: set[str] = set()
    for criterion, whole in _all_parts(pathway):
        missing = evaluate(whole, facts).unknown
        alone = deciding_sets(whole, facts, at_most=1)
        for code in missing:
            settles[code] = settles.get(code, 0) + (frozenset({code}) in alone)
        at_once |= missing & (_open_exemption_facts(criterion, facts) or missing)
        gateway |= missing if criterion.gateway else frozenset()

    def place(code: str) -> tuple[bool, int, bool, str]:
        return code not in at_once, -settles[code], code not in gateway, code

    ordered = sorted(settles, key=place)
    return tuple(_question(code, settles[code], definitions.get(code)) for code in ordered)


def _all_parts(pathway: Pathway) -> Iterable[tuple[Criterion, Condition]]:
    yield from ((criterion, _met_or_excused(criterion)) for criterion in pathway.criteria)
    yield from ((bar, _bars(bar)) for bar in pathway.bars)


def _question(code: str, settles: int, definition: FactDefinition | None) -> Question:
    """A fact that the vocabulary lacks is still asked for, under its code."""
    return Question(
        fact=code,
        label=definition.label if definition else code,
        question=definition.question if definition else "",
        why_we_ask=definition.why_we_ask if definition else "",
        settles=settles,
    )
