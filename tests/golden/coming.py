"""What a vignette comes to, and on what that rests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casework.domain.clock_rules import ClockRule
from casework.domain.conditions import evaluate
from casework.domain.derived_facts import with_derived
from casework.domain.findings import Band, Framework
from casework.domain.pathways import Pathway
from casework.domain.relief import Assessment, CriterionResult, Outcome
from casework.domain.rule_versions import RuleVersion
from casework.domain.ternary import Ternary
from casework.domain.way_finding import concerns, facts_about
from casework.services.seed_rows import of_kind, rules_on
from screening.domain.item_facts import UNDER_18
from tests.golden.reading import (
    LEFT_OUT,
    NOT_IN_FORCE,
    UNPLACED,
    ExpectedClock,
    ExpectedForm,
    ExpectedPathway,
)
from tests.golden.telling import Told, rule_book, screening_book
from tests.seeds.rows import all_rows

FRAMEWORKS = {"federal": Framework.FEDERAL, "protocol": Framework.UN_PROTOCOL}
_AGE = {UNDER_18, "age_now_under_18", "date_of_birth"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What something came to, on what that rests, what is missing, and where it stands."""

    outcome: str
    because: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    citations: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    exemptions: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    """Notes and advisories beside it."""


def relief_of(expected: ExpectedPathway, person: Told) -> Came:
    """One form of relief, assessed with all others of the day."""
    book = rule_book(person.on)
    if expected.id not in book.pathways:
        return _not_there([one for one in of_kind(all_rows(), Pathway) if one.id == expected.id])
    known_facts = person.known()
    relief = book.relief(known_facts, person.offences)
    for one in relief.assessments:
        if one.pathway == expected.id and one.offence == expected.offence:
            return _of_assessment(one)
    facts = facts_about(known_facts, person.offences, expected.offence, on=person.on)
    pathway = book.pathways[expected.id][1]
    for waiting in relief.unplaced:
        if expected.id in waiting.pathways and waiting.offence == expected.offence:
            return Came(
                outcome=UNPLACED, needs=frozenset(waiting.facts), citations=(pathway.citation,)
            )
    because = concerns(pathway, facts).because
    return Came(outcome=LEFT_OUT, because=because, citations=(pathway.citation,))


def _not_there(versions: Sequence[RuleVersion]) -> Came:
    """No version of it holds on the day; a name that no version has is our mistake."""
    if not versions:
        raise LookupError("there is nothing of that name")
    said = tuple(f"in force from {one.in_force_from} to {one.in_force_to}" for one in versions)
    return Came(
        outcome=NOT_IN_FORCE, citations=tuple(one.citation for one in versions), stated=said
    )


def _of_assessment(one: Assessment) -> Came:
    decided = _decisive(one)
    parts = (*one.criteria, *one.bars)
    waiting = [part for part in parts if part.value is Ternary.UNKNOWN]
    return Came(
        outcome=one.outcome.value,
        because=frozenset(code for part in decided for code in part.because),
        needs=frozenset(question.fact for question in one.ask_next),
        citations=(one.citation, *(part.citation for part in (*decided, *waiting))),
        stated=tuple(said for part in (*decided, *waiting) for said in part.stated),
        exemptions=frozenset(part.exemption for part in parts if part.exemption),
        conflicts=frozenset(each.id for each in one.conflicts if each.value is Ternary.YES),
        said=(*one.advisories, *one.gives, one.cost, one.who_acts),
    )


def _decisive(one: Assessment) -> Sequence[CriterionResult]:
    """The parts that made the outcome what it is."""
    failed = [part for part in one.criteria if part.value is Ternary.NO]
    standing = [part for part in one.bars if part.value is Ternary.YES]
    if one.outcome is Outcome.UNLIKELY:
        return (*failed, *standing)
    met = [part for part in one.criteria if part.value is Ternary.YES]
    return (*met, *(part for part in one.bars if part.value is Ternary.NO))


def form_of(expected: ExpectedForm, person: Told) -> Came:
    """One form under one definition."""
    framework = FRAMEWORKS[expected.definition]
    (found,) = (
        one for one in person.forms() if one.form is expected.form and one.framework is framework
    )
    signs = _signs_of(person)
    seen = {item for element in found.elements for item in element.because}
    waiting = {item for element in found.elements for item in element.open_items}
    spared = {each.element.value for each in found.elements if each.not_needed_because}
    age = _AGE & with_derived(person.known(), person.on).keys() if spared else set[str]()
    absent = _absent(person) if found.band is Band.NONE_SEEN else set[str]()
    return Came(
        outcome=found.band.value,
        because=frozenset(seen | _named(seen, signs) | age | absent),
        needs=frozenset(waiting | _named(waiting, signs)),
        citations=(found.citation, *(each.not_needed_because for each in found.elements)),
        exemptions=frozenset(spared),
        said=found.notes,
        stated=found.notes if expected.note else (),
    )


def gate_of(person: Told) -> Came:
    """What the instrument itself comes to."""
    finding = person.finding()
    if finding is None or person.screened is None:
        raise LookupError("there are no answers to conclude")
    _, instrument = screening_book(person.on).instrument(person.screened.instrument)
    signs = _signs_of(person)
    settled = _settled(person.screened.answers) - set(finding.unassessed)
    because = set(finding.because) or settled
    return Came(
        outcome=finding.outcome,
        because=frozenset(because | _named(because, signs)),
        needs=frozenset({*finding.unassessed, *_named(finding.unassessed, signs)}),
        citations=(instrument.source.citation,),
    )


def _settled(answers: Mapping[str, object]) -> set[str]:
    """The questions with a value: all of them are a reason where none of them is a sign."""
    return {code for code, said in answers.items() if not isinstance(said, Mapping)}


def _signs_of(person: Told) -> Mapping[str, tuple[str, ...]]:
    """The signs that each question of the instrument is about."""
    if person.screened is None:
        return {}
    _, instrument = screening_book(person.on).instrument(person.screened.instrument)
    return {code: tuple(item.signs_named) for code, item in instrument.items_by_id.items()}


def _named(items: Iterable[str], signs: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {sign for item in items for sign in signs.get(item, ())}


def _absent(person: Told) -> set[str]:
    return {code for code, value in person.known().items() if value is False}


def clock_of(expected: ExpectedClock, person: Told) -> Came:
    """Whether the period concerns the person; one that concerns everybody needs no reason."""
    in_force = {rule.id: rule for _, rule in rules_on(all_rows(), ClockRule, person.on)}
    rule = in_force.get(expected.id)
    if rule is None:
        return _not_there([one for one in of_kind(all_rows(), ClockRule) if one.id == expected.id])
    if rule.only_if is None:
        everybody = "it concerns everybody"
        return Came(outcome=Ternary.YES.value, citations=(rule.citation,), stated=(everybody,))
    held = evaluate(rule.only_if, with_derived(person.known(), person.on))
    return Came(
        outcome=held.value.value,
        because=held.because,
        needs=held.unknown,
        citations=(rule.citation,),
    )
