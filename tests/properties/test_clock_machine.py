"""Whatever is recorded, amended and done, in any order: the stored clocks beside a plain model."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline, Event
from casework.services import deadline_acts, events, facts, rederiving
from tests.cast import without_context
from tests.properties.clock_checks import (
    RULES,
    kinds,
)
from tests.properties.clock_ledger import ALLOWED, SKEW, Deed
from tests.properties.clock_play import Play, Stage
from tests.properties.clock_story import AHEAD
from tests.properties.clock_walk import is_kept

FULL = bool(os.environ.get("PROVE"))
TEAMS = 4 if FULL else 1
RUNS, STEPS = (250, 50) if FULL else (10, 20)
"""Of each team; several of them can play at the same time."""
ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago")
_MINUTES = st.integers(-400 * 1440, 0) | st.integers(-4 * 1440, 0)
_REASONS = st.sampled_from(["A reason."] * 9 + [" "])


GROUNDS = {
    "extend": [name for name in RULES if any("extension" in one for one in RULES[name])],
    "pause": [name for name in RULES if any("tolling" in one for one in RULES[name])],
}
ACTS: Mapping[str, Any] = {
    "meet": deadline_acts.meet_deadline,
    "pause": deadline_acts.pause_deadline,
    "resume": deadline_acts.resume_deadline,
    "extend": deadline_acts.extend_deadline,
    "waive": deadline_acts.waive_deadline,
    "exception": deadline_acts.rely_on_exception,
    "review": deadline_acts.review_deadline,
}
KINDS = kinds()
_HAPPENED = st.tuples(
    st.sampled_from(KINDS), _MINUTES, st.sampled_from(ZONES), st.sampled_from([None, True, False])
)


class ClockMachine(Play):
    """What can happen: each rule does one thing to the real case and the same to the model."""

    @initialize(first=st.lists(_HAPPENED, min_size=2, max_size=6))
    def begin(self, first: list[tuple[str, int, str, bool | None]]) -> None:
        """A case in which some things have happened."""
        self._open()
        for happened in first:
            self._record(*happened)

    @rule(happened=_HAPPENED)
    def record(self, happened: tuple[str, int, str, bool | None]) -> None:
        """Something happened, of any kind."""
        self._record(*happened)

    @precondition(lambda self: self.seen.clocks)
    @rule(index=st.integers(0, 99), happened=_HAPPENED)
    def record_what_meets(self, index: int, happened: tuple[str, int, str, bool | None]) -> None:
        """Something happened by which one of the clocks is met, or over."""
        row = self._row(index, "meet")
        one = RULES[row.rule][-1]
        kinds = [*one.get("met_by", ()), *one.get("met_by", ()), *one.get("ends_with", ())]
        self._record(str(kinds[index % len(kinds)]) if kinds else happened[0], *happened[1:])

    def _record(self, kind: str, back: int, zone: str, mail: bool | None) -> None:
        """What may lie ahead does so half the time."""
        ahead = kind in AHEAD and back % 2
        at = self.model.now + timedelta(minutes=-back if ahead else back)
        new = events.NewEvent(kind=kind, at=at, zone=zone, by_mail=mail)
        event, _ = events.record_event(self.case, new, by=self.stage.by, at=self.model.now)
        self.model.record(kind, at, zone, by_mail=mail, ref=str(event.ref))
        self._agree("record")

    @precondition(lambda self: self.model.events)
    @rule(index=st.integers(0, 99), minutes=st.integers(-3 * 1440, 3 * 1440))
    def amend(self, index: int, minutes: int) -> None:
        """It happened at another time; what was replaced already cannot be amended again."""
        old = self.model.events[index % len(self.model.events)]
        at = old["at"] + timedelta(minutes=minutes)
        new = events.NewEvent(kind=old["kind"], at=at, zone=old["zone"], by_mail=old["by_mail"])
        allowed = old["standing"] and (at <= self.model.now + SKEW or old["kind"] in AHEAD)
        row = Event.objects.get(ref=old["ref"])

        def amended() -> None:
            event, _ = events.amend_event(row, new, by=self.stage.by, at=self.model.now)
            self.model.amend(old, at, ref=str(event.ref))

        self._try("amend", amended, allowed=allowed)

    @precondition(lambda self: self.model.events)
    @rule(index=st.integers(0, 99))
    def retract(self, index: int) -> None:
        """It never happened."""
        old = self.model.events[index % len(self.model.events)]
        row = Event.objects.get(ref=old["ref"])
        allowed = old["standing"]

        def retracted() -> None:
            events.retract_event(row, by=self.stage.by, at=self.model.now)
            old["standing"] = False

        self._try("retract", retracted, allowed=allowed)

    @precondition(lambda self: self.seen.clocks)
    @rule(
        kind=st.sampled_from(["meet", "meet", "waive", "exception", "review"]),
        index=st.integers(0, 99),
        share=st.integers(-2, 102),
        reason=_REASONS,
    )
    def settle(self, kind: str, index: int, share: int, reason: str) -> None:
        """Somebody met a clock, waived it, looked again, or relies on an exception."""
        self._act(kind, index, share, reason, longer=1 if index % 9 == 8 else None)

    @precondition(lambda self: self.seen.clocks)
    @rule(
        kind=st.sampled_from(["pause", "resume", "extend"]),
        index=st.integers(0, 99),
        share=st.integers(-2, 102),
        reason=_REASONS,
        longer=st.none() | st.integers(-5, 90),
    )
    def stretch(self, kind: str, index: int, share: int, reason: str, longer: int | None) -> None:
        """Somebody pauses, resumes or extends a clock."""
        self._act(kind, index, share, reason, longer=longer if kind == "extend" else None)

    def _act(self, kind: str, index: int, share: int, reason: str, *, longer: int | None) -> None:
        """Where the rules give no ground, it is refused and nothing moves."""
        statuses = {one["status"] for one in self.seen.clocks.values()}
        if index % 8 != 7 and not statuses & ALLOWED[kind]:
            kind = "meet"
        row = self._row(index, kind)
        key = (row.rule, row.period)
        since = _between(row.started_at or self.model.now, self.model.now, share)
        until = None
        if longer is not None:
            until = (row.due_on or self.model.now.date()) + timedelta(days=longer)
        deed = Deed(kind=kind, reason=reason.strip(), since=since, until=until)
        real = deadline_acts.Deed(reason=reason, since=since, until=until)
        allowed = self.model.allows(key, deed, row.zone)

        def acted() -> None:
            ACTS[kind](row, real, by=self.stage.by, at=self.model.now)
            self.model.act(key, deed)

        self._try(kind, acted, allowed=allowed)

    @precondition(lambda self: self.model.acts)
    @rule(index=st.integers(0, 99))
    def reopen(self, index: int) -> None:
        """What was met or waived by hand is taken back."""
        row = self._row(index, "reopen")
        if index % 8 != 7:
            settled = {(one["rule"], one["period"]) for one in self.model.acts}
            keys = {(one["rule"], one["period"]): pk for pk, one in self.seen.clocks.items()}
            pks = sorted(keys[key] for key in settled)
            row = Deadline.objects.for_display().get(pk=pks[index % len(pks)])
        done = self.model.done((row.rule, row.period), "meet", "waive")
        deed = deadline_acts.Deed(reason="Taken back.")

        def reopened() -> None:
            deadline_acts.reopen_deadline(row, deed, by=self.stage.by, at=self.model.now)
            for one in done:
                one["undone"] = True

        self._try("reopen", reopened, allowed=bool(done))

    @rule(index=st.integers(0, 99), near=st.integers(-9, 9))
    def holiday(self, index: int, near: int) -> None:
        """Offices are closed on a further day, often near a last day; or open again."""
        due = sorted(one["due_on"] for one in self.seen.clocks.values() if one["due_on"])
        day = (due[index % len(due)] if due else self.model.now.date()) + timedelta(days=near // 3)
        if day in self.model.closed and near % 2:
            with without_context():
                rederiving.remove_holiday("federal", day, at=self.model.now)
            self.model.closed.remove(day)
            self._agree("holiday")
            return

        def added() -> None:
            words = {"title": "Closed by order", "citation": "An order"}
            with without_context():
                rederiving.add_holiday("federal", day, at=self.model.now, **words)
            self.model.closed.add(day)

        self._try("holiday", added, allowed=not is_kept(day, self.model.closed))

    @rule(visa=st.sampled_from(["A-3", "G-5", "B-1", ""]), days=st.integers(0, 24 * 365))
    def fact(self, visa: str, days: int) -> None:
        """A fact that switches a clock on or off, or a date of birth, from which ages follow."""
        born = self.model.now.date() - timedelta(days=days)
        code, value = ("visa_class", visa) if visa else ("date_of_birth", born.isoformat())
        facts.assert_fact(self.case, code, value, by=self.stage.by, at=self.model.now)
        self.model.facts[code] = visa or born
        self._agree("fact")

    @rule(minutes=st.integers(1, 4 * 1440) | st.integers(1, 200 * 1440))
    def time_passes(self, minutes: int) -> None:
        """Nothing happens but time; the round that looks again finds what it changes."""
        self.model.now += timedelta(minutes=minutes)
        rederiving.look_again(self.stage.agency, at=self.model.now)
        self._agree("time")

    def _row(self, index: int, kind: str) -> Deadline:
        """One of the clocks, rather one about which that can be done."""
        wanted = sorted(self.seen.clocks)
        fit = [pk for pk in wanted if self.seen.clocks[pk]["status"] in ALLOWED.get(kind, ())]
        if kind in GROUNDS:
            fit = [pk for pk in fit if self.seen.clocks[pk]["rule"] in GROUNDS[kind]] or fit
        pks = fit if fit and index % 8 != 7 else wanted
        return Deadline.objects.for_display().get(pk=pks[index % len(pks)])


def _between(start: datetime, now: datetime, share: int) -> datetime:
    """So many hundredths of the time that has passed; beyond a hundred it is still to come."""
    return start + (max(now, start + timedelta(days=1)) - start) * share / 100


@pytest.mark.parametrize("team", range(TEAMS))
def test_the_stored_clocks_are_those_of_the_model_whatever_is_done_in_any_order(
    team: int,
    committed_db: None,  # noqa: ARG001
    harbor: Agency,
    bob: Principal,
    case: Case,
) -> None:
    class Here(ClockMachine):
        stage = Stage(agency=harbor, case=case, by=bob)

    Play.steps.clear()
    calm = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Here, settings=calm, _min_steps=STEPS)
    done = Play.steps
    print(team, dict(done.most_common()))  # noqa: T201
    assert done["runs"] >= RUNS
    assert done.total() - done["runs"] >= RUNS * STEPS
