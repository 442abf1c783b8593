"""The kinds of definition that screening adds to the knowledge: instruments and indicators."""

from collections.abc import Iterator

from pydantic import BaseModel

from casework.domain.definitions import Kind, register_kind
from casework.domain.facts import FactDefinition, FactType, FactWords
from screening.domain.expansion import expand
from screening.domain.indicators import Indicator
from screening.domain.instrument import Instrument
from screening.domain.item_facts import misfits
from screening.domain.legal_definitions import LegalDefinition


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
            report_rows=row.report_rows,
            translations=_translations(row),
            translations_reviewed=row.translations_reviewed,
        ),
    )


def _translations(row: Indicator) -> dict[str, FactWords]:
    """Only languages in which all of the words exist: half a question helps nobody."""
    texts = (row.label, row.question, row.why_we_ask, row.how_to_ask)
    shared = set.intersection(*(set(text.root) for text in texts)) - {"en"}
    return {
        language: FactWords(
            label=row.label.root[language],
            question=row.question.root[language],
            why_we_ask=row.why_we_ask.root[language],
            how_to_ask=row.how_to_ask.root[language],
        )
        for language in sorted(shared)
    }


def register() -> None:
    """Make the kinds known; done once, when the application starts."""
    register_kind(Kind(name="indicator", file_key="indicators", schema=Indicator, derived=_fact_of))
    register_kind(
        Kind(name="legal_definition", file_key="legal_definitions", schema=LegalDefinition)
    )
    register_kind(
        Kind(
            name="instrument",
            file_key="instruments",
            schema=Instrument,
            prepare=expand,
            check=misfits,
            after=frozenset({"indicator", "fact"}),
        )
    )
