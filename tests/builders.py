"""What tests stand on, built through the services that people and partners use."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from casework.access import agency_context
from casework.domain.consent import SignedBy
from casework.domain.facts import Standing
from casework.domain.permissions import Principal, Role
from casework.domain.ternary import Ternary
from casework.models import Agency, Case, ConsentRecord, Event, Fact, Referral, User
from casework.services import cases, consents, events, facts, members, referrals
from casework.services.deadlines import Moved
from screening.models import Screening
from screening.services.answering import (
    NewScreening,
    SentAnswer,
    save_answers,
    start_screening,
)
from screening.services.conclusion import conclude_screening
from screening.services.instruments import current_instrument

PASSWORD = "a long enough passphrase"
SECRET = "a long enough client secret"
MOMENT = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)
RELEASED = ("preferred_name", "language", "pathway", "needs")


def agency(*, name: str, at: datetime, kind: str = "ngo") -> Agency:
    """An agency in New York."""
    return members.add_agency(name, kind, time_zone="America/New_York", at=at)


def member(*, agency: Agency, name: str, role: Role, at: datetime) -> User:
    """A user with a role at the agency."""
    new = members.NewUser(
        email=f"{name.lower().replace(' ', '.')}@example.org", name=name, password=PASSWORD
    )
    return members.add_member(agency, new, role, at=at)


def open_case(
    *,
    by: Principal,
    at: datetime,
    door: str = "other",
    person: Mapping[str, object] | None = None,
) -> Case:
    """A case; nothing about the person is required."""
    with agency_context(by.agency_id):
        return cases.open_case(cases.NewCase(door=door, person=person or {}), by=by, at=at)


def record_event(
    *,
    case: Case,
    by: Principal,
    at: datetime,
    kind: str,
    happened: datetime | None = None,
    zone: str = "America/New_York",
    note: str = "",
) -> tuple[Event, list[Moved]]:
    """An event that happened at `happened`, recorded at `at`; the same moment unless named."""
    new = events.NewEvent(kind=kind, at=happened or at, zone=zone, note=note)
    with agency_context(by.agency_id):
        return events.record_event(case, new, by=by, at=at)


def close_case(*, case: Case, by: Principal, at: datetime, reason: str = "Moved away.") -> Case:
    """Closed with a reason."""
    with agency_context(by.agency_id):
        return cases.close_case(case, reason=reason, by=by, at=at)


def assert_fact(*, case: Case, by: Principal, at: datetime, code: str, value: object) -> Fact:
    """One known fact."""
    with agency_context(by.agency_id):
        return facts.assert_fact(case, code, value, by=by, at=at)


def started_screening(
    *,
    by: Principal,
    at: datetime,
    case: Case | None = None,
    instrument: str = "palermo-matrix",
) -> Screening:
    """A screening without answers; anonymous without a case."""
    with agency_context(by.agency_id):
        new = NewScreening(definition=current_instrument(instrument), case=case)
        return start_screening(new, by=by, at=at)


def answers(
    values: Mapping[str, object],
    standings: Mapping[str, str] | None = None,
    *,
    note: str = "",
) -> list[SentAnswer]:
    """Known values by item, and items that have no value but a standing."""
    known = [
        SentAnswer(
            item=item, standing=Standing.KNOWN, value=value, pointer=f"/answers/{item}", note=note
        )
        for item, value in values.items()
    ]
    open_ones = [
        SentAnswer(item=item, standing=Standing(name), value=None, pointer=f"/answers/{item}")
        for item, name in (standings or {}).items()
    ]
    return known + open_ones


def concluded_screening(
    *,
    by: Principal,
    at: datetime,
    case: Case | None = None,
    instrument: str = "palermo-matrix",
    values: Mapping[str, object] | None = None,
    standings: Mapping[str, str] | None = None,
    minor: Ternary = Ternary.UNKNOWN,
    note: str = "",
) -> Screening:
    """A screening with these answers, concluded."""
    screening = started_screening(by=by, at=at, case=case, instrument=instrument)
    chosen = {"a_receipt": "yes", "p_other": "yes"} if values is None else values
    with agency_context(by.agency_id):
        save_answers(screening, answers(chosen, standings, note=note), by=by, at=at)
        return conclude_screening(screening, by=by, at=at, minor=minor)


def consent(
    *,
    case: Case,
    recipient: Agency,
    by: Principal,
    at: datetime,
    fields: tuple[str, ...] = RELEASED,
    purpose: str = "legal",
    days: int = 180,
) -> ConsentRecord:
    """A written release signed by the person, from now on."""
    new = consents.NewConsent(
        recipient=recipient,
        fields=fields,
        purpose=purpose,
        valid_from=at,
        valid_until=at + timedelta(days=days),
        written=True,
        signed_by=SignedBy.SELF,
    )
    with agency_context(by.agency_id):
        return consents.record_consent(case, new, by=by, at=at)


def drafted_referral(
    *,
    case: Case,
    recipient: Agency,
    by: Principal,
    at: datetime,
    fields: tuple[str, ...] = RELEASED,
    purpose: str = "legal",
    needs: str = "A lawyer who speaks Spanish.",
    summary: str = "",
) -> Referral:
    """A draft; nothing has left."""
    new = referrals.NewReferral(
        recipient=recipient,
        purpose=purpose,
        fields=fields,
        pathway="t-status",
        needs=needs,
        summary=summary,
    )
    with agency_context(by.agency_id):
        return referrals.draft_referral(case, new, by=by, at=at)


def submitted_referral(
    *,
    case: Case,
    recipient: Agency,
    by: Principal,
    at: datetime,
    fields: tuple[str, ...] = RELEASED,
    needs: str = "A lawyer who speaks Spanish.",
    summary: str = "",
) -> Referral:
    """In the supervisor's queue, without any consent yet."""
    draft = drafted_referral(
        case=case, recipient=recipient, by=by, at=at, fields=fields, needs=needs, summary=summary
    )
    with agency_context(by.agency_id):
        return referrals.submit_referral(draft, by=by, at=at)


def approved_referral(
    *,
    case: Case,
    recipient: Agency,
    by: Principal,
    reviewer: Principal,
    at: datetime,
    fields: tuple[str, ...] = RELEASED,
    summary: str = "",
) -> Referral:
    """Consented to, submitted, and approved by somebody else."""
    consent(case=case, recipient=recipient, by=by, at=at, fields=fields)
    submitted = submitted_referral(
        case=case, recipient=recipient, by=by, at=at, fields=fields, summary=summary
    )
    with agency_context(by.agency_id):
        return referrals.approve_referral(submitted, by=reviewer, at=at)


def sent_referral(
    *,
    case: Case,
    recipient: Agency,
    by: Principal,
    reviewer: Principal,
    at: datetime,
    fields: tuple[str, ...] = RELEASED,
    summary: str = "",
) -> Referral:
    """At the other agency, its packet frozen."""
    approved = approved_referral(
        case=case,
        recipient=recipient,
        by=by,
        reviewer=reviewer,
        at=at,
        fields=fields,
        summary=summary,
    )
    with agency_context(by.agency_id):
        return referrals.send_referral(approved, by=by, at=at)
