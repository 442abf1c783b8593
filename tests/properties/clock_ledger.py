"""A case with its clocks in plain Python: what was recorded and done, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.properties.clock_oracle import expected
from tests.properties.clock_story import Says, Story, Written
from tests.properties.clock_walk import day_in

Key = tuple[str, str]
"""A rule and one of its periods."""
STARTED = {"running", "paused", "review", "open", "cannot_compute", "not_computed", "no_deadline"}
ALLOWED = {
    "meet": STARTED | {"ended"},
    "waive": STARTED | {"ended"},
    "exception": STARTED | {"ended"},
    "pause": {"running"},
    "resume": {"paused"},
    "extend": {"running", "paused"},
    "review": {"review"},
}
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What somebody wants to do about one period."""

    kind: str
    reason: str
    since: datetime
    until: date | None


def _hours(at: datetime, number: int) -> datetime:
    return at + timedelta(hours=number)


@dataclass(kw_only=True)
class Ledger:
    """All that the clocks follow from. Nothing of a clock is kept: it is worked out each time."""

    rules: Mapping[str, Sequence[Written]]
    now: datetime
    zone: str
    events: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    acts: list[dict[str, Any]] = field(default_factory=list)
    closed: set[date] = field(default_factory=set)

    def says(self) -> dict[Key, Says]:
        """Every period of every clock at this moment."""
        found: dict[Key, Says] = {}
        for name, versions in self.rules.items():
            story = Story(
                versions=list(versions),
                events=[one for one in self.events if one["standing"]],
                as_of=self.now,
                facts=self.facts,
                acts=[one for one in self.acts if one["rule"] == name and not one["undone"]],
                closed=frozenset(self.closed),
                agency_zone=self.zone,
            )
            found |= {(name, period): say for period, say in expected(story, _hours).items()}
        return found

    def record(self, kind: str, at: datetime, zone: str, *, by_mail: bool | None, ref: str) -> None:
        """One more event."""
        new = {"kind": kind, "at": at, "zone": zone, "by_mail": by_mail, "ref": ref}
        self.events.append(new | {"lineage": ref, "seq": len(self.events), "standing": True})

    def amend(self, old: dict[str, Any], at: datetime, *, ref: str) -> None:
        """Another moment in the place of the old one; the line goes on."""
        old["standing"] = False
        new = old | {"at": at, "ref": ref, "seq": len(self.events), "standing": True}
        self.events.append(new)

    def done(self, key: Key, *kinds: str) -> list[dict[str, Any]]:
        """What was done about a period and not undone."""
        return [
            one
            for one in self.acts
            if (one["rule"], one["period"]) == key and one["kind"] in kinds and not one["undone"]
        ]

    def act(self, key: Key, deed: Deed) -> None:
        """One more thing done."""
        new = {"rule": key[0], "period": key[1], "kind": deed.kind, "undone": False}
        self.acts.append(new | {"at": deed.since, "until": deed.until})

    def allows(self, key: Key, deed: Deed, zone: str) -> bool:
        """Whether the rules give ground for the deed."""
        say = self.says().get(key)
        if say is None or not deed.reason or say.state not in ALLOWED[deed.kind]:
            return False
        if deed.since > self.now + SKEW or not self._after_start(say, deed.since, zone):
            return False
        rule = next(one for one in self.rules[key[0]] if one["version"] == say.version)
        if deed.kind == "extend":
            return self._may_extend(key, deed, rule, say)
        if deed.until is not None:
            return False
        if deed.kind == "pause":
            over = max((one["at"] for one in self.done(key, "resume")), default=deed.since)
            return bool(rule.get("tolling")) and deed.since >= over
        return deed.kind != "resume" or self._may_resume(key, deed)

    def _after_start(self, say: Says, since: datetime, zone: str) -> bool:
        if say.started_at is None:
            return True
        start = min(say.started_at, say.due_at or say.started_at)
        if say.due_on or say.review_on:
            return day_in(since, zone) >= day_in(start, zone)
        return since >= start

    def _may_extend(self, key: Key, deed: Deed, rule: Written, say: Says) -> bool:
        extension = rule.get("extension")
        if extension is None or len(self.done(key, "extend")) >= (extension.get("times") or 99):
            return False
        if extension.get("by"):
            return deed.until is None
        return deed.until is not None and (say.due_on is None or deed.until > say.due_on)

    def _may_resume(self, key: Key, deed: Deed) -> bool:
        paused = max((one["at"] for one in self.done(key, "pause")), default=None)
        over = max((one["at"] for one in self.done(key, "resume")), default=None)
        if paused is None or (over is not None and over >= paused):
            return False
        return bool(deed.since >= paused)
