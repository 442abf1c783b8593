"""Clocks on odd days, clocks moved while they fire, people who leave: rows F16, F17 and F18."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Event, User
from casework.services import events
from tests import builders
from tests.faults.conftest import OpenHouse
from tests.faults.household import Crew, Household, wait_until
from tests.faults.planting import Field, lay_out
from tests.faults.quiet import LOOP_ALONE, PROVE, TIMEOUT_SECONDS, at_rest, say

ROUNDS = 100 if PROVE else 6
HOUR = timedelta(hours=1)
pytestmark = [pytest.mark.faults, pytest.mark.timeout(TIMEOUT_SECONDS)]

RUNGS = {
    "started": 0, "left_48h": 24, "left_24h": 48, "left_12h": 60, "left_4h": 68, "left_1h": 71,
    "due": 72,
}  # fmt: skip
ODD_DAYS = [
    ("America/New_York", "2026-03-07T10:00:00-05:00"),
    ("America/New_York", "2026-03-08T01:59:59-05:00"),
    ("America/New_York", "2025-11-02T01:30:00-04:00"),
    ("America/New_York", "2025-11-02T01:30:00-05:00"),
    ("Australia/Lord_Howe", "2025-10-04T12:00:00+10:30"),
    ("Australia/Lord_Howe", "2026-04-05T01:45:00+11:00"),
    ("Australia/Lord_Howe", "2026-04-05T01:45:00+10:30"),
    ("Pacific/Chatham", "2025-09-27T13:00:00+12:45"),
    ("Pacific/Chatham", "2026-04-05T02:50:00+13:45"),
    ("Pacific/Chatham", "2026-04-05T03:30:00+12:45"),
]
_FIRE_AT = """
    SELECT r.rung, r.fire_at FROM casework_reminder r
    JOIN casework_deadline d ON d.id = r.deadline_id JOIN casework_case c ON c.id = d.case_id
    WHERE c.ref = %(case)s AND d.rule = 'UAC-TRANSFER-72H' AND r.rung NOT LIKE 'overdue%%'
"""
_FIRED_OF = """
    SELECT count(*) FROM casework_reminder r JOIN casework_deadline d ON d.id = r.deadline_id
    WHERE r.status = 'fired' AND r.deadline_version = %(version)s AND d.rule = 'UAC-TRANSFER-72H'
"""
_VERSION = "SELECT version FROM casework_deadline WHERE rule = 'UAC-TRANSFER-72H'"
_WAITING_OF = """
    SELECT count(*) FROM casework_reminder r JOIN casework_deadline d ON d.id = r.deadline_id
    WHERE r.status = 'scheduled' AND r.fire_at <= now() AND d.rule = 'UAC-TRANSFER-72H'
"""


@pytest.mark.parametrize(("zone", "moment"), ODD_DAYS if PROVE else ODD_DAYS[::4])
def test_f16_seventy_two_hours_are_elapsed_hours_wherever_the_clocks_jump(
    open_house: OpenHouse, alice: Principal, zone: str, moment: str
) -> None:
    house = open_house(LOOP_ALONE)
    start = datetime.fromisoformat(moment)
    case = builders.open_case(by=alice, at=datetime.now(UTC))
    builders.record_event(
        case=case, by=alice, at=datetime.now(UTC), kind="uac_determined", happened=start, zone=zone
    )
    planned = dict(house.records.rows(_FIRE_AT, {"case": case.ref}))
    assert planned == {rung: start.astimezone(UTC) + n * HOUR for rung, n in RUNGS.items()}


def test_f16_the_zone_of_a_machine_moves_no_reminder(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(Crew(sweeps=1, celery=0, beats=0))
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    for zone in ("America/New_York", "Australia/Lord_Howe", "Pacific/Chatham"):
        assert house.stop("sweep 1") == 0
        house.start("sweep 1", TZ=zone, PGTZ=zone)
        assert wait_until(lambda: house.at_work() == house.workers, seconds=60)
        field.plant(20, seconds=2)
        time.sleep(2)
    found = at_rest(field)
    say("F16", zones=3, census=found.line())
    assert (found.early, found.repeats) == (0, 0)
    assert found.lag(1) <= 30


def test_f17_after_an_edit_nothing_of_the_earlier_version_fires(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(Crew(sweeps=2, celery=0, beats=0, every=0.01))
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    frozen: dict[int, int] = {}
    for number in range(ROUNDS):
        field.plant(60, seconds=3)
        time.sleep(0.3)
        version = house.records.count(_VERSION)
        frozen[version] = edited_while_firing(house, alice, number, version)
    assert wait_until(lambda: house.records.count(_WAITING_OF) == 0, seconds=30)
    later = {version: fired_of(house, version) for version in frozen}
    say("F17", edits=ROUNDS, fired_by_version=list(frozen.values()))
    assert later == frozen
    assert 0 < sum(frozen.values()) < len(field.refs)
    last = house.records.count(_VERSION)
    assert last >= ROUNDS
    assert fired_of(house, last) > 0


def fired_of(house: Household, version: int) -> int:
    return house.records.count(_FIRED_OF, {"version": version})


def edited_while_firing(house: Household, by: Principal, number: int, version: int) -> int:
    """Amend the start, or meet and open again; gives what had fired when that took effect."""
    now = datetime.now(UTC)
    start = now - timedelta(minutes=number + 1)
    moved = events.NewEvent(kind="uac_determined", at=start, zone="Pacific/Chatham")
    met = events.NewEvent(kind="custody_transferred", at=now, zone="America/New_York")
    with transaction.atomic(), agency_context(by.agency_id):
        event = Event.objects.standing().select_related("case").get(kind="uac_determined")
        if number % 3 < 2:
            events.amend_event(event, moved, by=by, at=now)
        else:
            events.record_event(event.case, met, by=by, at=now)
        # Until we commit, nothing of that version can fire any more: its rows are ours.
        fired_then = fired_of(house, version)
    with agency_context(by.agency_id):
        for custody in Event.objects.standing().filter(kind="custody_transferred"):
            events.retract_event(custody, by=by, at=datetime.now(UTC))
    return fired_then


def test_f18_who_leaves_between_claim_and_send_is_not_written_to(
    open_house: OpenHouse, alice: Principal, bob_user: User, carol: Principal
) -> None:
    house = open_house(LOOP_ALONE)
    field = lay_out(house, (alice, carol), cases=1)
    house.begin()
    house.mail.behave(before_seconds=1.0)
    field.plant(4, seconds=0.1)
    assert wait_until(lambda: bool(house.sending()), seconds=20, every=0.02)
    claimed = _claimed_of(house, carol)
    house.records.rows(
        "UPDATE casework_membership SET ended_at = now() WHERE user_id = %(user)s",
        {"user": carol.user_id},
    )
    gone = _sent_to(house, "carol@example.org")
    house.mail.behave(before_seconds=0, after_seconds=0)
    assert wait_until(lambda: all(needs for _, needs in _kept_from(house, carol)), seconds=30)
    kept = _kept_from(house, carol)
    say("F18", claimed_then=claimed, kept_back=len(kept), sent_before=gone)
    assert claimed > 0
    assert kept == [("UndeliverableError", True)] * len(kept) != []
    assert _sent_to(house, "carol@example.org") <= gone + 1  # one was on the wire
    assert house.records.count(
        "SELECT count(*) FROM casework_notice WHERE template = 'message_undelivered'"
        " AND recipient_id = %(bob)s",
        {"bob": bob_user.pk},
    ) == len(kept)
    assert wait_until(lambda: _sent_to(house, "alice@example.org") >= 3, seconds=30)


def test_f18_a_closed_case_goes_on_being_told_for_closing_is_not_meeting(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(LOOP_ALONE)
    field: Field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0.3)
    field.plant(6, seconds=0.1)
    assert wait_until(lambda: bool(house.sending()), seconds=20, every=0.02)
    with agency_context(alice.agency_id):
        case = Event.objects.select_related("case").get(kind="uac_determined").case
    builders.close_case(case=case, by=alice, at=datetime.now(UTC))
    assert at_rest(field).repeats == 0


def _claimed_of(house: Household, who: Principal) -> int:
    return house.records.count(
        "SELECT count(*) FROM casework_outboxmessage WHERE recipient_id = %(user)s"
        " AND sent_at IS NULL AND lease_until > now()",
        {"user": who.user_id},
    )


def _kept_from(house: Household, who: Principal) -> list[tuple[str, bool]]:
    return house.records.rows(
        "SELECT last_error, needs_attention FROM casework_outboxmessage"
        " WHERE recipient_id = %(user)s AND sent_at IS NULL",
        {"user": who.user_id},
    )


def _sent_to(house: Household, address: str) -> int:
    return sum(message["To"] == address for message in house.mail.messages())
