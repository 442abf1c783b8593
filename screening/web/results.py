"""What an instrument itself calls the outcome of a screening, for pages."""

from collections.abc import Mapping
from typing import Any

from casework.web.written_in import page_language
from screening.domain.instrument import Instrument
from screening.web.worded import Wording, worded


def result_of(instrument: Instrument, finding: Mapping[str, Any]) -> Wording | None:
    """The result in the language of the page or in English; None if the words are not its own."""
    scoring = instrument.scoring
    named = [(band.code, band.label) for band in scoring.bands]
    named += [(rule.code, rule.label) for rule in (*scoring.outcome_rules, scoring.incomplete)]
    for code, label in named:
        if code == finding["outcome"] and finding["outcome_label"].startswith(label.get("en")):
            return worded(label, page_language())
    return None
