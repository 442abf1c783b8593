"""A refused form comes back as it was, with what to mend beside the field."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.test import Client
from django.urls import reverse

from casework.access import agency_context
from casework.models import Agency, Case, ConsentRecord, Event, Fact, Referral, User

Clients = Callable[[User], Client]
AUTUMN = {
    "kind": "apprehended",
    "day": "2025-11-02",
    "clock": "01:30",
    "zone": "America/Chicago",
    "note": "Near the river.",
}


def _event(case: Case) -> Event:
    with agency_context(case.agency_id):
        return Event.objects.get(case=case)


def test_a_time_that_came_twice_is_asked_back_and_then_recorded(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    address = reverse("event_new", args=[case.ref])
    asked = browser.post(address, AUTUMN)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "01:30 CDT (UTC-05:00)" in page
    assert "01:30 CST (UTC-06:00)" in page
    assert "Near the river." in page
    assert browser.post(address, {**AUTUMN, "which": "1"}).status_code == 302
    assert _event(case).at == datetime(2025, 11, 2, 7, 30, tzinfo=UTC)


def test_a_time_that_never_was_is_refused(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    spring = {**AUTUMN, "day": "2026-03-08", "clock": "02:30"}
    answer = people_client(alice_user).post(reverse("event_new", args=[case.ref]), spring)
    assert answer.status_code == 422
    assert "skipped this time" in answer.content.decode()


def test_an_event_ahead_is_refused_beside_the_time(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    ahead = {**AUTUMN, "day": "2099-01-01"}
    answer = people_client(alice_user).post(reverse("event_new", args=[case.ref]), ahead)
    assert answer.status_code == 422
    assert "This lies in the future." in answer.context["form"].errors["clock"]


def test_recording_an_event_says_which_clock_it_started(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    said = {**AUTUMN, "kind": "uac_determined", "clock": "10:00"}
    answer = people_client(alice_user).post(
        reverse("event_new", args=[case.ref]), said, follow=True
    )
    assert "Clock started: Transfer of an unaccompanied child" in answer.content.decode()


def test_a_referral_without_fields_keeps_its_words(
    case: Case, northside: Agency, alice_user: User, people_client: Clients
) -> None:
    said = {
        "recipient": str(northside.ref),
        "purpose": "legal",
        "urgency": "soon",
        "needs": "A lawyer.",
    }
    answer = people_client(alice_user).post(reverse("referral_new", args=[case.ref]), said)
    assert answer.status_code == 422
    assert "Choose at least one field to send." in answer.context["form"].errors["fields_"]
    assert "A lawyer." in answer.content.decode()
    with agency_context(case.agency_id):
        assert not Referral.objects.exists()


def test_a_consent_that_is_not_written_is_refused_beside_the_box(
    case: Case, northside: Agency, alice_user: User, people_client: Clients
) -> None:
    said = {
        "recipient": str(northside.ref),
        "purpose": "legal",
        "fields_": ["needs"],
        "valid_from": "2026-06-01",
        "valid_until": "2026-07-01",
        "signed_by": "self",
    }
    browser = people_client(alice_user)
    address = reverse("consent_new", args=[case.ref])
    refused = browser.post(address, said)
    assert "written" in refused.context["form"].errors
    assert browser.post(address, {**said, "written": "on"}).status_code == 302
    with agency_context(case.agency_id):
        assert ConsentRecord.objects.get(case=case).fields == ["needs"]


def test_a_value_with_a_reason_for_having_none_is_refused(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    address = reverse("fact_new", args=[case.ref]) + "?fact=present_in_us"
    answer = people_client(alice_user).post(address, {"value": "yes", "standing": "declined"})
    assert answer.status_code == 422
    assert "value" in answer.context["form"].errors


def test_a_fact_is_recorded_in_its_own_type_and_taken_back(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    address = reverse("fact_new", args=[case.ref]) + "?fact=present_in_us"
    browser.post(address, {"value": "yes", "standing": "known"})
    with agency_context(case.agency_id):
        fact = Fact.objects.get(case=case)
        assert fact.value is True
    browser.post(reverse("fact_retract", args=[case.ref, fact.ref]))
    assert browser.get(reverse("case", args=[case.ref])).context["facts"] == []


def test_changing_the_details_leaves_alone_what_was_not_typed(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    said = {"door": "police", "language": "es", "interpreter_needed": "yes", "version": "1"}
    assert browser.post(reverse("case_edit", args=[case.ref]), said).status_code == 302
    shown = browser.post(reverse("case_reveal", args=[case.ref])).content.decode()
    assert "Rosa Fuentes" in shown
    assert "needs an interpreter" in shown


def test_a_change_on_top_of_someone_elses_is_refused(
    case: Case, alice_user: User, people_client: Clients
) -> None:
    browser = people_client(alice_user)
    said = {"door": "police", "language": "es", "version": "1"}
    address = reverse("case_edit", args=[case.ref])
    assert browser.post(address, said).status_code == 302
    assert browser.post(address, said).status_code == 409
