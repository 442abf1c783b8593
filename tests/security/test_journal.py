"""The journal and the ledger: nobody changes them unseen, whoever they are."""

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import ProgrammingError
from pytest_django import Settings

from casework.access import agency_context
from casework.domain.errors import NotPermittedError
from casework.domain.permissions import Principal
from casework.models import Agency, Case
from casework.models.journal import JournalEntry, JournalLink, JournalPending
from casework.services import journal, loops
from casework.services.cases import close_case
from casework.services.loops import seal_once
from tests import builders
from tests.database import Database

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture(autouse=True)
def anchor(settings: Settings, tmp_path: Path) -> Path:
    settings.JOURNAL_ANCHOR_FILE = str(tmp_path / "anchor")
    return tmp_path / "anchor"


@pytest.fixture
def chained(harbor: Agency, case: Case, alice: Principal, at: datetime) -> list[str]:
    """The refs of Harbor House's chained entries, in order."""
    for code in ("in_custody", "tied_visa", "present_in_us"):
        builders.assert_fact(case=case, by=alice, at=at, code=code, value=True)
    assert seal_once(at=at) > 4
    with agency_context(harbor.pk):
        links = JournalLink.objects.order_by("position")
        return [str(link.entry_ref) for link in links]


def test_a_long_queue_is_chained_batch_by_batch(
    harbor: Agency, case: Case, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "SEALED_TOGETHER", 1)
    with agency_context(harbor.pk):
        waiting = JournalPending.objects.count()
    assert case.status == "open"
    assert seal_once(at=at) == waiting > 1


def verified() -> str:
    """What the command says; raises CommandError where a chain is broken."""
    out = StringIO()
    call_command("verify_journal", stdout=out)
    return out.getvalue()


def broken() -> str:
    out = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("verify_journal", stdout=out)
    assert failure.value.returncode == 1
    return out.getvalue()


@pytest.fixture
def tampering(as_superuser: Database) -> Database:
    """Someone who holds the whole database in their hands."""
    return as_superuser


def test_a_whole_journal_is_said_to_be_whole(chained: list[str]) -> None:
    assert f"{len(chained)} chained, 0 waiting, whole" in verified()


@pytest.mark.usefixtures("case")
def test_entries_wait_until_they_are_chained() -> None:
    assert "0 chained" in verified()
    assert "waiting, whole" in verified()


@pytest.mark.parametrize(
    "table",
    [
        "casework_journalentry",
        "casework_journallink",
        "casework_fact",
        "casework_findingrecord",
    ],
)
@pytest.mark.parametrize("deed", ["UPDATE {} SET agency_id = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_cannot_change_what_was_written_down(
    harbor: Agency, table: str, deed: str
) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        agency_context(harbor.pk),
        connection.cursor() as cursor,
    ):
        cursor.execute(deed.format(table))


@pytest.mark.parametrize("deed", ["SET content = '{}'", "SET digest = ''"])
def test_the_application_cannot_change_a_definition(deed: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE casework_definition " + deed)


def test_an_edit_is_found(chained: list[str], tampering: Database) -> None:
    tampering.execute(
        "UPDATE casework_journalentry SET actor = 'user:nobody' WHERE ref::text = %s", [chained[3]]
    )
    assert f"BROKEN: place 4: entry {chained[3]}" in broken()


def test_an_edit_of_the_detail_is_found(chained: list[str], tampering: Database) -> None:
    tampering.execute(
        "UPDATE casework_journalentry SET detail = '{}' WHERE ref::text = %s", [chained[-1]]
    )
    assert f"BROKEN: place {len(chained)}: entry {chained[-1]}" in broken()


def test_a_deleted_entry_is_found(chained: list[str], tampering: Database) -> None:
    tampering.execute("DELETE FROM casework_journalentry WHERE ref::text = %s", [chained[2]])
    assert f"BROKEN: place 3: entry {chained[2]} is missing" in broken()


def test_a_deleted_link_is_found(chained: list[str], tampering: Database) -> None:
    tampering.execute("DELETE FROM casework_journallink WHERE entry_ref::text = %s", [chained[2]])
    assert "BROKEN: place 3: the link is missing" in broken()


def test_two_entries_that_changed_places_are_found(chained: list[str], tampering: Database) -> None:
    first, second = chained[1], chained[3]
    swap = "UPDATE casework_journallink SET entry_ref = %s::uuid WHERE entry_ref::text = %s"
    spare = "00000000-0000-4000-8000-000000000000"
    for new, old in ((spare, first), (first, second), (second, spare)):
        tampering.execute(swap, [new, old])
    assert f"BROKEN: place 2: entry {second}" in broken()


def test_an_entry_slipped_in_without_a_link_is_found(
    chained: list[str], tampering: Database
) -> None:
    tampering.execute(
        "INSERT INTO casework_journalentry (agency_id, ref, at, actor, action, subject, detail)"
        " SELECT agency_id, gen_random_uuid(), at, actor, 'case.invented', subject, '{}'"
        " FROM casework_journalentry WHERE ref::text = %s",
        [chained[0]],
    )
    assert "(case.invented) was never chained" in broken()


def test_the_owner_of_the_tables_is_found_out_too(chained: list[str], as_owner: Database) -> None:
    as_owner.execute("ALTER TABLE casework_journalentry NO FORCE ROW LEVEL SECURITY")
    try:
        edit = "UPDATE casework_journalentry SET action = 'case.read' WHERE ref::text = %s"
        assert as_owner.execute(edit, [chained[0]]).rowcount == 1
    finally:
        as_owner.execute("ALTER TABLE casework_journalentry FORCE ROW LEVEL SECURITY")
    assert f"BROKEN: place 1: entry {chained[0]}" in broken()


def cut_off_the_tail(database: Database, *refs: str) -> None:
    for table, column in (("casework_journallink", "entry_ref"), ("casework_journalentry", "ref")):
        database.execute(f"DELETE FROM {table} WHERE {column}::text = ANY(%s)", [list(refs)])  # noqa: S608


def test_a_tail_cut_off_is_found_by_the_head_that_was_kept_outside(
    chained: list[str], tampering: Database
) -> None:
    cut_off_the_tail(tampering, *chained[-2:])
    assert f"place {len(chained)}: the chain no longer fits the head" in broken()


def test_without_an_anchor_a_cut_tail_cannot_be_seen(
    chained: list[str], tampering: Database, anchor: Path
) -> None:
    cut_off_the_tail(tampering, *chained[-2:])
    anchor.unlink()
    assert "whole" in verified()


def test_a_chain_written_anew_no_longer_fits_the_anchor(
    harbor: Agency, chained: list[str], tampering: Database, at: datetime, settings: Settings
) -> None:
    tampering.execute("UPDATE casework_journalentry SET actor = 'user:nobody'")
    tampering.execute("DELETE FROM casework_journallink")
    tampering.execute(
        "INSERT INTO casework_journalpending (agency_id, entry_id)"
        " SELECT agency_id, id FROM casework_journalentry"
    )
    outside, settings.JOURNAL_ANCHOR_FILE = settings.JOURNAL_ANCHOR_FILE, ""
    with agency_context(harbor.pk):
        assert journal.seal(harbor, at=at) == len(chained)
    assert "whole" in verified()
    settings.JOURNAL_ANCHOR_FILE = outside
    assert f"place {len(chained)}: the chain no longer fits the head" in broken()


@pytest.mark.usefixtures("case")
def test_an_anchor_that_cannot_be_written_does_not_stop_the_chain(
    at: datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.JOURNAL_ANCHOR_FILE = str(tmp_path / "no" / "such" / "folder")
    assert seal_once(at=at) > 0


@pytest.mark.usefixtures("chained")
def test_sealing_again_has_nothing_to_do(at: datetime) -> None:
    assert seal_once(at=at) == 0


@pytest.mark.usefixtures("case")
def test_a_second_sealer_leaves_it_to_the_first(
    harbor: Agency, at: datetime, as_superuser: Database
) -> None:
    as_superuser.execute("SELECT pg_advisory_lock(7201, %s)", [harbor.pk])
    assert seal_once(at=at) == 0
    as_superuser.execute("SELECT pg_advisory_unlock(7201, %s)", [harbor.pk])
    assert seal_once(at=at) > 0


def test_a_deed_that_fails_leaves_no_entry(
    harbor: Agency, case: Case, alice: Principal, olga: Principal, at: datetime
) -> None:
    with agency_context(harbor.pk):
        before = JournalEntry.objects.count()
        with pytest.raises(NotPermittedError):
            close_case(case, reason="x", by=olga, at=at)
        assert JournalEntry.objects.count() == before
        close_case(case, reason="x", by=alice, at=at)
        assert JournalEntry.objects.count() == before + 1
