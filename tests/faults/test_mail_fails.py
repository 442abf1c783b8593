"""The mail server is away, busy, deaf or forgetful, and some letters are poison: rows F14, F24."""

import socket
import time
from collections import Counter

import pytest

from casework.domain.permissions import Principal
from casework.models import User
from config.processes import LOOPBACK
from tests.faults.conftest import OpenHouse
from tests.faults.household import Household, wait_until
from tests.faults.planting import lay_out
from tests.faults.quiet import LOOP_ALONE, PROVE, TIMEOUT_SECONDS, all_fired, at_rest, say

REMINDERS = 10_000 if PROVE else 40
AWAY_SECONDS = 600 if PROVE else 2
LONGEST_LAG_SECONDS = 30
DROPPED = 5
pytestmark = [pytest.mark.faults, pytest.mark.timeout(TIMEOUT_SECONDS)]

_PAUSES_ARE_OVER = "UPDATE casework_outboxmessage SET not_before = now() WHERE sent_at IS NULL"
_WAITING = "SELECT count(*) FROM casework_outboxmessage WHERE sent_at IS NULL"
_WAITING_FOR_OTHERS = """
    SELECT count(*) FROM casework_outboxmessage m JOIN casework_user u ON u.id = m.recipient_id
    WHERE m.sent_at IS NULL AND u.email <> %(email)s
"""
_POISON = """
    INSERT INTO casework_outboxmessage
        (agency_id, ref, key, channel, recipient_id, to_agency_id, template, params, created_at,
         not_before, attempts, last_error, needs_attention)
    SELECT %(agency)s, gen_random_uuid(), key, channel,
           (SELECT id FROM casework_user WHERE email = reader),
           CASE channel WHEN 'agency' THEN %(agency)s END, template, '{}',
           now(), now() - interval '1 hour', 0, '', false
    FROM (VALUES ('poison:template', 'email', 'alice@example.org', 'nonsense'),
                 ('poison:nobody', 'email', 'no one', 'deadline_ahead'),
                 ('poison:inactive', 'email', 'bob@example.org', 'deadline_ahead'),
                 ('poison:address', 'email', 'ada@example.org', 'deadline_ahead'),
                 ('poison:word', 'agency', 'no one', 'nonsense'),
                 ('poison:params', 'agency', 'no one', 'referral_received')
         ) AS poison (key, channel, reader, template)
"""
_POISONED = """
    SELECT key, needs_attention, sent_at IS NULL, attempts FROM casework_outboxmessage
    WHERE key LIKE 'poison:%' ORDER BY key
"""
_WAITING_FOR_TEMPLATE = """
    SELECT count(*) FROM casework_outboxmessage WHERE sent_at IS NULL AND key = 'poison:template'
"""
_ALARMS = """
    SELECT count(DISTINCT key) FROM casework_notice
    WHERE template = 'message_undelivered' AND key LIKE 'undelivered:poison:%'
"""


def drained(house: Household, query: str, **values: str) -> bool:
    """Wait for it while every pause between tries is cut short."""

    def look() -> bool:
        house.records.rows(_PAUSES_ARE_OVER)
        return house.records.count(query, values or None) == 0

    return wait_until(look, seconds=600 if PROVE else 60, every=1)


def test_f14_a_mail_server_may_be_away_busy_refusing_and_forgetful(
    open_house: OpenHouse, alice: Principal, charlie: Principal, charlie_user: User
) -> None:
    house = open_house(LOOP_ALONE)
    field = lay_out(house, (alice, charlie), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    house.mail.down()
    field.plant(REMINDERS, seconds=AWAY_SECONDS)
    time.sleep(AWAY_SECONDS)
    assert all_fired(field)
    house.mail.behave(busy=True)
    house.mail.up()
    time.sleep(AWAY_SECONDS)
    assert house.mail.count() == 0
    house.mail.behave(busy=False, refuse={charlie_user.email: 550}, drop=DROPPED)
    assert drained(house, _WAITING_FOR_OTHERS, email=charlie_user.email)
    assert {str(message["To"]) for message in house.mail.messages()} == {"alice@example.org"}
    house.mail.behave(refuse={})
    assert drained(house, _WAITING)
    found = at_rest(field)
    say("F14", seconds_away=AWAY_SECONDS, accepted_and_cut=DROPPED, census=found.line())
    assert found.lag(1) <= LONGEST_LAG_SECONDS
    # Each that was accepted without a word came once more, under its own name.
    assert found.repeats == DROPPED
    assert Counter(Counter(house.mail.message_ids()).values())[2] == DROPPED


def test_f14_a_mail_server_that_says_nothing_delays_no_reminder(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(LOOP_ALONE)
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.down()
    with socket.create_server((LOOPBACK, house.mail.port), backlog=100):
        field.plant(20, seconds=5)
        assert all_fired(field)
    house.mail.up()
    assert drained(house, _WAITING)
    found = at_rest(field)
    say("F14", silent_server=True, census=found.line())
    assert found.lag(1) <= 3


def test_f24_what_cannot_be_sent_asks_for_attention_and_holds_up_no_other(
    open_house: OpenHouse,
    alice: Principal,
    bob_user: User,
    ada_user: User,
) -> None:
    house = open_house(LOOP_ALONE)
    field = lay_out(house, (alice,), cases=1)
    house.records.rows(_POISON, {"agency": alice.agency_id})
    field.plant(20, seconds=1)
    User.objects.filter(pk=bob_user.pk).update(is_active=False)
    User.objects.filter(pk=ada_user.pk).update(email="ada@example.org\nBcc: all@example.org")
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    poisoned: list[tuple[str, bool, bool, int]] = []

    def all_need_attention() -> bool:
        house.records.rows(_PAUSES_ARE_OVER)
        poisoned[:] = house.records.rows(_POISONED)
        return all(needs for _, needs, _, _ in poisoned)

    assert wait_until(all_need_attention, seconds=60, every=0.5), poisoned
    assert all_fired(field)
    assert wait_until(lambda: house.records.count(_WAITING) == len(poisoned), seconds=60)
    assert house.heal() == []
    assert [unsent for _, _, unsent, _ in poisoned] == [True] * 6
    assert wait_until(lambda: house.records.count(_ALARMS) == 6, seconds=20)
    say("F24", poisoned=[(key, attempts) for key, _, _, attempts in poisoned], alarms=6)
    # Kept, not dead: put right, it leaves.
    house.records.rows(
        "UPDATE casework_outboxmessage SET template = 'deadline_ahead'"
        " WHERE key = 'poison:template'"
    )
    assert drained(house, _WAITING_FOR_TEMPLATE)
