"""Lines that are slow, torn, or half open without either end knowing: row F19."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest

from casework.domain.permissions import Principal
from tests.faults.conftest import OpenHouse
from tests.faults.household import CELERY, Crew, Household, wait_until
from tests.faults.planting import lay_out
from tests.faults.proxy import Proxy
from tests.faults.quiet import PROVE, TIMEOUT_SECONDS, at_rest, say
from tests.faults.sockets import is_connected

REMINDERS, SECONDS = (2_000, 120) if PROVE else (60, 9)
DATABASE_PATIENCE_SECONDS = 25 if PROVE else 5
LONGEST_LAG_SECONDS = 30
NOBODY = Crew(sweeps=0, celery=0, beats=0)
pytestmark = [
    pytest.mark.faults,
    pytest.mark.alone,
    pytest.mark.timeout(TIMEOUT_SECONDS),
]


@contextmanager
def line_to(url: str) -> Iterator[tuple[Proxy, str]]:
    """A proxy to the server of that address, and the address that leads through it."""
    address = urlsplit(url)
    with Proxy(target=address.port or 0) as proxy:
        netloc = address.netloc.replace(f":{address.port}", f":{proxy.port}")
        yield proxy, urlunsplit(address._replace(netloc=netloc))


def connected(house: Household, name: str, port: int) -> bool:
    return wait_until(lambda: is_connected(house.running[name].pid, port), seconds=60)


def is_running(house: Household, name: str) -> bool:
    return house.running[name].poll() is None


def test_f19_a_database_that_falls_silent_is_given_up_and_asked_anew(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(NOBODY, OUTBOX_LEASE_SECONDS="10")
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    with line_to(house.env["DATABASE_URL"]) as (line, url):
        patience = str(DATABASE_PATIENCE_SECONDS)
        env = {"DATABASE_URL": url, "DATABASE_PATIENCE_SECONDS": patience}
        loop = ("manage.py", "sweep", "--loop", "--every", "0.2")
        house.start_other("loop", loop, env=env)
        assert connected(house, "loop", line.port)
        field.plant(REMINDERS, seconds=SECONDS)
        line.delay_seconds = 0.02
        time.sleep(SECONDS / 4)
        line.delay_seconds = 0
        line.tear()
        time.sleep(SECONDS / 4)
        line.swallow()
        time.sleep(SECONDS / 4)
        line.pass_on()
        found = at_rest(field)
        assert is_running(house, "loop")
    say("F19", server="PostgreSQL", patience=patience, census=found.line())
    assert found.lag(1) <= LONGEST_LAG_SECONDS + SECONDS / 4
    assert found.repeats <= 2  # one for each cut that fell between sending and marking


@pytest.mark.skipif(not PROVE, reason="half a minute of waiting: runs with PROVE=1")
def test_f19_a_broker_that_falls_silent_is_given_up_and_asked_anew(
    open_house: OpenHouse, alice: Principal
) -> None:
    house = open_house(NOBODY)
    field = lay_out(house, (alice,), cases=1)
    house.begin()
    house.mail.behave(before_seconds=0, after_seconds=0)
    with line_to(house.redis.url) as (line, url):
        worker = (*CELERY, "worker", "--concurrency", "1", "--loglevel", "WARNING")
        house.start_other("worker", worker, env={"REDIS_URL": url})
        beat = (*CELERY, "beat", "--loglevel", "WARNING", "-s", str(house.folder / "beat"))
        house.start_other("beat", beat, env={"REDIS_URL": url})
        assert connected(house, "worker", line.port)
        assert connected(house, "beat", line.port)
        field.plant(REMINDERS, seconds=SECONDS)
        time.sleep(SECONDS / 3)
        line.swallow()
        time.sleep(1)
        line.pass_on()
        healed = time.monotonic()
        found = at_rest(field)
        assert is_running(house, "worker")
        assert is_running(house, "beat")
    say("F19", server="Redis", over_after=f"{time.monotonic() - healed:.0f}", census=found.line())
    assert found.lag(1) <= LONGEST_LAG_SECONDS + 1
