"""The whole conclusion of a screening: the own result, the forms, the facts and the limits."""

from collections.abc import Iterable, Iterator, Mapping

from casework.domain.facts import Standing
from casework.domain.findings import Band, FactAssertion, Finding, FormFinding
from casework.domain.rule_versions import Certainty
from casework.domain.ternary import Ternary
from screening.domain.answers import Answer
from screening.domain.determination import determine
from screening.domain.indicators import Evidence, indicator_evidence
from screening.domain.instrument import Instrument, Status
from screening.domain.item_facts import UNDER_18, item_facts
from screening.domain.scoring import Score, score
from screening.domain.yardstick import Yardstick

A_PERSON_DECIDES = (
    "A person decides. This shows what the answers support; it never says that somebody is or is "
    "not a victim."
)
NOT_VALIDATED = "No study of how well this instrument tells cases apart is recorded."
NOT_REVIEWED = "This version has not been reviewed by counsel."
_HOW_KNOWN: Mapping[Certainty, str] = {
    Certainty.SECONDARY: "Its wording was taken from a secondary source.",
    Certainty.KNOWLEDGE: "Its wording was not checked against its source again.",
    Certainty.LOW: "Its wording is uncertain.",
}
_HIGHEST_FIRST = (Band.STRONG, Band.SOME, Band.NOT_ENOUGH_ASKED, Band.NONE_SEEN)
_MOST_TELLING_FIRST = (
    Standing.DECLINED,
    Standing.INTERPRETER_UNSURE,
    Standing.DOES_NOT_KNOW,
    Standing.NOT_ASKED,
)
_ADULT = 18


def conclude(
    instrument: Instrument,
    digest: str,
    answers: Mapping[str, Answer],
    yardstick: Yardstick,
    minor: Ternary,
) -> Finding:
    """Everything that the answers support, with the answers it rests on.

    `digest` names the exact content of the instrument. `answers` are all that were kept; those of
    hidden questions do not count. `minor`: whether the person was under 18 at any act; where it is
    unknown, an answer to a question about just that counts. The facts are one for every indicator
    that was asked about, those that questions ask for directly, and one band for every form: the
    higher of the two definitions', so that no form is lost by what the federal one leaves out.
    """
    asked = tuple(item_facts(instrument, answers))
    minor = stated_or_answered(instrument, answers, minor)
    result = score(instrument, answers, minor)
    evidence = indicator_evidence(instrument, answers)
    values = {code: found.value for code, found in evidence.items()}
    forms = determine(values, yardstick, minor, evidence)
    return Finding(
        instrument=instrument.id,
        version=instrument.version,
        digest=digest,
        outcome=result.outcome,
        outcome_label=result.label,
        forms=forms,
        indicators={code: value.value for code, value in values.items()},
        because=result.because,
        unassessed=result.unassessed,
        facts=(*_indicator_facts(evidence, answers), *asked, *_form_facts(forms)),
        caveats=tuple(_caveats(instrument, result, minor)),
        scores=_scores(result),
    )


def stated_or_answered(
    instrument: Instrument, answers: Mapping[str, Answer], minor: Ternary
) -> Ternary:
    """Under 18 at any act: what was stated, or what was answered where nothing was stated."""
    if minor is not Ternary.UNKNOWN:
        return minor
    asked = item_facts(instrument, answers)
    said = next((fact.value for fact in asked if fact.code == UNDER_18), None)
    return Ternary.of(said if isinstance(said, bool) else None)


def _indicator_facts(
    evidence: Mapping[str, Evidence], answers: Mapping[str, Answer]
) -> Iterator[FactAssertion]:
    for code, found in evidence.items():
        standings = {answers[item].standing for item in found.items if item in answers}
        if not standings:
            continue
        if found.value is Ternary.UNKNOWN:
            status = next((s for s in _MOST_TELLING_FIRST if s in standings), Standing.NOT_ASKED)
            yield FactAssertion(code=code, value=None, status=status.value, items=found.open_items)
        else:
            items = found.positive_items or found.items
            yield FactAssertion(code=code, value=found.value is Ternary.YES, items=items)


def _form_facts(forms: Iterable[FormFinding]) -> Iterator[FactAssertion]:
    by_form: dict[str, list[FormFinding]] = {}
    for finding in forms:
        by_form.setdefault(finding.form.value, []).append(finding)
    for form, findings in by_form.items():
        bands = {finding.band for finding in findings}
        items = dict.fromkeys(i for f in findings for e in f.elements for i in e.because)
        yield FactAssertion(
            code=f"screened_form_{form}",
            value=next(band for band in _HIGHEST_FIRST if band in bands).value,
            items=tuple(items),
        )


def _caveats(instrument: Instrument, result: Score, minor: Ternary) -> Iterator[str]:
    yield A_PERSON_DECIDES
    yield instrument.disclaimer.get("en")
    if instrument.status is not Status.ACTIVE:
        yield f"The instrument is not in its final wording (status: {instrument.status.value})."
    if instrument.certainty in _HOW_KNOWN:
        yield _HOW_KNOWN[instrument.certainty]
    yield instrument.source.validation or NOT_VALIDATED
    yield from filter(None, (study.worth() for study in instrument.source.accuracy))
    if not instrument.reviewed:
        yield NOT_REVIEWED
    yield from _population(instrument, minor)
    if result.unassessed:
        counted = len([i for i in instrument.items_by_id.values() if instrument.counts(i)])
        yield f"Not settled: {len(result.unassessed)} of the {counted} questions that count."


def _population(instrument: Instrument, minor: Ternary) -> Iterator[str]:
    youngest, oldest = instrument.population.min_age, instrument.population.max_age
    for_children = oldest is not None and oldest < _ADULT
    for_adults = youngest is not None and youngest >= _ADULT
    if for_children and minor is not Ternary.YES:
        yield "It was made for people under 18; that the person was one is not established."
    if for_adults and minor is not Ternary.NO:
        yield "It was made for adults; that the person was one is not established."


def _scores(result: Score) -> dict[str, str]:
    numbers = {name: f"{number:g}" for name, number in result.numbers.items()}
    return {section: value.value for section, value in result.per_section.items()} | numbers
