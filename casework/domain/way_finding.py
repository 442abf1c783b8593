"""Every form of relief at once: which concern the person, and which cannot be placed yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from casework.domain.conditions import Evaluation, Facts, FactValue, evaluate
from casework.domain.derived_facts import with_derived
from casework.domain.facts import FactDefinition
from casework.domain.pathways import Pathway
from casework.domain.relief import Assessment, assess
from casework.domain.ternary import Ternary

_Entry: TypeAlias = tuple[str, dict[str, FactValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """One entry of the person's record, as the facts about it."""

    label: str
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Forms of relief of which it is not known yet whether they concern the person at all."""

    facts: tuple[str, ...]
    """What has to be known to tell, by code."""
    pathways: tuple[str, ...]
    offence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """Everything that is open to somebody, as far as is known on a day."""

    assessments: tuple[Assessment, ...]
    unplaced: tuple[Unplaced, ...]
    """Nothing is left out in silence: what has no assessment stands here, or is known not to
    concern the person."""


def assess_all(
    pathways: Iterable[Pathway],
    facts: Facts,
    definitions: Mapping[str, FactDefinition],
    *,
    on: date,
    offences: Sequence[Offence] = (),
) -> Relief:
    """Every pathway held against the facts, those about offences against each offence.

    `pathways` are those in force on the day `on`. Without `offences` the facts themselves speak of
    the one offence there may be.
    """
    entries = entries_of(facts, offences, on=on)
    found: list[Assessment] = []
    waiting: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for pathway in pathways:
        for label, these in held_against(pathway, entries):
            scope = concerns(pathway, these)
            if scope.value is Ternary.YES:
                found.append(assess(pathway, these, definitions, offence=label))
            elif scope.value is Ternary.UNKNOWN:
                waiting.setdefault((label, tuple(sorted(scope.unknown))), []).append(pathway.id)
    return Relief(assessments=tuple(found), unplaced=tuple(_unplaced(waiting)))


def facts_about(
    facts: Facts, offences: Sequence[Offence], label: str, *, on: date
) -> dict[str, FactValue]:
    """The facts as they were held against a pathway: with those of that offence, if it was one."""
    (_, whole), *each = entries_of(facts, offences, on=on)
    return dict(each).get(label, whole)


def entries_of(facts: Facts, offences: Sequence[Offence], *, on: date) -> list[_Entry]:
    """What is known on a day, with what follows from it: as a whole, under an empty label, and
    then once for each offence, under its label."""
    record = [{**facts, **one.facts} for one in offences]
    whole = with_derived(facts, on, record)
    labels = (one.label for one in offences)
    each = (with_derived(entry, on, record) for entry in record)
    return [("", whole), *zip(labels, each, strict=True)]


def held_against(pathway: Pathway, entries: Sequence[_Entry]) -> Sequence[_Entry]:
    """Those entries that the pathway is about: each offence, or what is known as a whole."""
    return entries[1:] if pathway.per_offence and len(entries) > 1 else entries[:1]


_EVERYBODY = Evaluation(value=Ternary.YES)


def concerns(pathway: Pathway, facts: Facts) -> Evaluation:
    """Whether the pathway concerns the person at all, and on which facts that rests.

    `facts` with what follows from them. What is unknown of `not_for` keeps nothing from anybody.
    """
    shut = evaluate(pathway.not_for, facts) if pathway.not_for else None
    if shut is not None and shut.value is Ternary.YES:
        return Evaluation(value=Ternary.NO, because=shut.because, stated=shut.stated)
    return evaluate(pathway.scope, facts) if pathway.scope else _EVERYBODY


def _unplaced(waiting: Mapping[tuple[str, tuple[str, ...]], Sequence[str]]) -> Iterator[Unplaced]:
    for (label, facts), pathways in waiting.items():
        yield Unplaced(facts=facts, pathways=tuple(pathways), offence=label)
