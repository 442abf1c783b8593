"""Concluding: the answers become a finding, and the finding's facts go to the case."""

from datetime import datetime

from django.db import transaction

from casework.domain.findings import Finding
from casework.domain.permissions import Capability, Principal, require
from casework.domain.ternary import Ternary
from casework.services import journal
from casework.services.findings import finding_content, record_finding
from casework.services.ledger import known_facts
from screening.domain.answers import read
from screening.domain.outcome import conclude
from screening.models import Screening
from screening.services.answering import answers_of, locked_open
from screening.services.instruments import indicator_vocabulary, instrument_of


@transaction.atomic
def conclude_screening(
    screening: Screening,
    *,
    by: Principal,
    at: datetime,
    minor: Ternary = Ternary.UNKNOWN,
    version: int | None = None,
) -> Screening:
    """Conclude once. `minor` says whether the person was under 18 at any act, where asked.

    What the case already knows about age counts when `minor` is unknown.
    """
    require(by, Capability.CONCLUDE_SCREENING)
    row = locked_open(screening, version)
    under_18 = minor if minor is not Ternary.UNKNOWN else _known_minor(row, at)
    finding = finding_now(row, minor=under_18)
    row.finding = finding_content(finding)
    row.minor = under_18.value
    row.concluded_at = at
    row.concluded_by = f"{by.kind}:{by.ref}"
    row.updated_at = at
    row.version += 1
    row.save()
    journal.record(
        "screening.concluded",
        f"screening:{row.ref}",
        by=by,
        at=at,
        instrument=finding.instrument,
        digest=finding.digest,
        outcome=finding.outcome,
    )
    if row.case is not None:
        record_finding(row.case, finding, screening_ref=row.ref, by=by, at=at)
    return row


def finding_now(screening: Screening, *, minor: Ternary) -> Finding:
    """What the saved answers would conclude as they stand."""
    instrument = instrument_of(screening.definition)
    return conclude(
        instrument,
        screening.definition.digest,
        answers_of(screening),
        indicator_vocabulary(),
        minor,
    )


def progress(screening: Screening) -> tuple[int, int]:
    """How many of the questions that show have been answered in some way, and how many show."""
    instrument = instrument_of(screening.definition)
    answers = answers_of(screening)
    shown = read(instrument, answers).visible
    return len(shown & set(answers)), len(shown)


def _known_minor(screening: Screening, at: datetime) -> Ternary:
    if screening.case is None:
        return Ternary.UNKNOWN
    facts = known_facts(screening.case, on=at.date())
    if facts.get("age_now_under_18") is True:
        return Ternary.YES
    then = facts.get("age_under_18_at_any_act")
    return Ternary.of(then if isinstance(then, bool) else None)
