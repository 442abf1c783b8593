"""Referrals: what may leave, in which state, and what the other side reads."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from casework.access import agency_context, referral_for
from casework.domain.errors import (
    ConsentMissingError,
    InvalidInputError,
    NotAllowedNowError,
    NotFoundError,
    NotPermittedError,
    SealBrokenError,
)
from casework.domain.permissions import Principal
from casework.domain.referral_flow import ReferralAction
from casework.models import Agency, Case, ConsentRecord, Notice, Referral
from casework.services import referrals
from casework.services.consents import withdraw_consent
from casework.services.notices import acknowledge
from casework.services.packets import open_packet, seal_in_envelope
from casework.services.received_referrals import answer_note, answer_referral, read_packet
from casework.services.referrals import NewReferral
from casework.services.relay import relay_all
from tests import builders

DAY = timedelta(days=1)
ALL_FIELDS = (
    "name", "preferred_name", "language", "interpreter_needed", "age_band", "pathway", "needs",
    "summary", "forms_indicated", "clocks", "visa_class", "country_of_nationality",
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency) -> Iterator[None]:
    with agency_context(harbor.pk):
        yield


@pytest.fixture
def sent(case: Case, alice: Principal, bob: Principal, northside: Agency) -> Referral:
    return builders.sent_referral(
        case=case, recipient=northside, by=alice, reviewer=bob, at=case.opened_at
    )


def pointer_of(deed: Callable[[], object]) -> str:
    with pytest.raises(InvalidInputError) as refused:
        deed()
    return refused.value.problems[0].pointer


Redraft = Callable[[NewReferral], NewReferral]


def test_without_consent_nothing_is_approved_and_each_field_is_named(
    case: Case, alice: Principal, bob: Principal, northside: Agency, at: datetime
) -> None:
    waiting = builders.submitted_referral(case=case, recipient=northside, by=alice, at=at)
    with pytest.raises(ConsentMissingError) as refused:
        referrals.approve_referral(waiting, by=bob, at=at)
    assert {problem.pointer for problem in refused.value.problems} == {
        f"/fields/{name}" for name in builders.RELEASED
    }
    waiting.refresh_from_db()
    assert waiting.status == "submitted"


def test_consent_to_another_agency_covers_nothing(
    case: Case, alice: Principal, bob: Principal, northside: Agency, at: datetime
) -> None:
    third = builders.agency(name="Third House", at=at)
    builders.consent(case=case, recipient=third, by=alice, at=at)
    waiting = builders.submitted_referral(case=case, recipient=northside, by=alice, at=at)
    with pytest.raises(ConsentMissingError):
        referrals.approve_referral(waiting, by=bob, at=at)


@pytest.mark.parametrize(
    ("redraft", "pointer"),
    [
        (lambda one: replace(one, purpose="gossip"), "/purpose"),
        (lambda one: replace(one, urgency="whenever"), "/urgency"),
        (lambda one: replace(one, fields=("language", "placement_address")), "/fields/1"),
        (lambda one: replace(one, fields=()), "/fields"),
        (lambda one: replace(one, needs="\x00"), "/needs"),
        (lambda one: replace(one, summary="x" * 4_001), "/summary"),
    ],
)
def test_an_odd_draft_is_refused_at_its_field(
    case: Case, alice: Principal, northside: Agency, redraft: Redraft, pointer: str
) -> None:
    new = NewReferral(recipient=northside, purpose="legal", fields=("language",))
    odd = redraft(new)
    assert (
        pointer_of(lambda: referrals.draft_referral(case, odd, by=alice, at=case.opened_at))
        == pointer
    )
    assert Referral.objects.count() == 0


def test_a_referral_goes_to_another_agency(
    case: Case, alice: Principal, harbor: Agency, at: datetime
) -> None:
    assert (
        pointer_of(lambda: builders.drafted_referral(case=case, recipient=harbor, by=alice, at=at))
        == "/recipient"
    )


def test_a_returned_referral_says_why_and_can_be_submitted_again(
    case: Case, alice: Principal, bob: Principal, northside: Agency, at: datetime
) -> None:
    waiting = builders.submitted_referral(case=case, recipient=northside, by=alice, at=at)
    assert list(Referral.objects.waiting_for_review()) == [waiting]
    assert (
        pointer_of(lambda: referrals.return_referral(waiting, reason=" ", by=bob, at=at))
        == "/reason"
    )
    returned = referrals.return_referral(waiting, reason="Too much.", by=bob, at=at)
    assert referrals.reason_returned(returned) == "Too much."
    assert referrals.submit_referral(returned, by=alice, at=at).status == "submitted"


def test_a_packet_holds_the_named_fields_as_they_were_when_it_was_sent(
    case: Case, alice: Principal, bob: Principal, northside: Agency, at: datetime
) -> None:
    for code, value in (("visa_class", "G-5"), ("age_now_under_18", False)):
        builders.assert_fact(case=case, by=alice, at=at, code=code, value=value)
    builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    builders.concluded_screening(case=case, by=alice, at=at)
    sent = builders.sent_referral(
        case=case, recipient=northside, by=alice, reviewer=bob, at=at, fields=ALL_FIELDS,
        summary="In short.",
    )  # fmt: skip
    builders.assert_fact(case=case, by=alice, at=at + DAY, code="visa_class", value="none")
    packet = read_packet(sent, by=alice, at=at + DAY)
    assert set(packet) == set(ALL_FIELDS)
    assert (packet["name"], packet["visa_class"]) == ("Rosa Fuentes", "G-5")
    assert (packet["age_band"], packet["summary"]) == ("18_or_over", "In short.")
    assert (packet["preferred_name"], packet["country_of_nationality"]) == (None, None)
    assert [clock["rule"] for clock in packet["clocks"]] == ["UAC-TRANSFER-72H"]
    assert isinstance(packet["forms_indicated"], list)


def test_a_childs_age_band_is_said(
    case: Case, alice: Principal, bob: Principal, northside: Agency, at: datetime
) -> None:
    builders.assert_fact(case=case, by=alice, at=at, code="age_now_under_18", value=True)
    sent = builders.sent_referral(
        case=case, recipient=northside, by=alice, reviewer=bob, at=at, fields=("age_band",)
    )
    assert read_packet(sent, by=alice, at=at) == {"age_band": "under_18"}


def test_a_packet_closes_when_its_consent_ends(sent: Referral, alice: Principal) -> None:
    assert sent.packet_until is not None
    read_packet(sent, by=alice, at=sent.packet_until - timedelta(seconds=1))
    with pytest.raises(NotFoundError):
        read_packet(sent, by=alice, at=sent.packet_until)


def test_withdrawing_the_consent_closes_the_packet_to_both_sides(
    sent: Referral, alice: Principal, charlie: Principal, northside: Agency, at: datetime
) -> None:
    read_packet(sent, by=alice, at=at)
    withdraw_consent(ConsentRecord.objects.get(), by=alice, at=at)
    sent.refresh_from_db()
    with pytest.raises(NotFoundError):
        read_packet(sent, by=alice, at=at)
    with agency_context(northside.pk), pytest.raises(NotFoundError):
        read_packet(referral_for(charlie, sent.ref), by=charlie, at=at)


def test_a_packet_that_another_release_covers_stays_open(
    sent: Referral, case: Case, alice: Principal, northside: Agency, at: datetime
) -> None:
    first = ConsentRecord.objects.get()
    builders.consent(case=case, recipient=northside, by=alice, at=at)
    withdraw_consent(first, by=alice, at=at)
    sent.refresh_from_db()
    assert sent.packet_closed_at is None
    assert read_packet(sent, by=alice, at=at)


def test_what_was_not_sent_has_no_packet(
    case: Case, alice: Principal, northside: Agency, at: datetime
) -> None:
    draft = builders.drafted_referral(case=case, recipient=northside, by=alice, at=at)
    with pytest.raises(NotFoundError):
        read_packet(draft, by=alice, at=at)
    with pytest.raises(NotFoundError):
        open_packet(draft, at=at)
    with pytest.raises(SealBrokenError):
        seal_in_envelope(draft, "answer_note", "x")


def test_a_referral_taken_back_can_no_longer_be_read_or_answered(
    sent: Referral, alice: Principal, charlie: Principal, northside: Agency, at: datetime
) -> None:
    referrals.withdraw_referral(sent, by=alice, at=at)
    with agency_context(northside.pk):
        received = referral_for(charlie, sent.ref)
        with pytest.raises(NotFoundError):
            read_packet(received, by=charlie, at=at)
        with pytest.raises(NotAllowedNowError):
            answer_referral(received, ReferralAction.ACCEPT, by=charlie, at=at)


def test_the_other_side_accepts_starts_and_completes(
    sent: Referral, charlie: Principal, northside: Agency, at: datetime
) -> None:
    with agency_context(northside.pk):
        row = answer_referral(sent, ReferralAction.ACCEPT, by=charlie, at=at, note="Gladly.")
        assert (row.status, row.answered_at, answer_note(row)) == ("accepted", at, "Gladly.")
        row = answer_referral(sent, ReferralAction.START, by=charlie, at=at + DAY)
        row = answer_referral(sent, ReferralAction.COMPLETE, by=charlie, at=at + 2 * DAY)
        assert (row.status, row.answered_at) == ("completed", at)
        with pytest.raises(NotPermittedError):
            answer_referral(sent, ReferralAction.WITHDRAW, by=charlie, at=at)


def test_declining_needs_a_word(
    sent: Referral, charlie: Principal, northside: Agency, at: datetime
) -> None:
    with agency_context(northside.pk):
        assert (
            pointer_of(lambda: answer_referral(sent, ReferralAction.DECLINE, by=charlie, at=at))
            == "/note"
        )
        row = answer_referral(sent, ReferralAction.DECLINE, by=charlie, at=at, note="Full.")
        assert answer_note(row) == "Full."
        with pytest.raises(NotFoundError):
            read_packet(row, by=charlie, at=at)


def test_the_sender_is_told_of_the_answer_and_each_reads_their_own_notice(
    sent: Referral, charlie: Principal, alice: Principal, bob: Principal, northside: Agency
) -> None:
    at = sent.created_at.replace(year=2026, month=1)
    with agency_context(northside.pk):
        answer_referral(sent, ReferralAction.ACCEPT, by=charlie, at=at)
    relay_all()
    mine = Notice.objects.get(template="referral_answered", recipient_id=alice.user_id)
    assert mine.params == {"referral": str(sent.ref), "status": "accepted"}
    assert acknowledge(mine, by=bob, at=at).read_at is None
    assert acknowledge(mine, by=alice, at=at).read_at == at
    assert acknowledge(mine, by=alice, at=at + DAY).read_at == at
    assert Notice.objects.unread().count() == 1
    assert [str(mine), str(sent)] == ["referral_answered", f"{sent.ref} (sent)"]


def test_a_sender_whose_consent_names_other_fields_is_told_which_are_missing(
    case: Case, alice: Principal, northside: Agency, at: datetime
) -> None:
    builders.consent(case=case, recipient=northside, by=alice, at=at, fields=("language",))
    draft = builders.drafted_referral(
        case=case, recipient=northside, by=alice, at=at, fields=("language", "needs")
    )
    assert referrals.packet_coverage(draft, at=at).missing == ("needs",)
    with pytest.raises(ConsentMissingError, match="needs"):
        referrals.preview_packet(draft, at=at)
