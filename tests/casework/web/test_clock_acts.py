"""Clocks of every state on the case page, and what people do about them there."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Case, Deadline, Event, User
from casework.services.deadline_acts import Deed, pause_deadline, waive_deadline
from tests import builders
from tests.casework.api.clients import People
from tests.cast import PersonClient

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def page(people_client: People, alice_user: User) -> PersonClient:
    return people_client(alice_user)


def started(case: Case, by: Principal, kind: str, rule: str, days: float) -> Deadline:
    """The clock of that rule, begun so many days ago."""
    builders.record_event(case=case, by=by, at=NOW, kind=kind, happened=NOW - days * DAY)
    with agency_context(case.agency_id):
        return Deadline.objects.for_display().get(case=case, rule=rule)


def address(case: Case, row: Deadline, act: str) -> str:
    return f"/cases/{case.ref}/deadlines/{row.ref}/{act}/"


def fresh(row: Deadline) -> Deadline:
    with agency_context(row.agency_id):
        return Deadline.objects.get(pk=row.pk)


def newest(row: Deadline) -> str:
    """The ref of what was done about it last."""
    with agency_context(row.agency_id):
        return str(row.acts.latest("id").ref)


def body(page: PersonClient, case: Case) -> str:
    return page.get(f"/cases/{case.ref}/").content.decode()


def test_a_last_day_is_named_with_its_place_and_in_utc(
    page: PersonClient, case: Case, alice: Principal
) -> None:
    at = datetime.fromisoformat("2026-03-02T15:00:00+00:00")
    builders.record_event(case=case, by=alice, at=NOW, kind="rfe_served", happened=at)
    shown = body(page, case)
    assert "Last day: Tue 26 May 2026, until midnight in New York" in shown
    assert "27 May 2026, 04:00 UTC" in shown
    assert "84 calendar days after: Request for evidence served" in shown
    assert "How this was reckoned" in shown


def test_what_opens_and_what_is_looked_at_again_is_never_overdue(
    page: PersonClient, case: Case, alice: Principal
) -> None:
    started(case, alice, "asylum_filed", "ASYLUM-EAD-150", 400)
    builders.record_event(
        case=case, by=alice, at=NOW, kind="subpoena_received", happened=NOW - 300 * DAY
    )
    shown = body(page, case)
    assert "May be done from now on" in shown
    assert "Time to look again" in shown
    assert "No deadline: a person looks again on" in shown
    assert "overdue by" not in shown


def test_a_pause_is_shown_with_its_reason_and_who_gave_it(
    page: PersonClient, case: Case, alice: Principal
) -> None:
    row = started(case, alice, "asylum_filed", "ASYLUM-EAD-150", 100)
    with agency_context(case.agency_id):
        deed = Deed(reason="The interview was moved.", since=NOW - 20 * DAY)
        pause_deadline(row, deed, by=alice, at=NOW)
    shown = body(page, case)
    assert "Days do not count since" in shown
    assert "The interview was moved." in shown
    assert "Recorded by Alice" in shown
    assert address(case, row, "resume") in shown
    assert address(case, row, "pause") not in shown


def test_what_was_waived_late_says_so_and_can_be_reopened(
    page: PersonClient, case: Case, alice: Principal
) -> None:
    row = started(case, alice, "uac_determined", "UAC-TRANSFER-72H", 5)
    with agency_context(case.agency_id):
        waive_deadline(row, Deed(reason="Moot."), by=alice, at=NOW)
    assert "Waived, but after its moment" in body(page, case)
    done = page.post(address(case, row, "reopen"), {"reason": "It was not."}, follow=True)
    assert "Reopened" in done.content.decode()
    assert fresh(row).status == "running"


def test_what_is_taken_back_is_shown_and_nothing_else_is_taken_back(
    page: PersonClient, case: Case, alice: Principal
) -> None:
    row = started(case, alice, "asylum_filed", "ASYLUM-EAD-150", 100)
    with agency_context(case.agency_id):
        since = NOW - 20 * DAY
        pause_deadline(row, Deed(reason="For the wrong clock.", since=since), by=alice, at=NOW)
    pause, shown = newest(row), page.get(address(case, row, "take_back")).content.decode()
    assert "For the wrong clock." in shown
    assert f'value="{pause}"' in shown
    page.post(address(case, row, "resume"), {"reason": "Heard."})
    late = {"reason": "It was not meant.", "shown": pause}
    answer = page.post(address(case, row, "take_back"), late)
    shown = answer.content.decode()
    assert (answer.status_code, fresh(row).status) == (422, "running")
    assert "Something else was recorded about it meanwhile" in shown
    assert f'value="{newest(row)}"' in shown
    assert "It was not meant." in shown


def test_only_what_the_rule_allows_is_offered(
    page: PersonClient, case: Case, alice: Principal
) -> None:
    row = started(case, alice, "uac_determined", "UAC-TRANSFER-72H", 1)
    shown = body(page, case)
    for act, offered in (("meet", True), ("waive", True), ("pause", False), ("extend", False)):
        assert (address(case, row, act) in shown) is offered
        assert page.get(address(case, row, act)).status_code == (200 if offered else 409)
    assert page.get(address(case, row, "forget")).status_code == 404


def test_a_refused_deed_keeps_what_was_typed_and_moves_nothing(
    page: PersonClient, case: Case, alice: Principal
) -> None:
    row = started(case, alice, "uac_determined", "UAC-TRANSFER-72H", 1)
    early = {"reason": "Handed over.", "day": "2026-01-05", "clock": "10:30"}
    answer = page.post(address(case, row, "meet"), early)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "This lies before the clock began." in shown
    assert "Handed over." in shown
    assert 'value="2026-01-05"' in shown
    for wrong in ({"reason": " "}, {"reason": "x", "day": "2026-01-05"}):
        assert page.post(address(case, row, "meet"), wrong).status_code == 422
    assert (fresh(row).status, fresh(row).version) == ("running", row.version)


def test_an_extension_without_a_length_asks_for_the_last_day(
    page: PersonClient, case: Case, alice: Principal
) -> None:
    row = started(case, alice, "u_granted", "U-DURATION", 100)
    assert 'name="until"' in page.get(address(case, row, "extend")).content.decode()
    assert page.post(address(case, row, "extend"), {"reason": "x"}).status_code == 422
    until = (NOW + 1_700 * DAY).date()
    sent = {"reason": "Certified.", "until": until.isoformat()}
    assert page.post(address(case, row, "extend"), sent).status_code == 302
    assert fresh(row).due_on == until


def test_a_stranger_finds_neither_the_clock_nor_the_form(
    people_client: People, case: Case, alice: Principal, charlie_user: User
) -> None:
    row = started(case, alice, "uac_determined", "UAC-TRANSFER-72H", 1)
    stranger = people_client(charlie_user)
    assert stranger.get(address(case, row, "waive")).status_code == 404
    assert stranger.post(address(case, row, "waive"), {"reason": "x"}).status_code == 404
    assert fresh(row).status == "running"


def test_a_clock_of_another_case_is_not_reached_through_this_one(
    page: PersonClient, case: Case, alice: Principal
) -> None:
    row = started(case, alice, "uac_determined", "UAC-TRANSFER-72H", 1)
    other = builders.open_case(by=alice, at=NOW)
    assert page.get(address(other, row, "waive")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("rfe_served", "yes", True),
        ("rfe_served", "no", False),
        ("rfe_served", "", None),
        ("detained", "yes", None),
    ],
)
def test_whether_it_came_by_post_is_kept_where_it_matters(
    page: PersonClient, case: Case, kind: str, said: str, kept: bool | None
) -> None:
    sent = {"kind": kind, "day": "2026-05-04", "clock": "10:30", "zone": "America/New_York"}
    answer = page.post(f"/cases/{case.ref}/events/new/", {**sent, "by_mail": said})
    assert answer.status_code == 302
    with agency_context(case.agency_id):
        assert Event.objects.get(case=case).by_mail is kept


@pytest.mark.parametrize(
    ("clock", "read"), [("18:59:60", "2017-01-01T00:00:00+00:00"), ("18:58:60", "")]
)
def test_a_leap_second_is_read_as_the_next_instant_and_no_other(
    page: PersonClient, case: Case, clock: str, read: str
) -> None:
    sent = {"kind": "detained", "day": "2016-12-31", "clock": clock, "zone": "America/New_York"}
    answer = page.post(f"/cases/{case.ref}/events/new/", sent)
    with agency_context(case.agency_id):
        found = [event.at.isoformat() for event in Event.objects.filter(case=case)]
    assert (answer.status_code, found) == ((302, [read]) if read else (422, []))
