"""Instruments that an agency adds for itself: checked whole, then stored whole or not at all.

What is added are questions in the agency's own or permitted words. Law, facts and shared signs are
not an agency's to add; a pack can only point at those that are there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from pydantic import BaseModel, ValidationError

from casework.domain.definitions import kinds
from casework.domain.digests import digest
from casework.domain.errors import FieldProblem, SeedError
from casework.domain.permissions import Capability, Principal, require
from casework.models import Definition
from casework.models.knowledge import DefinitionQuerySet
from casework.services import journal
from casework.services.knowledge import fact_vocabulary, parsed
from screening.domain.instrument import Instrument
from screening.domain.items import Item
from screening.domain.pack_rules import (
    Path,
    Problem,
    clashes,
    explained,
    path_of,
    too_many,
    unfit_for_an_agency,
    unfit_values,
    unknown_sources,
    wordless,
)
from screening.gateways.instrument_files import read_pack
from screening.gateways.pack_files import PackFile, refusal
from screening.services.instruments import indicator_vocabulary

_MOST_PROBLEMS = 100
_ADDING = 7_202  # the class of the advisory lock that keeps additions of one agency apart
_Known = Mapping[tuple[str, str], BaseModel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """An instrument that passed every check, and what adding it means."""

    instrument: Instrument
    digest: str
    replaces: str
    """The version of the agency's own that it takes the place of; empty if none."""
    fills_stub: bool
    """Whether it brings the wording that a shared stub waits for."""

    @property
    def mapped(self) -> tuple[Item, ...]:
        """The questions whose answers say something about a shared sign or a fact."""
        return tuple(i for i in self.instrument.items_by_id.values() if i.indicators or i.fact)

    @property
    def unmapped(self) -> tuple[Item, ...]:
        """Scored questions that could be positive and mean nothing outside this instrument."""
        items = self.instrument.items_by_id.values()
        return tuple(i for i in items if i.can_be_positive and not (i.indicators or i.fact))


def check_pack(content: bytes, name: str, *, by: Principal) -> Pack:
    """What adding the file would store; stores nothing.

    InvalidInputError names file, line and field of everything that is wrong.
    """
    require(by, Capability.MANAGE_INSTRUMENTS)
    file = read_pack(content, name)
    instrument = _instrument(file)
    own = _own(instrument.id, by)
    shared = _shared(instrument.id)
    problems = [*unfit_for_an_agency(instrument), *wordless(instrument)]
    if shared is not None:
        problems += clashes(instrument, shared)
    if own.filter(version=instrument.version).exists():
        said = "this version is already here; a changed instrument needs a new version"
        problems.append((("version",), "version_exists", said))
    _refuse(file, problems)
    if shared is not None:
        instrument = instrument.with_figures_of(shared)
    earlier = own.current().order_by("-pk").first()
    return Pack(
        instrument=instrument,
        digest=digest(instrument.model_dump(mode="json", by_alias=True)),
        replaces=earlier.version if earlier else "",
        fills_stub=shared is not None,
    )


def _own(code: str, by: Principal) -> DefinitionQuerySet:
    rows = Definition.objects.of_agency(by.agency_id).of_kind("instrument")
    return rows.filter(code=code)


@transaction.atomic
def add_pack(content: bytes, name: str, *, by: Principal, at: datetime) -> Pack:
    """Check the file and store its instrument for the agency; an earlier version is withdrawn.

    Screenings begun with the earlier version stay with it. An agency adds one at a time, so that
    two people at once do not leave two current versions.
    """
    require(by, Capability.MANAGE_INSTRUMENTS)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_ADDING, by.agency_id])
    pack = check_pack(content, name, by=by)
    instrument = pack.instrument
    own = _own(instrument.id, by)
    own.current().update(withdrawn_at=at)
    Definition.objects.create(
        agency_id=by.agency_id,
        kind="instrument",
        code=instrument.id,
        version=instrument.version,
        digest=pack.digest,
        in_force_from=instrument.in_force_from,
        certainty=instrument.certainty.value,
        reviewed=False,
        citation=instrument.source.citation,
        content=instrument.model_dump(mode="json", by_alias=True),
        loaded_at=at,
    )
    journal.record(
        "instrument.added",
        f"instrument:{instrument.id}",
        by=by,
        at=at,
        version=instrument.version,
        digest=pack.digest,
        replaces=pack.replaces,
    )
    return pack


def _instrument(file: PackFile) -> Instrument:
    """The file's instrument by the same schema and the same checks as the shared ones."""
    kind = kinds()["instruments"]
    known = _known()
    _refuse(file, [*unfit_values(file.instrument), *too_many(file.instrument)])
    try:
        document = kind.prepare(file.instrument, known)
        _refuse(file, too_many(document))
        definition = kind.schema.model_validate(document)
    except ValidationError as error:
        raise refusal(_placed(file, explained(error))) from error
    except SeedError as error:
        found = ((path_of(one.pointer), one.code, one.detail) for one in error.problems)
        raise refusal(_placed(file, found)) from error
    if not isinstance(definition, Instrument):
        raise TypeError(definition)
    named = [*_unknown_codes(definition, known), *unknown_sources(definition, _sources())]
    _refuse(file, [*named, *_misfits(definition, known)])
    return definition


def _known() -> _Known:
    """The shared signs and facts that a pack may point at."""
    facts = {("fact", code): fact for code, fact in fact_vocabulary().items()}
    signs = {("indicator", code): sign for code, sign in indicator_vocabulary().items()}
    return {**facts, **signs}


def _sources() -> frozenset[str]:
    rows = Definition.objects.shared().current().of_kind("source")
    return frozenset(rows.values_list("code", flat=True))


def _unknown_codes(instrument: Instrument, known: _Known) -> Iterator[Problem]:
    for at, section in enumerate(instrument.sections):
        for within, item in enumerate(section.items):
            path: Path = ("sections", at, "items", within)
            for code in item.signs_named:
                if ("indicator", code) not in known:
                    field = "indicators" if code in item.indicators else "rules_out"
                    yield (*path, field), "unknown_indicator", f"there is no indicator “{code}”"
            if item.fact and ("fact", item.fact) not in known:
                yield (*path, "fact"), "unknown_fact", f"there is no fact “{item.fact}”"


def _misfits(instrument: Instrument, known: _Known) -> Iterator[Problem]:
    for path, said in kinds()["instruments"].check(instrument, known):
        yield path, "does_not_fit", said


def _shared(code: str) -> Instrument | None:
    """The shared instrument of that id; where there are several versions, the newest."""
    rows = Definition.objects.shared().current().of_kind("instrument").filter(code=code)
    row = rows.order_by("-loaded_at", "-pk").first()
    return parsed(row, Instrument) if row else None


def _placed(file: PackFile, found: Iterator[Problem]) -> tuple[FieldProblem, ...]:
    problems = [file.problem(*one) for one in found]
    return tuple(problems[:_MOST_PROBLEMS])


def _refuse(file: PackFile, found: Iterator[Problem] | list[Problem]) -> None:
    problems = _placed(file, iter(found))
    if problems:
        raise refusal(problems)
