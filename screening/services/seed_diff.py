"""What a change of the knowledge does to people: the same invented cases under both versions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.domain.conditions import FactValue
from casework.domain.differences import Difference, differences
from casework.domain.fact_files import read_facts
from casework.domain.facts import Standing
from casework.services.rule_book import RuleBook
from casework.services.seed_rows import Row
from screening.domain.answer_files import WrittenAnswers, read_answers
from screening.services.rule_book import ScreeningBook

Results = Mapping[str, str]
"""What was concluded, in words, by what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One definition that was added, withdrawn or changed, and where it changed."""

    what: str
    kind: str
    code: str
    version: str
    places: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One conclusion about one case that is not what it was."""

    case: str
    about: str
    old: str
    """Empty: there was none."""
    new: str


def changed_rows(old: Iterable[Row], new: Iterable[Row]) -> list[RowChange]:
    """Every definition that differs, by kind, code and version."""
    before = {(row.kind, row.code, row.version): row for row in old}
    after = {(row.kind, row.code, row.version): row for row in new}
    return [
        change
        for key in sorted({*before, *after})
        if (change := _change(key, before.get(key), after.get(key)))
    ]


def _change(key: tuple[str, str, str], old: Row | None, new: Row | None) -> RowChange | None:
    kind, code, version = key
    if old and new:
        if old.digest == new.digest:
            return None
        places = tuple(differences(_document(old), _document(new)))
        return RowChange(what="changed", kind=kind, code=code, version=version, places=places)
    what = "added" if new else "withdrawn"
    return RowChange(what=what, kind=kind, code=code, version=version)


def _document(row: Row) -> object:
    return row.definition.model_dump(mode="json", by_alias=True)


def effects(
    cases: Iterable[Mapping[str, Any]], old: list[Row], new: list[Row], *, on: date
) -> Iterator[Effect]:
    """What comes out differently for each case, on the day `on`.

    A case is written as in `fixtures/demo.yaml`: facts, and at most one screening. Raises
    InvalidInputError where one of the two versions cannot read the case.
    """
    for number, case in enumerate(cases, start=1):
        name = f"case {number} ({case.get('door', 'no door')})"
        before, after = concluded(case, old, on=on), concluded(case, new, on=on)
        for about in [*after, *(key for key in before if key not in after)]:
            was, now = before.get(about, ""), after.get(about, "")
            if was != now:
                yield Effect(case=name, about=about, old=was, new=now)


def concluded(case: Mapping[str, Any], rows: list[Row], *, on: date) -> Results:
    """Everything that the rows conclude of the case."""
    rules, screening = RuleBook(rows=rows, on=on), ScreeningBook(rows=rows, on=on)
    facts: dict[str, FactValue] = {}
    results: dict[str, str] = {}
    if "screening" in case:
        results |= _screened(case["screening"], screening, rules, facts)
    facts |= read_facts(dict(case.get("facts", {})), rules.facts).facts
    relief = rules.relief(facts)
    for one in relief.assessments:
        results[one.pathway] = one.outcome.value
        for row in (*one.criteria, *one.bars):
            results[f"{one.pathway} / {row.id}"] = row.value.value
    for waiting in relief.unplaced:
        results |= dict.fromkeys(waiting.pathways, "not placed yet")
    return results


def _screened(
    document: Mapping[str, Any], book: ScreeningBook, rules: RuleBook, facts: dict[str, FactValue]
) -> dict[str, str]:
    """What the screening concludes; its known facts are added to those given."""
    _, instrument = book.instrument(document["instrument"])
    standings = document.get("standings", {})
    said = {**document["answers"], **{i: {"standing": name} for i, name in standings.items()}}
    written: WrittenAnswers = read_answers(
        {"answers": said, "minor": document.get("minor")}, instrument
    )
    finding = book.conclude(instrument.id, written)
    known = {f.code: f.value for f in finding.facts if f.status == Standing.KNOWN}
    facts |= read_facts({c: v for c, v in known.items() if c in rules.facts}, rules.facts).facts
    results = {instrument.id: finding.outcome}
    for form in finding.forms:
        results[f"{form.form} under {form.framework}"] = form.band
    return results
