"""The instrument's own result: fail-safe, three-valued, and saying which answers made it so."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from casework.domain.facts import Standing
from casework.domain.ternary import Ternary, all_of, any_of
from screening.domain.answers import Answer, Reading, read
from screening.domain.definition import Strength, Text
from screening.domain.instrument import Instrument, Section
from screening.domain.items import Item
from screening.domain.rules import (
    NUMERIC,
    AnySectionPositive,
    DimensionRule,
    EitherOutcome,
    EveryOutcome,
    Method,
    OutcomeName,
    Population,
    SectionPositive,
    When,
)

NAMED_IN_LABEL = 8
"""So many questions are named in a label; of more only the number is given."""
RECORDED, RECORDED_LABEL = "recorded", "Answers recorded; this instrument defines no score."


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What the instrument itself makes of the answers."""

    outcome: str
    label: str
    """In English, naming the questions that decided or that are open."""
    because: tuple[str, ...]
    unassessed: tuple[str, ...]
    """Ids of the visible questions that count and have no known answer."""
    per_section: Mapping[str, Ternary]
    """Only the sections that show; unknown where a question is open and none decided."""
    numbers: Mapping[str, float] = field(default_factory=dict)


def score(instrument: Instrument, answers: Mapping[str, Answer], age: Ternary) -> Score:
    """The instrument's own result.

    `age`: whether the person was under 18 when it happened. Hidden answers do not count. The
    negative result (the lowest band or the last rule) is given only when every question that
    counts has a known answer and no earlier rule is left undecided; otherwise the instrument's
    `incomplete` result is given. A positive result stands however much is open, so one more
    answer never turns a positive result into a negative one.
    """
    reading = _scored(instrument, read(instrument, answers))
    sections = _per_section(instrument, reading)
    numbers = _numbers(instrument, answers, reading)
    name = _outcome(instrument, reading, sections, numbers, age)
    return Score(
        outcome=name.code,
        label=_label(instrument, name, answers, reading),
        because=reading.positive,
        unassessed=reading.open,
        per_section=sections,
        numbers=numbers,
    )


def _scored(instrument: Instrument, reading: Reading) -> Reading:
    """The reading without the questions that do not count for the instrument's own result."""
    counted = {i.id for i in instrument.items_by_id.values() if instrument.counts(i)}
    return Reading(
        visible=reading.visible & counted,
        positive=tuple(item for item in reading.positive if item in counted),
        open=tuple(item for item in reading.open if item in counted),
    )


def _per_section(instrument: Instrument, reading: Reading) -> dict[str, Ternary]:
    results: dict[str, Ternary] = {}
    for section in instrument.sections:
        ids = {item.id for item in section.items} & reading.visible
        if not ids:
            continue
        if _section_positive(section, reading.positive, instrument.scoring.dimension_rule):
            results[section.id] = Ternary.YES
        else:
            results[section.id] = Ternary.of(None if ids & set(reading.open) else False)
    return results


def _section_positive(
    section: Section, positive: Iterable[str], dimension_rule: DimensionRule | None
) -> bool:
    signs = [item for item in section.items if item.id in positive]
    if dimension_rule is None:
        return bool(signs)
    count = Counter(item.strength for item in signs)
    return dimension_rule.met_by(
        strong=count[Strength.STRONG], medium=count[Strength.MEDIUM], weak=count[Strength.WEAK]
    )


def _numbers(
    instrument: Instrument, answers: Mapping[str, Answer], reading: Reading
) -> dict[str, float]:
    numbers: dict[str, float] = {"positive_answers": len(reading.positive)}
    if instrument.scoring.method is Method.WEIGHTED_SUM:
        items = instrument.items_by_id
        weights = sum(items[item].weight for item in reading.positive)
        numbers["sum"] = weights + _option_scores(instrument, answers, reading)
    return numbers


def _option_scores(
    instrument: Instrument, answers: Mapping[str, Answer], reading: Reading
) -> float:
    """The scores of all options chosen in visible questions that count."""
    total = 0.0
    for item_id in reading.visible:
        answer = answers.get(item_id)
        if answer is None or answer.standing is not Standing.KNOWN:
            continue
        chosen = answer.value if isinstance(answer.value, tuple) else (answer.value,)
        options = instrument.items_by_id[item_id].options
        total += sum(option.score for option in options if option.code in chosen)
    return total


def _outcome(
    instrument: Instrument,
    reading: Reading,
    sections: Mapping[str, Ternary],
    numbers: Mapping[str, float],
    age: Ternary,
) -> OutcomeName:
    scoring = instrument.scoring
    if scoring.method is Method.NONE:
        result, negative = _recorded(), not reading.positive
    elif scoring.method in NUMERIC:
        result, negative = _band(instrument, numbers.get("sum", numbers["positive_answers"]))
    else:
        result, negative = _first_rule_met(instrument, sections, age)
    return scoring.incomplete if negative and reading.open else result


def _recorded() -> OutcomeName:
    return OutcomeName.model_validate({"outcome": RECORDED, "label": {"en": RECORDED_LABEL}})


def _band(instrument: Instrument, number: float) -> tuple[OutcomeName, bool]:
    """The band that the number lies in, and whether it is the lowest."""
    bands = instrument.scoring.bands
    band = max((band for band in bands if band.min <= number), key=lambda band: band.min)
    name = OutcomeName.model_validate({"outcome": band.code, "label": band.label})
    return name, band is bands[0]


def _first_rule_met(
    instrument: Instrument, sections: Mapping[str, Ternary], age: Ternary
) -> tuple[OutcomeName, bool]:
    """The first rule that is met, and whether it is the last.

    The last one, which is always met, is not reached over an earlier rule that is undecided.
    """
    *rules, fallback = instrument.scoring.outcome_rules
    met = [(rule, _met(rule.when, sections, age)) for rule in rules]
    for rule, value in met:
        if value is Ternary.YES:
            return rule, False
    if any_of(value for _, value in met) is Ternary.UNKNOWN:
        return instrument.scoring.incomplete, False
    return fallback, True


def _met(when: When, sections: Mapping[str, Ternary], age: Ternary) -> Ternary:
    """Whether the rule is met. A section that was rightly skipped is not positive."""
    if isinstance(when, SectionPositive):
        return sections.get(when.positive, Ternary.NO)
    if isinstance(when, AnySectionPositive):
        return any_of(sections.get(name, Ternary.NO) for name in when.any_positive)
    if isinstance(when, EveryOutcome):
        return all_of(_met(part, sections, age) for part in when.parts)
    if isinstance(when, EitherOutcome):
        return any_of(_met(part, sections, age) for part in when.parts)
    if isinstance(when, Population):
        return age if when.population == "child" else ~age
    return Ternary.YES


def _label(
    instrument: Instrument, name: OutcomeName, answers: Mapping[str, Answer], reading: Reading
) -> str:
    items = instrument.items_by_id
    because = [_with_answer(items[item_id], answers[item_id]) for item_id in reading.positive]
    waiting = [_words(items[item_id].text) for item_id in reading.open]
    parts = [name.label.get("en")]
    if because:
        parts.append(f"Because of: {_listed(because)}.")
    if waiting:
        parts.append(f"Not settled: {_listed(waiting)}.")
    return " ".join(parts)


def _with_answer(item: Item, answer: Answer) -> str:
    """The question with its answer, because for some questions it is a no that matters."""
    given = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    labels = {"True": "Yes", "False": "No"}
    labels |= {option.code: _words(option.label) for option in item.options}
    said = ", ".join(labels.get(str(value), str(value)) for value in given)
    return f"{_words(item.text)} [{said}]"


def _words(text: Text) -> str:
    return text.get("en").rstrip(".")


def _listed(parts: list[str]) -> str:
    more = len(parts) - NAMED_IN_LABEL
    return "; ".join(parts[:NAMED_IN_LABEL]) + (f"; and {more} more" if more > 0 else "")
