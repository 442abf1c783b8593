"""What befalls a household: a plan drawn from a seed, carried out at its moments."""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import redis

from tests.faults.census import Outage
from tests.faults.household import FIRES, Household, wait_until

_LASTING: Mapping[str, tuple[str, str]] = {
    "redis away": ("_redis_leaves", "_redis_returns"),
    "redis locked": ("_redis_locks", "_redis_opens"),
    "redis full": ("_redis_fills", "_redis_empties"),
    "mail away": ("_mail_leaves", "_mail_returns"),
    "mail busy": ("_mail_is_busy", "_mail_is_free"),
    "hooks away": ("_hooks_leave", "_hooks_return"),
    "freeze": ("_freeze", "_thaw"),
    "beat away": ("_beats_leave", "_beats_return"),
}
_SUDDEN: Mapping[str, str] = {
    "kill": "_kill",
    "kill group": "_kill_group",
    "crash": "_crash",
    "write": "_write",
    "replace": "_replace",
    "flush": "_flush",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """One kind of fault: how often, and for how long where it lasts."""

    kind: str
    times: int = 1
    seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class Fates:
    """Carries the plan out; keeps count of what it did and of when the database was away."""

    house: Household
    chance: random.Random
    token: str = ""
    """Of a partner who writes through the API meanwhile."""
    frozen: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    outages: list[Outage] = field(default_factory=list)

    @property
    def repeats_allowed(self) -> int:
        """One for each process that may have died between sending and marking.

        A crash of the database, or of the mail server, takes everyone's last mark or answer.
        """
        sending = [name for name in self.house.workers if name != FIRES]
        senders = sum(2 if name.startswith("celery") else 1 for name in sending)
        everyone = self.done["crash"] + self.done["mail away"]
        killed = self.done["kill"] + self.done["kill group"]
        return killed + self.done["freeze"] + senders * everyone

    def strike(self, blows: list[Blow], *, seconds: float) -> None:
        """All of them, spread by chance over the seconds; whatever ends meanwhile is restarted."""
        began = time.monotonic()
        for moment, act in self._plan(blows, seconds):
            while time.monotonic() < began + moment:
                time.sleep(0.1)
                self.house.heal()
            act()

    def _plan(self, blows: list[Blow], seconds: float) -> list[tuple[float, Callable[[], None]]]:
        plan: list[tuple[float, Callable[[], None]]] = []
        for blow in blows:
            self.done[blow.kind] += blow.times
            for number in range(blow.times):
                # One in each of as many equal parts of the time, so that none overlaps its like.
                part = (seconds - blow.seconds) / blow.times
                moment = part * (number + self.chance.random())
                if blow.kind in _SUDDEN:
                    plan.append((moment, getattr(self, _SUDDEN[blow.kind])))
                    continue
                first, last = _LASTING[blow.kind]
                plan.append((moment, getattr(self, first)))
                plan.append((moment + blow.seconds, getattr(self, last)))
        return sorted(plan, key=lambda entry: entry[0])

    def _kill(self) -> None:
        self.done[f"kill {self.house.kill_one(self.chance)}"] += 1

    def _crash(self) -> None:
        began = datetime.now(UTC)
        self.house.postgres.crash()
        self.house.postgres.start()
        self.outages.append((began, datetime.now(UTC)))

    def _kill_group(self) -> None:
        name = self.chance.choice(self.house.sending() or self.house.workers)
        self.house.kill(name)
        self.house.start(name)

    def _freeze(self) -> None:
        """One that is sending, where there is any."""
        wait_until(lambda: bool(self.house.sending()), seconds=2, every=0.05)
        name = self.chance.choice(self.house.sending() or self.house.workers)
        self.house.freeze(name)
        self.frozen.append(name)

    def _thaw(self) -> None:
        self.house.thaw(self.frozen.pop(0))

    def _write(self) -> None:
        """A partner opens a case through the API; anything but a 201 is counted."""
        status = self.house.post("/api/v1/cases/", {"door": "border"}, token=self.token)
        self.done["refused" if status != 201 else "written"] += 1

    def _replace(self) -> None:
        """As a rolling deploy does: one that works is asked to end, waited for, started again."""
        able = [name for name in self.house.workers if name not in self.frozen]
        name = able[self.done["replaced"] % len(able)]
        self.done["replaced"] += 1
        wait_until(lambda: name in self.house.at_work(), seconds=60)
        if self.house.stop(name) is None:
            said = self.house.log_of(name)[-3000:]
            raise AssertionError(f"{name} does not end when asked to: {said}")
        self.house.start(name)

    def _flush(self) -> None:
        with suppress(redis.RedisError):  # it may be away just then, and has forgotten all
            self.house.redis.flush()

    def _redis_leaves(self) -> None:
        self.house.redis.stop()
        self._ask_whether_it_is_noticed()

    def _redis_returns(self) -> None:
        self.house.redis.start()

    def _redis_locks(self) -> None:
        with suppress(redis.RedisError):
            self.house.redis.change_password()
        self._ask_whether_it_is_noticed()

    def _redis_opens(self) -> None:
        with suppress(redis.RedisError):  # started anew meanwhile, it takes the right one
            self.house.redis.restore_password()

    def _redis_fills(self) -> None:
        with suppress(redis.RedisError):
            self.house.redis.limit_memory("1kb")
        self._ask_whether_it_is_noticed()

    def _redis_empties(self) -> None:
        with suppress(redis.RedisError):
            self.house.redis.limit_memory("0")

    def _ask_whether_it_is_noticed(self) -> None:
        if self.house.crew.web:
            self.done[f"said {self.house.readiness().get('status')}"] += 1

    def _mail_leaves(self) -> None:
        self.house.mail.down()

    def _mail_returns(self) -> None:
        self.house.mail.up()

    def _mail_is_busy(self) -> None:
        self.house.mail.behave(busy=True)

    def _mail_is_free(self) -> None:
        self.house.mail.behave(busy=False)

    def _hooks_leave(self) -> None:
        self.house.hooks.down()

    def _hooks_return(self) -> None:
        self.house.hooks.up()

    def _beats_leave(self) -> None:
        beats = [name for name in self.house.running if name.startswith("beat")]
        self.house.resting |= set(beats)
        for name in beats:
            self.house.kill(name)

    def _beats_return(self) -> None:
        self.house.resting.clear()
        self.house.heal()
