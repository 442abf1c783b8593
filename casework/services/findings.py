"""Findings: what a screening hands over, kept as concluded, its facts put in the ledger."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from casework.domain.facts import FactDefinition, Standing
from casework.domain.findings import Finding
from casework.domain.permissions import Capability, Principal, require
from casework.models import Case, Fact, FindingRecord
from casework.services import journal
from casework.services.deadlines import derive_deadlines
from casework.services.knowledge import fact_vocabulary
from casework.services.ledger import add_to_ledger


@transaction.atomic
def record_finding(
    case: Case, finding: Finding, *, screening_ref: UUID, by: Principal, at: datetime
) -> FindingRecord:
    """Keep the finding and assert its facts, each naming the screening it came from."""
    require(by, Capability.ASSERT_FACT)
    record = FindingRecord.objects.create(
        agency_id=case.agency_id,
        case=case,
        screening_ref=screening_ref,
        instrument=finding.instrument,
        instrument_version=finding.version,
        digest=finding.digest,
        outcome=finding.outcome,
        content=finding_content(finding),
        concluded_at=at,
        concluded_by=f"{by.kind}:{by.ref}",
    )
    vocabulary = fact_vocabulary()
    for fact in finding.facts:
        add_to_ledger(
            case,
            _vocabulary_entry(vocabulary, fact.code),
            fact.value,
            standing=Standing(fact.status),
            source=Fact.Source.SCREENING,
            source_ref=str(screening_ref),
            by=by,
            at=at,
        )
    journal.record(
        "finding.recorded",
        f"case:{case.ref}",
        by=by,
        at=at,
        finding=str(record.ref),
        instrument=finding.instrument,
        outcome=finding.outcome,
        facts=len(finding.facts),
    )
    derive_deadlines(case, by=by, at=at)
    return record


def finding_content(finding: Finding) -> dict[str, Any]:
    """The finding as JSON: codes, bands, item ids and citations."""
    return asdict(finding)


def _vocabulary_entry(vocabulary: dict[str, FactDefinition], code: str) -> FactDefinition:
    """A finding may only assert facts that are in the vocabulary: anything else is our defect."""
    if code not in vocabulary:
        msg = f"The finding asserts “{code}”, which is no fact: the seeds do not fit together."
        raise LookupError(msg)
    return vocabulary[code]
