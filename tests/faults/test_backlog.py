"""A day's outage ends and everything is due at once: row F23 of the fault matrix."""

import time
from itertools import pairwise

import pytest

from casework.domain.permissions import Principal
from tests.faults.conftest import OpenHouse
from tests.faults.planting import lay_out
from tests.faults.quiet import LOOP_ALONE, PROVE, TIMEOUT_SECONDS, say
from tests.faults.sockets import wait_until

REMINDERS = 100_000 if PROVE else 3_000
DAY = 86_400
LEAST_PER_SECOND = 500
pytestmark = [
    pytest.mark.faults,
    pytest.mark.alone,
    pytest.mark.timeout(TIMEOUT_SECONDS),
]

_WAITING = """
    SELECT count(*) FROM casework_reminder WHERE rung LIKE 'test_%' AND status = 'scheduled'
"""
_BATCHES = """
    SELECT settled_at, count(*), min(fire_at), max(fire_at) FROM casework_reminder
    WHERE rung LIKE 'test_%' AND status = 'fired' GROUP BY settled_at ORDER BY settled_at
"""
_WRITTEN = """
    SELECT (SELECT count(*) FROM casework_notice n
            JOIN casework_reminder r ON n.key = 'reminder:' || r.ref AND r.rung LIKE 'test_%'),
           (SELECT count(*) FROM casework_outboxmessage m
            JOIN casework_reminder r ON r.ref::text = split_part(m.key, ':', 2)
            AND r.rung LIKE 'test_%' WHERE m.key LIKE 'reminder:%:email:%'),
           (SELECT count(*) FROM casework_journalentry WHERE action = 'reminder.fired'
            AND detail ->> 'rung' LIKE 'test_%')
"""


def test_f23_after_a_day_away_the_oldest_come_first_and_fast(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(LOOP_ALONE)
    field = lay_out(house, (alice,), cases=1)
    planted = field.plant(REMINDERS, seconds=DAY - 60, after=-DAY)
    house.start("sweep 1")
    began = time.monotonic()
    seconds = 1_200 if PROVE else 60
    assert wait_until(lambda: house.records.count(_WAITING) == 0, seconds=seconds)
    whole = time.monotonic() - began
    house.kill("sweep 1")
    batches = house.records.rows(_BATCHES)
    assert sum(count for _, count, _, _ in batches) == planted
    assert all(
        newest <= oldest_of_next
        for (_, _, _, newest), (_, _, oldest_of_next, _) in pairwise(batches)
    )
    # From the first batch to the last, which is itself not counted.
    took = (batches[-1][0] - batches[0][0]).total_seconds()
    rate = (planted - batches[-1][1]) / took
    say(
        "F23",
        due=planted,
        per_second=round(rate),
        batches=len(batches),
        whole_seconds=f"{whole:.1f}",
    )
    assert rate >= LEAST_PER_SECOND
    assert house.records.rows(_WRITTEN) == [(planted, planted, planted)]
