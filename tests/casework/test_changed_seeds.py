"""The files change while clocks run: what moves, and what hangs on a ladder that is another now."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Deadline, Reminder
from casework.services.rederiving import rederive
from casework.services.seeds import load
from tests import builders
from tests.casework.clock_desk import DAY, clock, journaled, rungs
from tests.cast import without_context
from tests.seeds.rows import SEEDS

RFE = "RFE-84"
LAST = date(2026, 8, 24)
"""84 days after 1 June 2026, a Monday."""


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency) -> Iterator[None]:
    with agency_context(harbor.pk):
        yield


@pytest.fixture
def letter(case: Case, alice: Principal, at: datetime) -> Deadline:
    """A request for evidence, served on 1 June."""
    builders.record_event(case=case, by=alice, at=at, kind="rfe_served")
    return clock(case, RFE)


def now(row: Deadline) -> Deadline:
    return Deadline.objects.get(pk=row.pk)


def edited(folder: Path, file: str, old: str, new: str) -> Path:
    """The seeds in another folder, one text in one file replaced; or one more file."""
    shutil.copytree(SEEDS, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8") if old else ""
    assert old in text
    path.write_text(text.replace(old, new) if old else new, encoding="utf-8")
    return folder


def loaded(folder: Path) -> None:
    with without_context():
        call_command("load_seeds", folder=folder, verbosity=0)


def test_a_rule_that_changes_moves_the_clocks_that_run_under_it(
    letter: Deadline, tmp_path: Path
) -> None:
    loaded(edited(tmp_path / "s", "clocks/immigration_service.yaml", "days: 84", "days: 85"))
    assert now(letter).due_on == LAST + DAY


FURTHER = """
further_holidays:
  - id: federal-2026-08-24
    version: "2026"
    title: Closed by order
    citation: An executive order
    law_sources: [usc-5-6103]
    certainty: low
    calendar: federal
    day: 2026-08-24
"""


def test_a_further_holiday_in_the_files_moves_clocks_too(letter: Deadline, tmp_path: Path) -> None:
    loaded(edited(tmp_path / "s", "calendars/further.yaml", "", FURTHER))
    assert now(letter).due_on == LAST + DAY


def test_a_ladder_that_changes_hangs_what_is_still_to_come_anew(
    letter: Deadline, at: datetime, tmp_path: Path
) -> None:
    folder = edited(tmp_path / "s", "clocks/ladders.yaml", "left_14d", "left_2w")
    Reminder.objects.filter(rung="started").update(status="fired", settled_at=at)
    with without_context():
        changes = load(folder, at=at)
        ladders = {change.code for change in changes}
        rederive([RFE], at=at + DAY, ladders=ladders)
    after = now(letter)
    assert "days" in ladders
    to_come = ["left_30d", "left_2w", "left_7d", "left_3d", "left_1d", "due", "overdue_1"]
    assert rungs(after) == to_come
    assert rungs(after, "superseded") == ["started"]
    assert journaled(after.case)[-1] == "deadline.moved"
