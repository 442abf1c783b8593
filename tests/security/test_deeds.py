"""Each deed by everyone: from the case's own caseworker to a stranger."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from casework.access import (
    agency_context,
    case_for,
    deadline_for,
    locked_case_for,
    referral_for,
)
from casework.domain.consent import SignedBy
from casework.domain.errors import NotFoundError, NotPermittedError
from casework.domain.permissions import Capability, Principal
from casework.models import Agency, Case, Deadline, Referral, User
from casework.services import (
    cases,
    consents,
    deadline_acts,
    events,
    facts,
    people,
    referrals,
    relief,
)
from screening.services.answering import NewScreening, save_answers, start_screening
from screening.services.conclusion import conclude_screening
from screening.services.instruments import current_instrument
from tests import builders
from tests.security.outcomes import outcome_of

EVERYONE = ("alice", "carol", "bob", "ada", "olga", "dora", "charlie", "nora", "stranger")
Deed = Callable[[Case, Principal, datetime], object]


def _assign(case: Case, by: Principal, at: datetime) -> object:
    found = case_for(by, case.ref, Capability.ASSIGN_CASE)
    return cases.assign_case(found, User.objects.get(name="Alice"), by=by, at=at)


def _consent(case: Case, by: Principal, at: datetime) -> object:
    found = case_for(by, case.ref, Capability.RECORD_CONSENT)
    new = consents.NewConsent(
        recipient=Agency.objects.get(name="Northside Legal"),
        fields=("language",),
        purpose="legal",
        valid_from=at,
        valid_until=at + timedelta(days=10),
        written=True,
        signed_by=SignedBy.SELF,
    )
    return consents.record_consent(found, new, by=by, at=at)


def _screen(case: Case, by: Principal, at: datetime) -> object:
    found = case_for(by, case.ref, Capability.SCREEN)
    new = NewScreening(definition=current_instrument("palermo-matrix"), case=found)
    screening = start_screening(new, by=by, at=at)
    save_answers(screening, builders.answers({"a_receipt": "yes"}), by=by, at=at)
    return conclude_screening(screening, by=by, at=at)


def _record(case: Case, by: Principal, at: datetime) -> object:
    found = case_for(by, case.ref, Capability.RECORD_EVENT)
    new = events.NewEvent(kind="detained", at=at, zone="UTC")
    return events.record_event(found, new, by=by, at=at)


def _waive(case: Case, by: Principal, at: datetime) -> object:
    row = Deadline.objects.filter(case=case, status="running").first()
    found = deadline_for(by, row.ref if row else "none", Capability.CHANGE_DEADLINE)
    return deadline_acts.waive_deadline(found, deadline_acts.Deed(reason="Moot."), by=by, at=at)


def _draft(case: Case, by: Principal, at: datetime) -> object:
    found = case_for(by, case.ref, Capability.DRAFT_REFERRAL)
    other = Agency.objects.get(name="Northside Legal")
    new = referrals.NewReferral(recipient=other, purpose="legal", fields=("language",))
    draft = referrals.draft_referral(found, new, by=by, at=at)
    return referrals.submit_referral(draft, by=by, at=at)


def _approve(_case: Case, by: Principal, at: datetime) -> object:
    waiting = referral_for(by, Referral.objects.get(status="submitted").ref)
    return referrals.approve_referral(waiting, by=by, at=at)


def _case(by: Principal, case: Case, capability: Capability) -> Case:
    return case_for(by, case.ref, capability)


DEEDS: dict[str, Deed] = {
    "read": lambda case, by, _: _case(by, case, Capability.READ_CASE),
    "hold": lambda case, by, _: locked_case_for(by, case.ref, Capability.CHANGE_CASE),
    "change": lambda case, by, at: cases.change_case(
        _case(by, case, Capability.CHANGE_CASE), {"door": "court"}, by=by, at=at
    ),
    "close": lambda case, by, at: cases.close_case(
        _case(by, case, Capability.CLOSE_CASE), reason="Done.", by=by, at=at
    ),
    "assign": _assign,
    "reveal": lambda case, by, at: people.reveal_identity(
        _case(by, case, Capability.REVEAL_IDENTITY), by=by, at=at
    ),
    "assert a fact": lambda case, by, at: facts.assert_fact(
        _case(by, case, Capability.ASSERT_FACT), "in_custody", True, by=by, at=at
    ),
    "record an event": _record,
    "act about a deadline": _waive,
    "screen": _screen,
    "assess relief": lambda case, by, at: relief.assess_case(
        _case(by, case, Capability.ASSESS_RELIEF), by=by, on=at.date()
    ),
    "record consent": _consent,
    "draft a referral": _draft,
    "approve a referral": _approve,
}
WORKERS = {"alice", "bob", "dora"}
MAY = dict.fromkeys(DEEDS, WORKERS) | {
    "assign": {"bob", "dora"},
    "reveal": {"alice", "bob"},
    "approve a referral": {"bob"},
}
TOLD_NO = {
    "assign": {"alice"},
    "reveal": {"dora"},
    "approve a referral": {"alice", "dora", "ada", "olga"},
}
"""Who may know of the thing, or could not read any such thing at all, and hears that it is not
theirs to do. Everyone else is told that there is no such thing.
"""


@pytest.fixture
def waiting(case: Case, alice: Principal, northside: Agency, at: datetime) -> Referral:
    builders.record_event(case=case, by=alice, at=case.opened_at, kind="uac_determined")
    builders.consent(case=case, recipient=northside, by=alice, at=at)
    return builders.submitted_referral(case=case, recipient=northside, by=alice, at=at)


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_is_done_by_those_who_may_and_by_nobody_else(
    deed: str, who: str, case: Case, waiting: Referral, request: pytest.FixtureRequest
) -> None:
    by: Principal = request.getfixturevalue(who)
    with agency_context(by.agency_id if who in {"charlie", "nora", "stranger"} else case.agency_id):
        if deed == "approve a referral" and who in {"charlie", "nora", "stranger"}:
            with pytest.raises(NotFoundError):
                referral_for(by, waiting.ref)
            return
        outcome = outcome_of(lambda: DEEDS[deed](case, by, case.opened_at))
    if who in MAY[deed]:
        assert outcome is None
    else:
        refused = NotPermittedError if who in TOLD_NO.get(deed, ()) else NotFoundError
        assert type(outcome) is refused
