"""Loading the knowledge: all of it or nothing, told before it is done, the same again harmless."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from casework.domain.calendars import ADDED
from casework.gateways.seed_files import read_file
from casework.models import Definition
from casework.services.seed_rows import Row, read_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What loading does to one definition: added, changed or withdrawn."""

    what: str
    kind: str
    code: str
    version: str


@transaction.atomic
def load(folder: Path, *, at: datetime, dry_run: bool = False) -> list[Change]:
    """Bring the database in line with the files. Returns what changed, or would.

    A changed row is a new version in the database; what was concluded under the old one keeps
    pointing at it. What agencies added for themselves is left alone. SeedError changes nothing.
    """
    rows = {(row.kind, row.code, row.version): row for row in read_rows(folder)}
    shared = Definition.objects.shared().current().exclude(version=ADDED).defer("content")
    loaded = {(d.kind, d.code, d.version): d for d in shared}
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
