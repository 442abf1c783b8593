"""Concluding: the answers become a finding, and the finding's facts go to the case."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from casework.domain.findings import Finding
from casework.domain.permissions import Capability, Principal, require
from casework.domain.ternary import Ternary
from casework.services import journal
from casework.services.findings import finding_content, record_finding
from casework.services.ledger import known_facts
from screening.domain.answers import Answer, read
from screening.domain.outcome import conclude, stated_or_answered
from screening.models import Screening
from screening.services.answering import answers_of, locked_open
from screening.services.instruments import instrument_of, yardstick


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

    When it is unknown an answer to that question counts, and then what the case already knows.
    """
    require(by, Capability.CONCLUDE_SCREENING)
    row = locked_open(screening, version)
    answers = answers_of(row)
    under_18 = stated_or_answered(instrument_of(row.definition), answers, minor)
    if under_18 is Ternary.UNKNOWN:
        under_18 = _known_minor(row, at)
    finding = _finding(row, answers, minor=under_18, on=at.date())
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


def finding_now(screening: Screening, *, minor: Ternary, on: date) -> Finding:
    """What the saved answers would conclude as they stand, under the law of that day."""
    return _finding(screening, answers_of(screening), minor=minor, on=on)


def _finding(
    screening: Screening, answers: Mapping[str, Answer], *, minor: Ternary, on: date
) -> Finding:
    definition = screening.definition
    return conclude(instrument_of(definition), definition.digest, answers, yardstick(on), minor)


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
