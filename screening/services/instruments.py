"""Instruments and indicators as loaded, parsed once per version."""

from casework.domain.errors import InvalidInputError
from casework.models import Definition
from casework.services.knowledge import parsed
from screening.domain.indicators import Indicator
from screening.domain.instrument import Instrument


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


def indicator_vocabulary() -> dict[str, Indicator]:
    """Code → indicator, for every shared indicator loaded."""
    rows = Definition.objects.of_kind("indicator").current().defer("content").order_by("code")
    return {row.code: parsed(row, Indicator) for row in rows}
