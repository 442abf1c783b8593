"""Relief, for every pathway that ships and any facts of the vocabulary."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.conditions import FactValue
from casework.domain.facts import FactDefinition, FactType
from casework.domain.pathways import Pathway
from casework.domain.relief import CriterionResult, assess
from casework.domain.ternary import Ternary
from tests.properties import EXAMPLES
from tests.seeds import rows

VOCABULARY = rows.facts()
ASKED = {pathway.id: pathway for pathway in rows.pathways()}
_DAYS = st.dates(date(2000, 10, 28), date(2026, 12, 31))


def _values(fact: FactDefinition) -> st.SearchStrategy[FactValue]:
    if fact.type is FactType.CHOICE:
        return st.sampled_from(fact.options)
    plain: dict[FactType, st.SearchStrategy[FactValue]] = {
        FactType.BOOLEAN: st.booleans(),
        FactType.INTEGER: st.integers(0, 200),
        FactType.DATE: _DAYS,
        FactType.TEXT: st.just("said"),
    }
    return plain[fact.type]


@st.composite
def _known(draw: st.DrawFn) -> tuple[Pathway, dict[str, FactValue], dict[str, FactValue]]:
    """A pathway, some of the facts it asks about, and some more of them."""
    pathway = draw(st.sampled_from(rows.pathways()))
    codes = sorted(_codes(pathway))
    values = {code: _values(VOCABULARY[code]) for code in codes}
    first = draw(st.fixed_dictionaries({}, optional=values))
    return pathway, first, draw(st.fixed_dictionaries({}, optional=values))


def _codes(pathway: Pathway) -> set[str]:
    found = assess(pathway, {}, VOCABULARY)
    return {code for row in (*found.criteria, *found.bars) for code in row.unknown}


def _by_id(pathway: Pathway, facts: dict[str, FactValue]) -> dict[str, CriterionResult]:
    found = assess(pathway, facts, VOCABULARY)
    return {row.id: row for row in (*found.criteria, *found.bars)}


@settings(max_examples=EXAMPLES)
@given(_known())
def test_more_knowledge_never_flips_a_decided_criterion(
    drawn: tuple[Pathway, dict[str, FactValue], dict[str, FactValue]],
) -> None:
    pathway, facts, more = drawn
    before, after = _by_id(pathway, facts), _by_id(pathway, {**more, **facts})
    for id_, row in before.items():
        assert row.value in {Ternary.UNKNOWN, after[id_].value}


@settings(max_examples=EXAMPLES)
@given(_known())
def test_what_is_said_to_decide_a_criterion_is_unknown_and_asked_about(
    drawn: tuple[Pathway, dict[str, FactValue], dict[str, FactValue]],
) -> None:
    pathway, facts, _ = drawn
    for row in _by_id(pathway, facts).values():
        for way in row.would_decide:
            assert set(way) <= set(row.unknown)
        assert bool(row.would_decide or row.stated or row.unknown) or row.value != Ternary.UNKNOWN


@settings(max_examples=EXAMPLES)
@given(_known())
def test_the_same_facts_give_the_same_answer_whatever_was_asked_before(
    drawn: tuple[Pathway, dict[str, FactValue], dict[str, FactValue]],
) -> None:
    pathway, facts, more = drawn
    first = assess(pathway, facts, VOCABULARY)
    assess(pathway, more, VOCABULARY)
    afresh = pathway.model_copy(deep=True)
    afresh.kept.clear()
    assert assess(pathway, facts, VOCABULARY) == first == assess(afresh, facts, VOCABULARY)
