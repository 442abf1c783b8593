"""The ledger itself: one row an assertion; what stands is read from it, personal values opened."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from casework.domain.conditions import FactValue
from casework.domain.derived_facts import with_derived
from casework.domain.facts import (
    Assertion,
    FactDefinition,
    Standing,
    check_value,
    current,
    known,
)
from casework.domain.permissions import Principal
from casework.models import Case, Fact
from casework.services.knowledge import fact_vocabulary
from casework.services.sealing import open_value, seal_value


def add_to_ledger(  # noqa: PLR0913 - one row has this many independent parts
    case: Case,
    definition: FactDefinition,
    value: FactValue | None,
    *,
    standing: Standing,
    source: str,
    by: Principal,
    at: datetime,
    source_ref: str = "",
) -> Fact:
    """Write one assertion; journaled by the caller. Personal values are sealed."""
    fact = Fact(
        agency_id=case.agency_id,
        case=case,
        ref=uuid4(),
        code=definition.code,
        standing=standing.value,
        source=source,
        source_ref=source_ref,
        asserted_by=f"{by.kind}:{by.ref}",
        asserted_at=at,
    )
    plain = _as_json(value)
    if definition.personal:
        fact.sealed = seal_value(fact, "sealed", plain, key=case.person.key)
    else:
        fact.value = plain
    fact.save(force_insert=True)
    return fact


def ledger(case: Case) -> list[Assertion]:
    """Every assertion of a case in the order it was made, personal values opened."""
    rows = list(case.facts.select_related("retracts").order_by("asserted_at", "id"))
    vocabulary = fact_vocabulary({row.code for row in rows}) if rows else {}
    return [_assertion(row, case, vocabulary) for row in rows]


def current_facts(case: Case) -> dict[str, Assertion]:
    """Code → the assertion that stands."""
    return current(ledger(case))


def known_facts(case: Case, *, on: date | None = None) -> dict[str, FactValue]:
    """Code → value, only what is known; with `on`, also what follows from dates on that day."""
    facts = known(current_facts(case))
    return with_derived(facts, on) if on else facts


def _assertion(row: Fact, case: Case, vocabulary: dict[str, FactDefinition]) -> Assertion:
    plain = row.value
    if row.sealed is not None:
        plain = open_value(row, "sealed", key=case.person.key)
    return Assertion(
        ref=str(row.ref),
        code=row.code,
        value=_from_json(plain, vocabulary.get(row.code)),
        standing=Standing(row.standing),
        source=row.source,
        source_ref=row.source_ref,
        by=row.asserted_by,
        at=row.asserted_at,
        retracts=str(row.retracts.ref) if row.retracts else "",
    )


def _as_json(value: FactValue | None) -> Any:  # noqa: ANN401
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _from_json(plain: Any, definition: FactDefinition | None) -> FactValue | None:  # noqa: ANN401
    if plain is None or definition is None:
        return plain  # type: ignore[no-any-return]
    return check_value(definition, plain, "/value")
