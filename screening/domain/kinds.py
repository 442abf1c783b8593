"""The kinds of definition that screening adds to the knowledge: instruments and indicators."""

from collections.abc import Iterator

from pydantic import BaseModel

from casework.domain.definitions import Kind, register_kind
from casework.domain.facts import FactDefinition, FactType
from screening.domain.indicators import Indicator
from screening.domain.instrument import Instrument, expand


def _fact_of(row: BaseModel) -> Iterator[tuple[str, BaseModel]]:
    """An indicator is also a fact of the same code: seen, not seen, or not known."""
    if not isinstance(row, Indicator):
        return
    yield (
        "fact",
        FactDefinition(
            code=row.code,
            type=FactType.BOOLEAN,
            label=row.label.get("en"),
            meaning=row.label.get("en"),
            question=row.question.get("en"),
            why_we_ask=row.why_we_ask.get("en"),
            how_to_ask=row.how_to_ask.get("en"),
            citation=row.citation,
            certainty=row.certainty,
            reviewed=row.reviewed,
            group=row.group,
        ),
    )


def register() -> None:
    """Make the kinds known; done once, when the application starts."""
    register_kind(Kind(name="indicator", file_key="indicators", schema=Indicator, derived=_fact_of))
    register_kind(
        Kind(name="instrument", file_key="instruments", schema=Instrument, prepare=expand)
    )
