"""The play of real clocks and their model: a run on the real database, and what must hold in it."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine

from casework.access import set_context
from casework.domain.errors import CaseworkError
from casework.domain.permissions import Principal
from casework.models import Agency, Case, DeadlineAct, Definition, Event
from tests.builders import MOMENT
from tests.properties.clock_checks import (
    CHOSEN,
    RULES,
    STOPPED,
    UNWATCHED,
    Seen,
    check_ladder,
    look,
    told_by,
    wanted_of,
)
from tests.properties.clock_ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where it plays: one agency, one supervisor, one case."""

    agency: Agency
    case: Case
    by: Principal


class Play(RuleBasedStateMachine):
    """Holds the stored clocks against the model after every step.

    A run is one transaction that is rolled back, so that a thousand of them share one case.
    """

    stage: ClassVar[Stage]
    steps: ClassVar[Counter[str]] = Counter()

    def _open(self) -> None:
        """Only the chosen clocks, and nothing has happened."""
        self.play = ExitStack()
        self.play.enter_context(transaction.atomic())
        zone = self.stage.agency.time_zone
        self.model = Ledger(rules=RULES, now=MOMENT, zone=zone)
        others = Definition.objects.of_kind("clock").current().exclude(code__in=CHOSEN)
        others.update(withdrawn_at=MOMENT)
        set_context(agency_id=self.stage.agency.pk)
        Play.steps["runs"] += 1
        self.case = Case.objects.for_display().get(pk=self.stage.case.pk)
        self.seen = look(self.case)

    def teardown(self) -> None:
        """Nothing of it stays."""
        if hasattr(self, "play"):
            transaction.set_rollback(True)
            self.play.close()

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
        return same and look(self.case) == self.seen

    def _agree(self, step: str) -> None:
        Play.steps[step] += 1
        before, self.seen = self.seen, look(self.case)
        says = self.model.says()
        stored = {(one["rule"], one["period"]): one for one in self.seen.clocks.values()}
        assert {key: told_by(stored[key]) for key in says if key in stored} == {
            key: wanted_of(say) for key, say in says.items()
        }
        for key in set(stored) - set(says):
            assert told_by(stored[key]) == STOPPED
        self._check_versions(before)
        self._check_reminders()
        if step in ("time", "refused", "exception", "review"):
            self._check_that_missed_stays_missed(before)

    def _check_versions(self, before: Seen) -> None:
        """Versions grow with what reminders hang on, and the journal tells each move once."""
        moved = []
        for pk, now in self.seen.clocks.items():
            then = before.clocks.get(pk)
            changed = {name for name in now if then is None or now[name] != then[name]} - UNWATCHED
            if changed:
                moved.append(str(now["ref"]))
            hung = changed & {"status", "started_at", "due_at", "review_on", "zone"}
            if hung == {"status"} and (then or {}).get("status") == "running":
                # What has opened as was announced keeps the reminders that announced it.
                hung -= {"status"} if now["status"] == "open" else set()
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
            check_ladder(clock, hung[pk], self.model.now)

    def _check_that_missed_stays_missed(self, before: Seen) -> None:
        for pk, then in before.clocks.items():
            assert self.seen.clocks[pk]["late"] or not then["late"]
