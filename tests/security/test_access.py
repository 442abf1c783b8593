"""The doors: what each role, partner and agency comes to, and what they hear otherwise."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import uuid4

import pytest

from casework import access
from casework.access import agency_context, case_for, cases_for, referral_for
from casework.domain.errors import NotFoundError, NotPermittedError
from casework.domain.permissions import Capability, Principal, Role, Scope, require
from casework.domain.referral_flow import ReferralAction
from casework.models import Agency, Case, Membership, PartnerClient, Referral, User
from casework.services import facts, referrals, search
from casework.services.received_referrals import answer_referral, read_packet
from screening.access import screening_for, screenings_for
from tests import builders
from tests.cast import principal_of
from tests.security.outcomes import outcome_of


def test_a_stranger_hears_the_same_as_about_nothing(
    case: Case, charlie: Principal, northside: Agency
) -> None:
    with agency_context(northside.pk):
        answers = [outcome_of(partial(case_for, charlie, ref)) for ref in (case.ref, uuid4())]
        answers.append(outcome_of(lambda: case_for(charlie, "no such thing")))
    assert {(type(one), str(one)) for one in answers} == {(NotFoundError, str(NotFoundError()))}


@pytest.mark.parametrize("scope", Scope)
def test_no_scope_lets_a_partner_approve_reveal_or_read_the_journal(
    dora: Principal, scope: Scope
) -> None:
    one = replace(dora, scopes=frozenset({scope}))
    for capability in (
        Capability.APPROVE_REFERRAL,
        Capability.REVEAL_IDENTITY,
        Capability.READ_JOURNAL,
        Capability.MANAGE_MEMBERS,
    ):
        with pytest.raises(NotPermittedError):
            require(one, capability)


def test_an_auditor_reads_no_case_and_no_list_of_cases(
    case: Case, olga: Principal, harbor: Agency, at: datetime
) -> None:
    with agency_context(harbor.pk):
        assert list(cases_for(olga)) == []
        assert list(access.deadlines_for(olga)) == []
        assert list(screenings_for(olga)) == []
        for refused in (
            lambda: access.referrals_for(olga),
            lambda: search.find_cases("Rosa", by=olga),
            lambda: facts.assert_fact(case, "in_custody", True, by=olga, at=at),
        ):
            assert type(outcome_of(refused)) is NotPermittedError


def test_nobody_approves_what_they_wrote_themselves(
    case: Case, bob: Principal, northside: Agency, at: datetime
) -> None:
    builders.consent(case=case, recipient=northside, by=bob, at=at)
    own = builders.submitted_referral(case=case, recipient=northside, by=bob, at=at)
    with agency_context(case.agency_id), pytest.raises(NotPermittedError, match="Someone else"):
        referrals.approve_referral(own, by=bob, at=at)


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_the_sender_does_not_answer_for_the_recipient(
    who: str,
    case: Case,
    bob: Principal,
    alice: Principal,
    northside: Agency,
    request: pytest.FixtureRequest,
) -> None:
    at, by = case.opened_at, request.getfixturevalue(who)
    sent = builders.sent_referral(case=case, recipient=northside, by=alice, reviewer=bob, at=at)
    with agency_context(case.agency_id), pytest.raises(NotPermittedError):
        answer_referral(sent, ReferralAction.ACCEPT, by=by, at=at)


@pytest.mark.parametrize(
    "deed",
    [
        lambda row, by, at: referrals.submit_referral(row, by=by, at=at),
        lambda row, by, at: referrals.approve_referral(row, by=by, at=at),
        lambda row, by, at: referrals.send_referral(row, by=by, at=at),
        lambda row, by, at: referrals.withdraw_referral(row, by=by, at=at),
        lambda row, by, at: referrals.return_referral(row, reason="x", by=by, at=at),
    ],
)
def test_the_recipient_does_not_act_for_the_sender(
    deed: Callable[[Referral, Principal, datetime], object],
    case: Case,
    alice: Principal,
    bob: Principal,
    nora: Principal,
    northside: Agency,
) -> None:
    at = case.opened_at
    sent = builders.sent_referral(case=case, recipient=northside, by=alice, reviewer=bob, at=at)
    with agency_context(northside.pk):
        outcome = outcome_of(lambda: deed(referral_for(nora, sent.ref), nora, at))
    assert isinstance(outcome, NotPermittedError | NotFoundError)


def test_the_recipient_reads_the_packet_and_nothing_else(
    case: Case, alice: Principal, bob: Principal, charlie: Principal, northside: Agency
) -> None:
    at = case.opened_at
    sent = builders.sent_referral(case=case, recipient=northside, by=alice, reviewer=bob, at=at)
    with agency_context(northside.pk):
        packet = read_packet(referral_for(charlie, sent.ref), by=charlie, at=at)
        assert set(packet) == set(builders.RELEASED)
        assert "Rosa" not in str(packet)
        assert list(cases_for(charlie)) == []


def test_a_third_agency_sees_no_referral(
    case: Case, alice: Principal, bob: Principal, northside: Agency, at: datetime
) -> None:
    sent = builders.sent_referral(case=case, recipient=northside, by=alice, reviewer=bob, at=at)
    third = builders.member(
        agency=builders.agency(name="Third House", at=at), name="Tim", role=Role.SUPERVISOR, at=at
    )
    tim = principal_of(third)
    with agency_context(tim.agency_id), pytest.raises(NotFoundError):
        referral_for(tim, sent.ref)


def test_a_caseworker_lists_the_referrals_of_their_own_cases(
    case: Case, alice: Principal, bob: Principal, carol: Principal, northside: Agency
) -> None:
    builders.drafted_referral(case=case, recipient=northside, by=alice, at=case.opened_at)
    with agency_context(case.agency_id):
        counts = {by.label: access.referrals_for(by).count() for by in (alice, bob, carol)}
    assert counts == {"Alice": 1, "Bob": 1, "Carol": 0}


def test_an_anonymous_screening_is_reached_by_who_began_it_and_by_the_supervisor(
    alice: Principal, bob: Principal, carol: Principal, dora: Principal, at: datetime
) -> None:
    screening = builders.started_screening(by=alice, at=at)
    with agency_context(alice.agency_id):
        for by in (alice, bob, dora):
            assert screening_for(by, screening.ref, Capability.SCREEN) == screening
        for ref in (screening.ref, "no such thing"):
            with pytest.raises(NotFoundError):
                screening_for(carol, ref)


def test_who_reads_cases_but_does_not_screen_sees_the_screenings_of_cases_alone(
    case: Case, alice: Principal, dora: Principal, at: datetime
) -> None:
    builders.started_screening(by=alice, at=at)
    of_case = builders.started_screening(by=alice, at=at, case=case)
    reader = replace(dora, scopes=frozenset({Scope.CASES_READ}))
    with agency_context(alice.agency_id):
        assert list(screenings_for(reader)) == [of_case]
        with pytest.raises(NotPermittedError):
            screening_for(reader, of_case.ref, Capability.SCREEN)


def test_a_membership_that_ended_ends_everything(alice_user: User, harbor: Agency) -> None:
    with agency_context(harbor.pk):
        Membership.objects.filter(user=alice_user).update(ended_at=builders.MOMENT)
    with agency_context(harbor.pk):
        assert access.principal_of_user(alice_user) is None


def test_a_user_of_two_agencies_is_one_at_a_time(
    alice_user: User, harbor: Agency, northside: Agency, at: datetime
) -> None:
    builders.member(agency=northside, name="Alice", role=Role.SUPERVISOR, at=at)
    with agency_context(harbor.pk):
        first = access.principal_of_user(alice_user)
        second = access.principal_of_user(alice_user, str(northside.ref))
    assert first is not None
    assert second is not None
    assert (first.agency_id, first.role) == (harbor.pk, Role.CASEWORKER)
    assert (second.agency_id, second.role) == (northside.pk, Role.SUPERVISOR)


def test_a_partner_system_that_was_disabled_is_nobody(dora: Principal, harbor: Agency) -> None:
    with agency_context(harbor.pk):
        PartnerClient.objects.filter(ref=dora.ref).update(disabled_at=builders.MOMENT)
        assert access.principal_of_client("test-partner", dora.scopes) is None


def test_notices_are_ones_own(alice: Principal, bob: Principal, dora: Principal) -> None:
    with agency_context(alice.agency_id):
        assert [access.notices_for(by).count() for by in (alice, bob, dora)] == [0, 0, 0]


def test_a_suspended_agency_cannot_be_addressed(northside: Agency) -> None:
    assert access.agency_by_ref(northside.ref) == northside
    Agency.objects.update(suspended_at=builders.MOMENT)
    with pytest.raises(NotFoundError):
        access.agency_by_ref(northside.ref)


def test_events_and_facts_are_reached_through_their_own_case(
    case: Case, alice: Principal, at: datetime
) -> None:
    other = builders.open_case(by=alice, at=at)
    event, _ = builders.record_event(case=case, by=alice, at=at, kind="detained")
    fact = builders.assert_fact(case=case, by=alice, at=at, code="in_custody", value=True)
    with agency_context(case.agency_id):
        assert access.event_for(alice, case, event.ref) == event
        assert access.fact_for(alice, case, fact.ref) == fact
        with pytest.raises(NotFoundError):
            access.event_for(alice, other, event.ref)
        with pytest.raises(NotFoundError):
            access.fact_for(alice, other, fact.ref)


def test_a_deadline_is_reached_through_the_cases_one_may_read(
    case: Case, alice: Principal, bob: Principal, carol: Principal, dora: Principal, at: datetime
) -> None:
    _event, moved = builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    row = moved[0].deadline
    reader = replace(dora, scopes=frozenset({Scope.DEADLINES_READ}))
    with agency_context(case.agency_id):
        for by in (alice, bob, dora, reader):
            assert access.deadline_for(by, row.ref) == row
        for ref in (row.ref, "no such thing"):
            with pytest.raises(NotFoundError):
                access.deadline_for(carol, ref)
        with pytest.raises(NotPermittedError):
            access.deadline_for(reader, row.ref, Capability.CHANGE_DEADLINE)
