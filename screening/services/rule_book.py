"""Screening from files: an instrument concluded under the law of a day, without a database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any

from casework.domain.errors import InvalidInputError
from casework.domain.findings import Finding
from casework.services.seed_rows import Row, of_kind, rules_on
from screening.domain.answer_files import WrittenAnswers
from screening.domain.indicators import Indicator
from screening.domain.instrument import Instrument
from screening.domain.legal_definitions import LegalDefinition
from screening.domain.outcome import conclude
from screening.domain.visibility import visible_items
from screening.domain.yardstick import Yardstick


@dataclass(frozen=True, kw_only=True)
class ScreeningBook:
    """Every row, and the day for which it is asked."""

    rows: Sequence[Row]
    on: date

    @cached_property
    def yardstick(self) -> Yardstick:
        """The shared indicators, and the definitions of trafficking in force on the day."""
        indicators = sorted(of_kind(self.rows, Indicator), key=lambda one: one.code)
        laws = rules_on(self.rows, LegalDefinition, self.on)
        return Yardstick(
            indicators={one.code: one for one in indicators},
            definitions=tuple(law for _, law in laws),
        )

    def instrument(self, code: str, version: str = "") -> tuple[Row, Instrument]:
        """The named version, or the newest in force on the day, or else the oldest there is.

        InvalidInputError when there is none of that name.
        """
        found = [
            (row, row.definition)
            for row in self.rows
            if isinstance(row.definition, Instrument)
            and row.code == code
            and (not version or row.version == version)
        ]
        if not found:
            known = ", ".join(sorted({row.code for row in self.rows if row.kind == "instrument"}))
            detail = f"There is no such instrument. Known are: {known}."
            raise InvalidInputError.at("/instrument", "unknown_instrument", detail)
        by_age = sorted(found, key=lambda one: (one[1].in_force_from or date.min, one[0].version))
        begun = [one for one in by_age if (one[1].in_force_from or date.min) <= self.on]
        return begun[-1] if begun else by_age[0]

    def conclude(self, code: str, written: WrittenAnswers, version: str = "") -> Finding:
        """What the answers support under the law of the day."""
        row, instrument = self.instrument(code, version)
        return conclude(instrument, row.digest, written.answers, self.yardstick, written.minor)


def finding_document(
    book: ScreeningBook, instrument: Instrument, written: WrittenAnswers, finding: Finding
) -> dict[str, Any]:
    """The finding as JSON, with the citations it rests on and the words behind the item ids."""
    shown = visible_items(instrument, written.answers)
    citations = {form.citation for form in finding.forms}
    seen = {code for code, value in finding.indicators.items() if value == "yes"}
    citations |= {book.yardstick.indicators[code].citation for code in seen}
    return {
        "on": book.on.isoformat(),
        **asdict(finding),
        "dimensions": _dimensions(instrument, finding.scores),
        "citations": [instrument.source.citation, *sorted(citations)],
        "hidden": sorted(item for item in written.answers if item not in shown),
        "words": {
            item: instrument.items_by_id[item].text.get("en")
            for item in (*finding.because, *finding.unassessed)
        },
    }


def _dimensions(instrument: Instrument, scores: Mapping[str, str]) -> dict[str, str]:
    """Per section its own result: yes, no or unknown; a section that does not show has none."""
    names = [section.id for section in instrument.sections]
    return {name: scores[name] for name in names if name in scores}
