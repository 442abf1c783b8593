"""Two at once: exactly one deed is done, and consent that ended a moment ago sends nothing."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from casework.access import agency_context
from casework.domain.errors import (
    CaseworkError,
    ConsentMissingError,
    NotAllowedNowError,
    StaleVersionError,
)
from casework.domain.permissions import Principal
from casework.domain.referral_flow import ReferralAction
from casework.models import Agency, Case, ConsentRecord, Referral
from casework.models.journal import JournalEntry
from casework.models.outbox import OutboxMessage
from casework.services.cases import change_case, close_case
from casework.services.consents import withdraw_consent
from casework.services.idempotency import Answer, Attempt, InFlightError, begin, finish
from casework.services.received_referrals import answer_referral
from casework.services.referrals import approve_referral, send_referral
from screening.services.answering import save_answers
from screening.services.conclusion import conclude_screening
from tests import builders
from tests.racing import race, winners, within

pytestmark = pytest.mark.usefixtures("committed_db")
AT_ONCE = 6
HOUR = timedelta(hours=1)


@pytest.fixture
def approved(
    case: Case, alice: Principal, bob: Principal, northside: Agency, at: datetime
) -> Referral:
    return builders.approved_referral(case=case, recipient=northside, by=alice, reviewer=bob, at=at)


def test_consent_withdrawn_after_the_approval_stops_the_sending(
    harbor: Agency, approved: Referral, alice: Principal, at: datetime
) -> None:
    with agency_context(harbor.pk):
        withdraw_consent(ConsentRecord.objects.get(), by=alice, at=at + HOUR)
        with pytest.raises(ConsentMissingError) as refused:
            send_referral(approved, by=alice, at=at + HOUR)
        approved.refresh_from_db()
        assert (approved.status, approved.sent_at, approved.packet) == ("approved", None, None)
        assert not OutboxMessage.objects.exists()
    assert {problem.pointer for problem in refused.value.problems} == {
        f"/fields/{name}" for name in builders.RELEASED
    }


def test_a_withdrawal_under_way_is_waited_for_and_counts(
    harbor: Agency, approved: Referral, alice: Principal, at: datetime
) -> None:
    """Whoever comes second sees what the first has done: never a packet on ended consent."""
    for _ in range(5):
        with agency_context(harbor.pk):
            ConsentRecord.objects.update(withdrawn_at=None)
            consent = ConsentRecord.objects.get()
        sent, withdrawn = race(
            [
                within(harbor.pk, lambda: send_referral(approved, by=alice, at=at + HOUR)),
                within(harbor.pk, partial(withdraw_consent, consent, by=alice, at=at)),
            ]
        )
        assert not isinstance(withdrawn, CaseworkError)
        if not isinstance(sent, CaseworkError):
            break
        assert isinstance(sent, ConsentMissingError)


def test_consent_that_ran_out_stops_the_sending(
    harbor: Agency, approved: Referral, alice: Principal, at: datetime
) -> None:
    with agency_context(harbor.pk), pytest.raises(ConsentMissingError):
        send_referral(approved, by=alice, at=at + timedelta(days=181))


def test_one_of_many_approvals_counts(
    harbor: Agency,
    case: Case,
    alice: Principal,
    bob: Principal,
    northside: Agency,
    at: datetime,
) -> None:
    builders.consent(case=case, recipient=northside, by=alice, at=at)
    waiting = builders.submitted_referral(case=case, recipient=northside, by=alice, at=at)
    deed = within(harbor.pk, lambda: approve_referral(waiting, by=bob, at=at))
    assert len(winners(race([deed] * AT_ONCE))) == 1


def test_one_of_many_sendings_counts(
    harbor: Agency, approved: Referral, alice: Principal, at: datetime
) -> None:
    deed = within(harbor.pk, lambda: send_referral(approved, by=alice, at=at))
    results = race([deed] * AT_ONCE)
    assert len(winners(results)) == 1
    assert {type(refused) for refused in results if refused not in winners(results)} == {
        NotAllowedNowError
    }
    with agency_context(harbor.pk):
        assert OutboxMessage.objects.count() == 1
        assert JournalEntry.objects.filter(action="referral.sent").count() == 1


def test_one_of_many_answers_counts(
    harbor: Agency,
    northside: Agency,
    approved: Referral,
    alice: Principal,
    charlie: Principal,
    at: datetime,
) -> None:
    with agency_context(harbor.pk):
        sent = send_referral(approved, by=alice, at=at)
    deeds = [
        within(northside.pk, partial(answer_referral, sent, action, by=charlie, at=at, note="Yes."))
        for action in (ReferralAction.ACCEPT, ReferralAction.DECLINE) * (AT_ONCE // 2)
    ]
    assert len(winners(race(deeds))) == 1


def test_one_of_many_closings_counts(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    deed = within(harbor.pk, lambda: close_case(case, reason="Done.", by=alice, at=at))
    assert len(winners(race([deed] * AT_ONCE))) == 1


def test_of_two_changes_to_the_same_version_one_is_told_that_it_came_too_late(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    deeds = [
        within(
            harbor.pk,
            partial(change_case, case, {"door": door}, by=alice, at=at, version=case.version),
        )
        for door in ("hotline", "court")
    ]
    results = race(deeds)
    assert len(winners(results)) == 1
    assert [type(one) for one in results if one not in winners(results)] == [StaleVersionError]


def test_one_of_many_conclusions_counts(
    harbor: Agency, case: Case, alice: Principal, at: datetime
) -> None:
    screening = builders.started_screening(case=case, by=alice, at=at)
    with agency_context(harbor.pk):
        save_answers(screening, builders.answers({"a_receipt": "yes"}), by=alice, at=at)
    deed = within(harbor.pk, lambda: conclude_screening(screening, by=alice, at=at))
    assert len(winners(race([deed] * AT_ONCE))) == 1


def test_the_same_key_at_the_same_moment_does_the_deed_once(
    harbor: Agency, alice: Principal, at: datetime
) -> None:
    attempt = Attempt.of(alice, "POST /cases", "one-key", b"{}")

    def deed() -> object:
        with agency_context(harbor.pk):
            found = begin(attempt, by=alice, at=at)
            if isinstance(found, Answer):
                return found
            builders.open_case(by=alice, at=at)
            finish(found, Answer(status=201, body={"n": 1}, headers={}))
            return Answer(status=201, body={"n": 1}, headers={})

    results = race([deed] * AT_ONCE)
    assert {type(one) for one in results} <= {Answer, InFlightError}
    with agency_context(harbor.pk):
        assert Case.objects.count() == 1


@pytest.mark.parametrize("column", ["packet", "packet_key", "packet_until", "sent_at", "ref"])
def test_a_sent_packet_cannot_be_changed_by_either_side(
    harbor: Agency,
    northside: Agency,
    approved: Referral,
    alice: Principal,
    column: str,
    at: datetime,
) -> None:
    with agency_context(harbor.pk):
        send_referral(approved, by=alice, at=at)
    new = "now()" if column in {"packet_until", "sent_at"} else "gen_random_uuid()"
    value = "'\\x00'::bytea" if column in {"packet", "packet_key"} else new
    for agency in (harbor, northside):
        with (
            pytest.raises(IntegrityError, match="cannot be changed"),
            agency_context(agency.pk),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE casework_referral SET {column} = {value}")  # noqa: S608
    assert not connection.in_atomic_block
    with transaction.atomic():
        assert not Referral.objects.exists()
