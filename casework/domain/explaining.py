"""An assessment as a tree of lines: what was asked, how each part came out, and where it stands."""

from collections.abc import Iterator, Mapping

from casework.domain.condition_words import Shape, compared, plain, shape_of_group
from casework.domain.conditions import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    Facts,
    FactTest,
    Not,
    Stated,
    as_threshold,
    evaluate,
)
from casework.domain.facts import FactDefinition
from casework.domain.pathways import Criterion, Pathway
from casework.domain.relief import Assessment, CriterionResult
from casework.domain.ternary import Ternary

_MARKS = {Ternary.YES: "[yes]", Ternary.NO: "[no] ", Ternary.UNKNOWN: "[?]  "}
_INDENT = "    "
_WAYS_SHOWN = 3


def explained(
    pathway: Pathway,
    assessment: Assessment,
    facts: Facts,
    definitions: Mapping[str, FactDefinition],
) -> Iterator[str]:
    """The whole tree, a line each: criteria with their exemptions first, bars, what would decide.

    The values of personal facts are never shown, only whether they answer the question.
    """
    yield f"{assessment.title} ({assessment.pathway}, version {assessment.version})"
    signed = "" if assessment.reviewed else ", not reviewed by counsel"
    yield f"{assessment.citation}; certainty: {assessment.certainty.value}{signed}"
    yield f"Outcome: {assessment.outcome.value}. A person decides."
    tree = _Tree(facts, definitions)
    for row, result in zip(pathway.criteria, assessment.criteria, strict=True):
        yield from tree.criterion(row, result, "")
    for row, result in zip(pathway.bars, assessment.bars, strict=True):
        yield from tree.criterion(row, result, "Bar: ")
    for conflict in assessment.conflicts:
        so = "Conflict" if conflict.value is Ternary.YES else "Possible conflict"
        yield f"{so}: {conflict.text} ({conflict.citation})"
    for number, question in enumerate(assessment.ask_next, start=1):
        yield f"Ask {number}: {question.question or question.label} ({question.fact})"


class _Tree:
    """Walks conditions on one set of facts."""

    def __init__(self, facts: Facts, definitions: Mapping[str, FactDefinition]) -> None:
        self._facts = facts
        self._definitions = definitions

    def criterion(self, row: Criterion, result: CriterionResult, prefix: str) -> Iterator[str]:
        yield f"{_MARKS[result.value]} {prefix}{result.text} ({result.citation})"
        for exemption in row.exemptions:
            value = evaluate(exemption.when, self._facts).value
            yield f"{_INDENT}{_MARKS[value]} excused if: {exemption.text} ({exemption.citation})"
            yield from self._condition(exemption.when, 2)
        yield from self._condition(row.when, 1)
        for way in result.would_decide[:_WAYS_SHOWN]:
            yield f"{_INDENT}would decide it: {' + '.join(way)}"

    def _condition(self, condition: Condition, depth: int) -> Iterator[str]:
        value = evaluate(condition, self._facts).value
        yield f"{_INDENT * depth}{_MARKS[value]} {self._words(condition)}"
        if isinstance(condition, Not):
            yield from self._condition(condition.part, depth + 1)
        elif isinstance(condition, AllOf | AnyOf | AtLeastOf):
            for part in as_threshold(condition)[1]:
                yield from self._condition(part, depth + 1)

    def _words(self, condition: Condition) -> str:
        if isinstance(condition, Stated):
            return condition.said
        if isinstance(condition, FactTest):
            return self._test(condition)
        if isinstance(condition, Not):
            return "not"
        count, parts = as_threshold(condition)
        if len(parts) == 1:
            return "this"
        shape = shape_of_group(count, len(parts))
        return f"at least {count} of" if shape is Shape.AT_LEAST else f"{shape.value} of"

    def _test(self, test: FactTest) -> str:
        comparison, values = compared(test)
        words = comparison.value.replace("_", " ")
        return f"{test.fact} {words} {', '.join(values)}: {self._known(test.fact)}"

    def _known(self, code: str) -> str:
        definition = self._definitions.get(code)
        if code not in self._facts:
            return "not known"
        if definition is not None and definition.personal:
            return "known, not shown"
        value = self._facts[code]
        return ", ".join(value) if isinstance(value, tuple) else plain(value)
