"""Instruments and indicators as loaded, parsed once per version."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.db.models import F

from casework.domain.errors import InvalidInputError
from casework.models import Definition
from casework.services.knowledge import parsed, rules
from screening.domain.indicators import Indicator
from screening.domain.instrument import Instrument, Status
from screening.domain.legal_definitions import LegalDefinition
from screening.domain.yardstick import Yardstick

WORDING_MISSING = (
    "The wording of this instrument belongs to its authors and is not here. Ask them for "
    "permission, then add the instrument with their wording and their permission on the page of "
    "instruments."
)


def known_instruments() -> list[tuple[Definition, Instrument]]:
    """Every instrument the agency sees, by id: shared ones and its own, stubs among them.

    Row security keeps those of other agencies away. The agency's own wording of a stub hides it.
    """
    rows = Definition.objects.of_kind("instrument").current().defer("content").order_by("code")
    own = {row.code for row in rows if row.agency_id}
    seen = [row for row in rows if row.agency_id or row.code not in own]
    return [(row, parsed(row, Instrument)) for row in seen]


def instruments() -> list[tuple[Definition, Instrument]]:
    """Every instrument that can be begun today, by id."""
    return [known for known in known_instruments() if known[1].status is not Status.STUB]


def current_instrument(code: str, *, version: str = "") -> Definition:
    """The newest loaded version of an instrument, or the named one; the agency's own goes first.

    InvalidInputError if there is none, or only a stub that waits for its wording.
    """
    rows = Definition.objects.of_kind("instrument").current().filter(code=code)
    if version:
        rows = rows.filter(version=version)
    row = rows.order_by(F("agency").asc(nulls_last=True), "-loaded_at", "-pk").first()
    if row is None:
        options = ", ".join(dict.fromkeys(one.code for one, _ in instruments()))
        detail = f"There is no such instrument. Known are: {options}."
        raise InvalidInputError.at("/instrument", "unknown_instrument", detail)
    if instrument_of(row).status is Status.STUB:
        raise InvalidInputError.at("/instrument", "wording_missing", WORDING_MISSING)
    return row


def instrument_of(definition: Definition) -> Instrument:
    """The definition as an instrument."""
    return parsed(definition, Instrument)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What a yardstick is made of, told apart by the digests of its rows."""

    digests: tuple[str, ...]
    indicators: dict[str, Indicator] = field(compare=False)
    definitions: tuple[LegalDefinition, ...] = field(compare=False)


def yardstick(on: date) -> Yardstick:
    """The shared indicators, and the definitions of trafficking in force on a day."""
    signs = Definition.objects.of_kind("indicator").current().defer("content").order_by("code")
    laws = rules("legal_definition", LegalDefinition, on)
    rows = [*signs, *(row for row, _ in laws)]
    return _yardstick(
        _Content(
            digests=tuple(row.digest for row in rows),
            indicators={row.code: parsed(row, Indicator) for row in signs},
            definitions=tuple(definition for _, definition in laws),
        )
    )


@lru_cache(maxsize=16)
def _yardstick(content: _Content) -> Yardstick:
    """Sorted once for the same content."""
    return Yardstick(indicators=content.indicators, definitions=content.definitions)


def indicator_vocabulary() -> dict[str, Indicator]:
    """Code → indicator, for every shared indicator loaded."""
    rows = Definition.objects.of_kind("indicator").current().defer("content").order_by("code")
    return {row.code: parsed(row, Indicator) for row in rows}
