"""Our own instruments, and interviews with them: what is asked when which answers are given."""

from collections.abc import Iterable
from functools import cache

from casework.domain.facts import Standing
from casework.domain.findings import Band, Finding
from casework.domain.ternary import Ternary
from screening.domain.answers import Answer
from screening.domain.instrument import Instrument
from screening.domain.items import Item
from screening.domain.outcome import conclude
from screening.domain.rules import comparisons
from screening.domain.visibility import visible_items
from tests.unit.screening.examples import said, shipped, yardstick

ADULT, CHILD = "harmonised-adult", "harmonised-child"
LABOUR, HOUSEHOLD = "labour-first", "diplomatic-household"
OWN = (ADULT, CHILD, LABOUR, HOUSEHOLD)


def wide_questions(instrument_id: str) -> list[str]:
    """Those that are no sign themselves and rule out others."""
    items = shipped(instrument_id).items_by_id.values()
    return [item.id for item in items if item.rules_out and not item.indicators]


def no_sign(item: Item) -> str:
    codes = [code for code in item.answer_codes if code not in item.positive_when]
    return "no" if "no" in codes else codes[0]


def interview(instrument_id: str, signs: str = "", silent: Iterable[str] = ()) -> dict[str, Answer]:
    """Every question that shows is answered: those of `signs` (and only those) with their sign,
    wide questions among them with yes. Dates, texts and facts are left out; `silent` too."""
    asked, named = shipped(instrument_id), set(signs.split())
    answers: dict[str, str] = {}
    while True:
        shown = visible_items(asked, said(**answers))
        new = [asked.items_by_id[i] for i in shown - answers.keys() - set(silent)]
        new = [item for item in new if item.options and not item.fact]
        if not new:
            return said(**answers)
        for item in new:
            sign = (*item.positive_when, "yes")[0]
            answers[item.id] = sign if item.id in named else no_sign(item)


def opening(asked: Instrument, item_id: str) -> dict[str, str]:
    """Answers with which the question shows."""
    gates: dict[str, str] = {}
    for condition in asked.conditions[item_id]:
        for one in comparisons(condition):
            gates |= opening(asked, one.item) | {one.item: str(one.value)}
    return gates


def concluded(
    instrument_id: str, answers: dict[str, Answer], minor: Ternary = Ternary.NO
) -> Finding:
    return conclude(shipped(instrument_id), "digest", answers, yardstick(), minor)


def bands(finding: Finding) -> set[Band]:
    return {form.band for form in finding.forms}


@cache
def silences() -> tuple[Standing, ...]:
    return tuple(standing for standing in Standing if standing is not Standing.KNOWN)
