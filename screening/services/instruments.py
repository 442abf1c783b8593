"""Instruments and indicators as loaded, parsed once per version."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from casework.domain.errors import InvalidInputError
from casework.models import Definition
from casework.services.knowledge import parsed, rules
from screening.domain.indicators import Indicator
from screening.domain.instrument import Instrument
from screening.domain.legal_definitions import LegalDefinition
from screening.domain.yardstick import Yardstick


def instruments() -> list[tuple[Definition, Instrument]]:
    """Every instrument that can be begun today, by id."""
    rows = Definition.objects.of_kind("instrument").current().defer("content").order_by("code")
    return [(row, parsed(row, Instrument)) for row in rows]


def current_instrument(code: str, *, version: str = "") -> Definition:
    """The newest loaded version of an instrument, or the named one. InvalidInputError if none."""
    rows = Definition.objects.of_kind("instrument").current().filter(code=code)
    if version:
        rows = rows.filter(version=version)
    row = rows.order_by("-loaded_at", "-pk").first()
    if row is None:
        known = Definition.objects.of_kind("instrument").current().order_by("code")
        options = ", ".join(known.values_list("code", flat=True))
        detail = f"There is no such instrument. Known are: {options}."
        raise InvalidInputError.at("/instrument", "unknown_instrument", detail)
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
