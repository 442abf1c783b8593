"""Loading the knowledge: all of it or nothing, told before it is done, the same again harmless."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from pydantic import BaseModel, ValidationError

from casework.domain.definitions import Kind, kinds
from casework.domain.digests import digest
from casework.domain.errors import SeedError
from casework.gateways.seed_files import SeedFile, read_file, read_folder
from casework.models import Definition


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
class Change:
    """What loading does to one definition: added, changed or withdrawn."""

    what: str
    kind: str
    code: str
    version: str


def read_rows(folder: Path) -> list[Row]:
    """Every row of every file, checked on its own and against the others.

    SeedError names file, line, field and reason of the first problem of each file, all files.
    """
    rows: list[Row] = []
    problems: list[str] = []
    for file in read_folder(folder):
        try:
            rows.extend(_rows_of(file))
        except SeedError as error:
            problems.append(error.detail)
    written = {(row.kind, row.code) for row in rows if not row.derived}
    rows = [row for row in rows if not (row.derived and (row.kind, row.code) in written)]
    problems.extend(_duplicates(rows))
    if not problems:
        problems.extend(_dangling(rows))
    if problems:
        raise SeedError("\n".join(problems))
    return rows


def _rows_of(file: SeedFile) -> Iterator[Row]:
    known = kinds()
    for file_key, documents in file.content.items():
        kind = known.get(file_key)
        line = file.line_of((file_key,))
        if kind is None or not isinstance(documents, list):
            options = ", ".join(sorted(known))
            raise SeedError(f"{file.name}:{line}: “{file_key}” must be a list, one of: {options}")
        for number, document in enumerate(documents):
            yield from _definitions(file, kind, (file_key, number), document)


def _definitions(
    file: SeedFile, kind: Kind, path: tuple[str | int, ...], document: object
) -> Iterator[Row]:
    place = f"{file.name}:{file.line_of(path)}"
    if not isinstance(document, dict):
        raise SeedError(f"{place}: a row must be a mapping")
    try:
        definition = kind.schema.model_validate(kind.prepare(document))
    except ValidationError as error:
        raise SeedError("\n".join(_explained(file, path, error))) from error
    except ValueError as error:
        raise SeedError(f"{place}: {error}") from error
    yield _row(kind.name, definition, place)
    for name, derived in kind.derived(definition):
        yield replace(_row(name, derived, place), derived=True)


def _explained(
    file: SeedFile, path: tuple[str | int, ...], error: ValidationError
) -> Iterator[str]:
    for problem in error.errors(include_url=False, include_context=False):
        inner = tuple(problem["loc"])
        line = file.line_of((*path, *inner))
        where = ".".join(str(part) for part in inner) or "row"
        yield f"{file.name}:{line}: {where}: {problem['msg']}"


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


_REFERENCES = {"law_sources": "source", "rungs": "ladder", "indicators": "indicator"}


def _dangling(rows: list[Row]) -> Iterator[str]:
    """Rows that name a source, ladder, indicator or fact that is not there."""
    known = {(row.kind, row.code) for row in rows}
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
            yield from ((key, code) for code in codes)
        else:
            yield from _named(value)


@transaction.atomic
def load(folder: Path, *, at: datetime, dry_run: bool = False) -> list[Change]:
    """Bring the database in line with the files. Returns what changed, or would.

    A changed row is a new version in the database; what was concluded under the old one keeps
    pointing at it. SeedError changes nothing.
    """
    rows = {(row.kind, row.code, row.version): row for row in read_rows(folder)}
    loaded = {(d.kind, d.code, d.version): d for d in Definition.objects.current().defer("content")}
    changes = [
        Change(what=what, kind=key[0], code=key[1], version=key[2])
        for what, key in _differences(rows, loaded)
    ]
    if dry_run:
        return changes
    gone = [
        loaded[key].pk
        for what, key in _differences(rows, loaded)
        if what in ("changed", "withdrawn")
    ]
    Definition.objects.filter(pk__in=gone).update(withdrawn_at=at)
    Definition.objects.bulk_create(
        _as_row(rows[key], at) for what, key in _differences(rows, loaded) if what != "withdrawn"
    )
    return changes


_Key = tuple[str, str, str]


def _differences(
    rows: dict[_Key, Row], loaded: dict[_Key, Definition]
) -> Iterator[tuple[str, _Key]]:
    for key in sorted({*rows, *loaded}):
        if key not in loaded:
            yield "added", key
        elif key not in rows:
            yield "withdrawn", key
        elif rows[key].digest != loaded[key].digest:
            yield "changed", key


def _as_row(row: Row, at: datetime) -> Definition:
    document = row.definition.model_dump(mode="json", by_alias=True)
    return Definition(
        kind=row.kind,
        code=row.code,
        version=row.version,
        digest=row.digest,
        in_force_from=_day(document.get("in_force_from")),
        in_force_to=_day(document.get("in_force_to")),
        certainty=str(document.get("certainty") or ""),
        reviewed=bool(document.get("reviewed")),
        citation=_citation(document),
        content=document,
        loaded_at=at,
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _citation(document: dict[str, object]) -> str:
    source = document.get("source")
    if isinstance(source, dict):
        return str(source.get("citation", ""))
    return str(document.get("citation") or "")


def read_document(path: Path) -> dict[str, object]:
    """A single file outside the knowledge (the demo), read just as strictly."""
    return read_file(path, path.name).content
