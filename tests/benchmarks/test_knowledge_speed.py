"""How long the rules themselves take: one conclusion, and every form of relief for one case.

Domain time in one process, nothing read or stored. The case is another one each time; a pathway
is made ready once and remembers what the same few facts came to, as it does in a worker.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from casework.domain.conditions import FactValue
from casework.domain.facts import FactDefinition, FactType
from casework.domain.ternary import Ternary
from casework.services.rule_book import RuleBook
from screening.domain.answers import Answer
from screening.domain.instrument import Instrument
from screening.domain.outcome import conclude
from tests.seeds import rows
from tests.unit.screening.examples import instrument, question, said, section, shipped, yardstick

TODAY = date(2026, 11, 24)
ROUNDS = 200
MOST_CONCLUDE_MS, MOST_ASSESS_MS, MOST_GROWTH = 2.0, 5.0, 12.0


def _median_ms(action: Callable[[int], object]) -> float:
    taken: list[float] = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        action(number)
        taken.append((time.perf_counter() - began) * 1_000)
    return statistics.median(taken)


def _value(fact: FactDefinition, pick: random.Random) -> FactValue:
    values: dict[FactType, FactValue] = {
        FactType.BOOLEAN: pick.random() < 0.5,
        FactType.CHOICE: pick.choice(fact.options or ("",)),
        FactType.INTEGER: pick.randrange(100),
        FactType.DATE: date(2015 + pick.randrange(11), 1 + pick.randrange(12), 15),
        FactType.TEXT: "said",
    }
    return values[fact.type]


def _asked_facts(book: RuleBook) -> list[FactDefinition]:
    """The facts that pathways ask about: a case about other things would be no test."""
    asked: set[str] = set()
    for one in book.relief({}).assessments:
        asked |= {code for row in (*one.criteria, *one.bars) for code in row.unknown}
    return [book.facts[code] for code in sorted(asked)]


def test_every_pathway_for_a_case_of_200_facts() -> None:
    book, pick = RuleBook(rows=rows.all_rows(), on=TODAY), random.Random(1)  # noqa: S311 - the same cases each time
    first = _asked_facts(book)
    others = [fact for code, fact in sorted(book.facts.items()) if fact not in first]
    cases = []
    for _ in range(ROUNDS):
        chosen = [*pick.sample(first, min(len(first), 120))]
        chosen += pick.sample(others, 200 - len(chosen))
        cases.append({fact.code: _value(fact, pick) for fact in chosen})
    median = _median_ms(lambda number: book.relief(cases[number]))
    sys.stdout.write(f"\nassess every pathway, 200 facts: p50 {median:.2f} ms\n")
    assert median <= MOST_ASSESS_MS


def _answered(asking: Instrument, pick: random.Random) -> dict[str, Answer]:
    said_of: dict[str, Any] = {item: pick.choice(("yes", "no")) for item in asking.items_by_id}
    return said(**said_of)


def _conclude_ms(asking: Instrument) -> float:
    pick = random.Random(2)  # noqa: S311 - the same cases each time
    answers = [_answered(asking, pick) for _ in range(ROUNDS)]
    known = yardstick()
    return _median_ms(lambda number: conclude(asking, "digest", answers[number], known, Ternary.NO))


def test_concluding_67_questions() -> None:
    median = _conclude_ms(shipped("ilo-ec-delphi-2009-labour-adult"))
    sys.stdout.write(f"\nconclude 67 questions: p50 {median:.2f} ms\n")
    assert median <= MOST_CONCLUDE_MS


def _of_size(items: int) -> Instrument:
    codes = list(yardstick().indicators)
    asked = [
        question(f"q{number}", indicators=[codes[number % len(codes)]]) for number in range(items)
    ]
    return instrument(section("a", *asked))


def test_ten_times_the_questions_take_at_most_twelve_times_as_long() -> None:
    small, large = _conclude_ms(_of_size(67)), _conclude_ms(_of_size(670))
    sys.stdout.write(f"\n67 questions {small:.2f} ms, 670 questions {large:.2f} ms\n")
    assert large <= MOST_GROWTH * small
