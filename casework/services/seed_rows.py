"""Reading the knowledge from files: every row checked on its own and against the others.

Nothing here needs a database, so a lawyer or an auditor can read and try the rules anywhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from casework.domain.conditions import FactTest
from casework.domain.definitions import Kind, kinds
from casework.domain.digests import digest
from casework.domain.errors import SeedError
from casework.domain.facts import FactDefinition, FactType
from casework.domain.rule_versions import RuleVersion, in_force
from casework.gateways.seed_files import Path_, SeedFile, read_folder

_Model = TypeVar("_Model", bound=BaseModel)
_Rule = TypeVar("_Rule", bound=RuleVersion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One definition as read, ready to be compared with what is loaded."""

    kind: str
    code: str
    version: str
    digest: str
    definition: BaseModel
    place: str
    """file:line, for messages."""
    derived: bool = False
    """It follows from a row of another kind; a row written out in full goes before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """One row as it stands in its file."""

    file: SeedFile
    kind: Kind
    path: Path_
    document: object

    @property
    def place(self) -> str:
        return f"{self.file.name}:{self.file.line_of(self.path)}"


def read_rows(folder: Path) -> list[Row]:
    """Every row of every file below the folder. SeedError names file, line, field and reason."""
    return check_rows(read_folder(folder))


def check_rows(files: Iterable[SeedFile], known: Iterable[Row] = ()) -> list[Row]:
    """The rows of the files, each checked on its own, against each other and those known already.

    SeedError names file, line, field and reason of every problem that was found.
    """
    problems: list[str] = []
    by_kind: dict[str, list[_Written]] = defaultdict(list)
    for file in files:
        try:
            for written in _written(file):
                by_kind[written.kind.name].append(written)
        except SeedError as error:
            problems.append(error.detail)
    rows = _parsed(by_kind, list(known), problems)
    problems.extend(_duplicates([*known, *rows]))
    if not problems:
        problems.extend(_dangling(rows, [*known, *rows]))
    if not problems:
        problems.extend(_never_met(rows, [*known, *rows]))
        problems.extend(_misfits(by_kind, rows, [*known, *rows]))
    if problems:
        raise SeedError("\n".join(problems))
    return rows


def of_kind(rows: Iterable[Row], model: type[_Model]) -> list[_Model]:
    """The definitions of one type, in the order read."""
    return [row.definition for row in rows if isinstance(row.definition, model)]


def rules_on(rows: Iterable[Row], model: type[_Rule], on: date) -> list[tuple[Row, _Rule]]:
    """The versions of one type of rule that hold on a day, with their rows, by id."""
    by_identity = {id(row.definition): row for row in rows}
    return [(by_identity[id(rule)], rule) for rule in in_force(of_kind(rows, model), on)]


def _written(file: SeedFile) -> Iterator[_Written]:
    registered = kinds()
    for file_key, documents in file.content.items():
        kind = registered.get(file_key)
        if kind is None or not isinstance(documents, list):
            line, options = file.line_of((file_key,)), ", ".join(sorted(registered))
            raise SeedError(f"{file.name}:{line}: “{file_key}” must be a list, one of: {options}")
        for number, document in enumerate(documents):
            yield _Written(file=file, kind=kind, path=(file_key, number), document=document)


def _parsed(
    by_kind: Mapping[str, list[_Written]], known: list[Row], problems: list[str]
) -> list[Row]:
    """The rows, a kind that others look up before them; a row written out goes before a derived."""
    after = {kind.name: kind.after for kind in kinds().values()}
    newest = {(row.kind, row.code): row.definition for row in known}
    rows: list[Row] = []
    for name in TopologicalSorter(after).static_order():
        for written in by_kind.get(name, ()):
            try:
                rows.extend(_definitions(written, newest))
            except SeedError as error:
                problems.append(error.detail)
        newest |= {(row.kind, row.code): row.definition for row in rows}
    in_full = {(row.kind, row.code) for row in rows if not row.derived}
    return [row for row in rows if not (row.derived and (row.kind, row.code) in in_full)]


def _definitions(written: _Written, known: Mapping[tuple[str, str], BaseModel]) -> Iterator[Row]:
    kind, document, place = written.kind, written.document, written.place
    if not isinstance(document, dict):
        raise SeedError(f"{place}: a row must be a mapping")
    try:
        definition = kind.schema.model_validate(kind.prepare(document, known))
    except ValidationError as error:
        raise SeedError("\n".join(_explained(written, error))) from error
    except ValueError as error:
        raise SeedError(f"{place}: {error}") from error
    yield _row(kind.name, definition, place)
    for name, derived in kind.derived(definition):
        yield replace(_row(name, derived, place), derived=True)


def _explained(written: _Written, error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_url=False, include_context=False):
        inner = tuple(problem["loc"])
        line = written.file.line_of((*written.path, *inner))
        where = ".".join(str(part) for part in inner) or "row"
        yield f"{written.file.name}:{line}: {where}: {problem['msg']}"


def _row(kind: str, definition: BaseModel, place: str) -> Row:
    document = definition.model_dump(mode="json", by_alias=True)
    return Row(
        kind=kind,
        code=str(document.get("id") or document.get("code")),
        version=str(document.get("version") or "1"),
        digest=digest(document),
        definition=definition,
        place=place,
    )


def _duplicates(rows: list[Row]) -> Iterator[str]:
    first: dict[tuple[str, str, str], str] = {}
    for row in rows:
        key = (row.kind, row.code, row.version)
        if key in first:
            what = f"{row.kind} “{row.code}” version {row.version}"
            yield f"{row.place}: {what} stands already at {first[key]}"
        first.setdefault(key, row.place)


_REFERENCES = {
    "law_sources": "source",
    "rungs": "ladder",
    "calendar": "calendar",
    "indicators": "indicator",
    "with": "pathway",
}


def _dangling(rows: list[Row], all_rows: list[Row]) -> Iterator[str]:
    """Rows that name a source, ladder, indicator, pathway or fact that is not there."""
    known = {(row.kind, row.code) for row in all_rows}
    for row in rows:
        for field, code in _named(row.definition.model_dump(mode="json", by_alias=True)):
            if (_REFERENCES.get(field, field), code) not in known:
                yield f"{row.place}: {field}: there is no {_REFERENCES.get(field, field)} “{code}”"


def _named(document: object) -> Iterator[tuple[str, str]]:
    if isinstance(document, list):
        for item in document:
            yield from _named(item)
    if not isinstance(document, dict):
        return
    for key, value in document.items():
        codes = value if isinstance(value, list) else [value]
        if (key in _REFERENCES or key == "fact") and all(isinstance(c, str) for c in codes):
            yield from ((key, code) for code in codes if code)
        else:
            yield from _named(value)


def _misfits(
    by_kind: Mapping[str, list[_Written]], rows: list[Row], all_rows: list[Row]
) -> Iterator[str]:
    """What each kind finds wrong when its rows are held against those of the others."""
    known = {(row.kind, row.code): row.definition for row in all_rows}
    places = {w.place: w for written in by_kind.values() for w in written}
    for row in rows:
        written = places[row.place]
        if row.kind != written.kind.name:
            continue
        for inner, said in written.kind.check(row.definition, known):
            line = written.file.line_of((*written.path, *inner))
            yield f"{written.file.name}:{line}: {'.'.join(map(str, inner))}: {said}"


_ANSWERS: Mapping[FactType, type] = {
    FactType.BOOLEAN: bool,
    FactType.INTEGER: int,
    FactType.CHOICE: str,
    FactType.TEXT: str,
    FactType.DATE: date,
}


def _never_met(rows: list[Row], all_rows: list[Row]) -> Iterator[str]:
    """Conditions that no answer to their fact can ever meet: a wrong type, or no such option."""
    facts = {fact.code: fact for fact in of_kind(all_rows, FactDefinition)}
    for row in rows:
        for test in _tests_in(row.definition):
            fact = facts[test.fact]
            for value in test.mentioned():
                fits = type(value) is _ANSWERS[fact.type]
                if not fits or (fact.options and value not in fact.options):
                    yield f"{row.place}: fact {test.fact}: no answer is ever {value!r}"


def _tests_in(value: object) -> Iterator[FactTest]:
    if isinstance(value, FactTest):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _tests_in(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _tests_in(one)
