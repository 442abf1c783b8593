import time
from datetime import UTC, datetime
from tests import builders
from tests.faults.household import Crew


def test_smoke(open_house, alice):
    t = time.monotonic()

    def say(w):
        print(f"{time.monotonic() - t:.1f} {w}", flush=True)

    house = open_house(Crew(sweeps=2, beats=1, web=1))
    say("opened")
    then = datetime.now(UTC)
    case = builders.open_case(by=alice, at=then)
    builders.record_event(case=case, by=alice, at=then, kind="uac_determined")
    house.begin()
    say("begun")
    from tests.faults.household import wait_until

    assert wait_until(lambda: house.mail.count() > 0, seconds=10)
    say("mail")
    house.postgres.crash()
    say("crashed")
    house.postgres.start()
    say("up")
    print(house.records.rows("select status, rung, settled_at - fire_at from casework_reminder"))
    builders.open_case(by=alice, at=then)
    assert wait_until(lambda: house.at_work() == list(house.running)[:-1], seconds=30), (
        house.at_work()
    )
    say("back")
    house.redis.change_password()
    time.sleep(1)
    house.redis.restore_password()
    house.redis.flush()
    say("redis")
    house.redis.limit_memory("1kb")
    time.sleep(6)
    house.redis.limit_memory("0")
    house.redis.stop()
    time.sleep(1)
    house.redis.start()
    for n in house.commands:
        say((n, house.stop(n)))
    for n in house.commands:
        print(n, house.log_of(n)[-1500:])
