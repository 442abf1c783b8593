"""Facts: asserted and retracted; each moves the clocks that depend on it."""

from datetime import datetime

from django.db import transaction

from casework.domain.conditions import FactValue
from casework.domain.errors import InvalidInputError, NotAllowedNowError
from casework.domain.facts import FactDefinition, Standing, check_value
from casework.domain.permissions import Capability, Principal, PrincipalKind, require
from casework.models import Case, Fact
from casework.services import journal
from casework.services.deadlines import derive_deadlines
from casework.services.knowledge import fact_called
from casework.services.ledger import add_to_ledger, current_facts, known_facts, ledger

__all__ = [
    "add_to_ledger",
    "assert_fact",
    "current_facts",
    "known_facts",
    "ledger",
    "retract_fact",
]


@transaction.atomic
def assert_fact(
    case: Case,
    code: str,
    value: object,
    *,
    by: Principal,
    at: datetime,
    standing: Standing = Standing.KNOWN,
) -> Fact:
    """Add one assertion. A value that is not known carries a standing that says why not."""
    require(by, Capability.ASSERT_FACT)
    definition = _definition(code)
    checked = _checked(definition, value, standing)
    source = Fact.Source.PARTNER if by.kind is PrincipalKind.CLIENT else Fact.Source.WORKER
    fact = add_to_ledger(case, definition, checked, standing=standing, source=source, by=by, at=at)
    journal.record("fact.asserted", f"case:{case.ref}", by=by, at=at, code=code, fact=str(fact.ref))
    derive_deadlines(case, by=by, at=at)
    return fact


def _definition(code: str) -> FactDefinition:
    definition = fact_called(code)
    if definition is None:
        raise InvalidInputError.at("/code", "unknown_fact", f"There is no fact “{code}”.")
    return definition


def _checked(definition: FactDefinition, value: object, standing: Standing) -> FactValue | None:
    if standing is Standing.KNOWN:
        return check_value(definition, value, "/value")
    if value is not None:
        raise InvalidInputError.at(
            "/value", "value_with_standing", "Leave the value out when it is not known."
        )
    return None


@transaction.atomic
def retract_fact(case: Case, fact: Fact, *, by: Principal, at: datetime) -> Fact:
    """Take an assertion back; what was asserted before it stands again."""
    require(by, Capability.ASSERT_FACT)
    Case.objects.locked().get(pk=case.pk)
    if fact.retracts_id is not None:
        msg = "A retraction cannot be retracted; assert the fact again."
        raise NotAllowedNowError(msg)
    if Fact.objects.filter(retracts=fact).exists():
        msg = "This assertion was already retracted."
        raise NotAllowedNowError(msg)
    retraction = Fact.objects.create(
        agency_id=case.agency_id,
        case=case,
        code=fact.code,
        standing=Standing.NOT_ASKED.value,
        source=Fact.Source.RETRACTION,
        asserted_by=f"{by.kind}:{by.ref}",
        asserted_at=at,
        retracts=fact,
    )
    journal.record(
        "fact.retracted", f"case:{case.ref}", by=by, at=at, code=fact.code, fact=str(fact.ref)
    )
    derive_deadlines(case, by=by, at=at)
    return retraction
