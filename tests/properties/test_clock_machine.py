"""Whatever is recorded, amended and done, in any order: the stored clocks beside a plain model."""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from casework.access import set_context
from casework.domain.errors import CaseworkError
from casework.domain.ladders import QuietHours, Rung
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline, DeadlineAct, Definition, Event, Reminder
from casework.models.journal import JournalEntry
from casework.services import deadline_acts, events, facts, rederiving
from tests.builders import MOMENT
from tests.cast import without_context
from tests.properties.clock_ledger import ALLOWED, SKEW, Deed, Ledger
from tests.properties.clock_story import AHEAD, Says, Written
from tests.properties.clock_walk import is_kept
from tests.seeds import rows

FULL = bool(os.environ.get("PROVE"))
TEAMS = 4 if FULL else 1
RUNS, STEPS = (250, 50) if FULL else (10, 20)
"""Of each team; several of them can play at the same time."""
CHOSEN = (
    *("UAC-TRANSFER-72H", "RFE-84", "ASYLUM-EAD-150", "CHILD-INTERIM-90", "CP-2Y", "EAD-RENEW"),
    *("DOMESTIC-INTERVIEW-1Y", "TIMS-HALF", "REMOVAL-SCREEN", "DETENTION-REVIEW", "AR11-10"),
    "VAWA-CHILD-21",
)
"""One of each sort, so that every way to count, to stretch, to meet and to come back is among."""
ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago")
_MINUTES = st.integers(-400 * 1440, 0) | st.integers(-4 * 1440, 0)
_REASONS = st.sampled_from(["A reason."] * 9 + [" "])


def _written() -> dict[str, list[Written]]:
    found: dict[str, list[Written]] = {name: [] for name in CHOSEN}
    for one in rows.clocks():
        if one.id in found:
            found[one.id].append(one.model_dump(by_alias=True, exclude_defaults=True))
    assert all(found.values())
    return found


def _kinds(rules: dict[str, list[Written]]) -> list[str]:
    kinds: list[str] = []
    for version in (one for versions in rules.values() for one in versions):
        trigger = version["trigger"]
        kinds += [trigger["event"]] if "event" in trigger else []
        kinds += [*trigger.get("earliest_of", ()), *trigger.get("latest_of", ())] * 2
        kinds += [*version.get("met_by", ()), *version.get("ends_with", ())]
        for tolling in version.get("tolling", ()):
            kinds += [tolling["from"], *tolling["to"]]
    return sorted(map(str, kinds))


RULES = _written()
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
KINDS = _kinds(RULES)
LADDERS = {
    (name, one["version"]): rows.ladders()[one["rungs"]]
    for name, versions in RULES.items()
    for one in versions
}
_HAPPENED = st.tuples(
    st.sampled_from(KINDS), _MINUTES, st.sampled_from(ZONES), st.sampled_from([None, True, False])
)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where it plays: one agency, one supervisor, one case."""

    agency: Agency
    case: Case
    by: Principal


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Everything stored about the clocks of the case at one moment."""

    clocks: dict[int, dict[str, Any]]
    reminders: list[tuple[int, int, str, datetime, str]]
    journal: list[tuple[str, str]]
    """Action and deadline of every entry about a clock that moved."""


_COLUMNS = [field.attname for field in Deadline._meta.get_fields() if hasattr(field, "attname")]
_UNWATCHED = {"id", "updated_at", "version", "definition__version"}


def _look(case: Case) -> Seen:
    moved = JournalEntry.objects.filter(subject=f"case:{case.ref}", action__startswith="deadline.")
    entries = moved.exclude(action__startswith="deadline.act.").order_by("id")
    clocks = Deadline.objects.filter(case=case)
    reminders = Reminder.objects.filter(deadline__case=case).order_by("id")
    return Seen(
        clocks={one["id"]: one for one in clocks.values(*_COLUMNS, "definition__version")},
        reminders=list(
            reminders.values_list("deadline", "deadline_version", "rung", "fire_at", "status")
        ),
        journal=list(entries.values_list("action", "detail__deadline")),
    )


class ClockMachine(RuleBasedStateMachine):
    """Each rule does one thing to the real case and to the model, and holds one against the other.

    A run is one transaction that is rolled back, so that a thousand of them share one case.
    """

    stage: ClassVar[Stage]
    steps: ClassVar[Counter[str]] = Counter()

    @initialize(first=st.lists(_HAPPENED, min_size=2, max_size=6))
    def begin(self, first: list[tuple[str, int, str, bool | None]]) -> None:
        """A case in which some things have happened."""
        self.play = ExitStack()
        self.play.enter_context(transaction.atomic())
        zone = self.stage.agency.time_zone
        self.model = Ledger(rules=RULES, now=MOMENT, zone=zone)
        others = Definition.objects.of_kind("clock").current().exclude(code__in=CHOSEN)
        others.update(withdrawn_at=MOMENT)
        set_context(agency_id=self.stage.agency.pk)
        ClockMachine.steps["runs"] += 1
        self.case = Case.objects.for_display().get(pk=self.stage.case.pk)
        self.seen = _look(self.case)
        for happened in first:
            self._record(*happened)

    def teardown(self) -> None:
        """Nothing of it stays."""
        if hasattr(self, "play"):
            transaction.set_rollback(True)
            self.play.close()

    # --- what can happen ---

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

    # --- what must hold ---

    def _row(self, index: int, kind: str) -> Deadline:
        """One of the clocks, rather one about which that can be done."""
        wanted = sorted(self.seen.clocks)
        fit = [pk for pk in wanted if self.seen.clocks[pk]["status"] in ALLOWED.get(kind, ())]
        if kind in GROUNDS:
            fit = [pk for pk in fit if self.seen.clocks[pk]["rule"] in GROUNDS[kind]] or fit
        pks = fit if fit and index % 8 != 7 else wanted
        return Deadline.objects.for_display().get(pk=pks[index % len(pks)])

    def _try(self, step: str, do: Callable[[], None], *, allowed: bool) -> None:
        """What is allowed is done, what is not is refused and leaves everything as it was."""
        refusal = None
        try:
            with transaction.atomic():
                do()
        except CaseworkError as error:
            refusal = error
        assert allowed is (refusal is None), f"{step}: {refusal or 'not refused'}"
        assert not refusal or self._nothing_moved(), f"{step} was refused, yet it moved"
        self._agree("refused" if refusal else step)

    def _nothing_moved(self) -> bool:
        acts = DeadlineAct.objects.filter(deadline__case=self.case, undone_at__isnull=True).count()
        happened = Event.objects.filter(case=self.case).count()
        recorded = len([one for one in self.model.acts if not one["undone"]])
        same = (acts, happened) == (recorded, len(self.model.events))
        return same and _look(self.case) == self.seen

    def _agree(self, step: str) -> None:
        ClockMachine.steps[step] += 1
        before, self.seen = self.seen, _look(self.case)
        says = self.model.says()
        stored = {(one["rule"], one["period"]): one for one in self.seen.clocks.values()}
        assert {key: _told(stored[key]) for key in says if key in stored} == {
            key: _expected(say) for key, say in says.items()
        }
        for key in set(stored) - set(says):
            assert _told(stored[key]) == STOPPED
        self._check_versions(before)
        self._check_reminders()
        if step in ("time", "refused", "exception", "review"):
            self._check_that_missed_stays_missed(before)

    def _check_versions(self, before: Seen) -> None:
        """Versions grow with what reminders hang on, and the journal tells each move once."""
        moved = []
        for pk, now in self.seen.clocks.items():
            then = before.clocks.get(pk)
            changed = {name for name in now if then is None or now[name] != then[name]} - _UNWATCHED
            if changed:
                moved.append(str(now["ref"]))
            hung = changed & {"status", "started_at", "due_at", "review_on", "zone"}
            assert now["version"] == (then["version"] if then else 0) + bool(hung)
        assert set(before.clocks) <= set(self.seen.clocks)
        entries = self.seen.journal[len(before.journal) :]
        assert sorted(deadline for _, deadline in entries) == sorted(moved)

    def _check_reminders(self) -> None:
        hung: dict[int, dict[str, tuple[datetime, str]]] = {pk: {} for pk in self.seen.clocks}
        for pk, version, code, fire_at, status in self.seen.reminders:
            if version == self.seen.clocks[pk]["version"]:
                hung[pk][code] = (fire_at, status)
            else:
                assert status != "scheduled", "a reminder of an earlier version is scheduled"
        for pk, clock in self.seen.clocks.items():
            _check_ladder(clock, hung[pk], self.model.now)

    def _check_that_missed_stays_missed(self, before: Seen) -> None:
        for pk, then in before.clocks.items():
            assert self.seen.clocks[pk]["late"] or not then["late"]


def _check_ladder(clock: dict[str, Any], hung: dict[str, Any], now: datetime) -> None:
    """Every rung of the ladder and nothing else, the ones to come scheduled."""
    ladder = LADDERS[clock["rule"], clock["definition__version"]]
    scheduled = {code for code, (_, status) in hung.items() if status == "scheduled"}
    starts = {rung.code for rung in ladder.rungs if rung.anchor == "start"}
    hangs = clock["status"] in ("running", "review") or (clock["status"], clock["marks"]) == OPENED
    if not hangs:
        told = clock["status"] in ("open", "no_deadline")
        assert scheduled <= (starts if told else set())
        return
    once = {rung.code for rung in ladder.rungs}
    repeats = set(hung) - once
    assert set(hung) >= once
    assert bool(repeats) == bool(ladder.repeat)
    assert all(code.startswith("overdue_") for code in repeats)
    assert len(repeats) <= 2
    assert {code for code, (fire_at, _) in hung.items() if fire_at > now} <= scheduled
    if ladder.repeat or any(fire_at > now for fire_at, _ in hung.values()):
        assert scheduled
    for rung in ladder.rungs:
        assert hung[rung.code][0] == _fires_at(clock, rung, ladder.quiet_hours)


def _fires_at(clock: dict[str, Any], rung: Rung, quiet: QuietHours | None) -> datetime:
    """When a rung fires: days by the wall clock at nine, all else by what has really passed."""
    if rung.anchor == "start":
        at = clock["started_at"] + timedelta(minutes=rung.offset_minutes)
    else:
        day = clock["due_on"] or clock["review_on"]
        days, minutes = divmod(rung.offset_minutes, 1440)
        if day is None or minutes:
            at = clock["due_at"] + timedelta(minutes=rung.offset_minutes)
        else:
            nine = time(9, tzinfo=ZoneInfo(clock["zone"]))
            at = datetime.combine(day + timedelta(days=days), nine).astimezone(UTC)
    return _awake(at, clock["zone"], quiet, ahead=rung.anchor == "due") if quiet else at


def _awake(at: datetime, zone: str, quiet: QuietHours, *, ahead: bool) -> datetime:
    """Minute by minute out of the quiet hours: back for what warns ahead, on for the rest."""
    step = timedelta(minutes=-1 if ahead else 1)

    def asleep(moment: datetime) -> bool:
        there = moment.astimezone(ZoneInfo(zone)).time()
        return there >= quiet.from_ or there < quiet.to

    if not asleep(at):
        return at
    at = at.replace(second=0, microsecond=0)
    while asleep(at):
        at += step
    return at - step if ahead else at


def _between(start: datetime, now: datetime, share: int) -> datetime:
    """So many hundredths of the time that has passed; beyond a hundred it is still to come."""
    return start + (max(now, start + timedelta(days=1)) - start) * share / 100


def _told(clock: dict[str, Any]) -> dict[str, Any]:
    names = ("started_at", "due_at", "due_on", "met_at", "late", "paused_at")
    names += ("closes_at", "review_on", "assumed_due_at")
    told = {"state": clock["status"], "version": clock["definition__version"]}
    if told["state"] == "stopped":
        told["version"] = ""
    return told | {name: clock[name] for name in names}


def _expected(say: Says) -> dict[str, Any]:
    told = asdict(say)
    del told["started_on"]
    return told


OPENED = ("open", "opens")
"""Something may be done from now on: said once more on the day."""
STOPPED = {**_expected(Says(version="", state="stopped"))}


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

    ClockMachine.steps.clear()
    calm = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Here, settings=calm, _min_steps=STEPS)
    done = ClockMachine.steps
    print(team, dict(done.most_common()))  # noqa: T201
    assert done["runs"] >= RUNS
    assert done.total() - done["runs"] >= RUNS * STEPS
