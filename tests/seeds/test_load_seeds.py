"""Loading the knowledge: all or nothing, told before, harmless again, each mistake named."""

import shutil
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from casework.access import agency_context
from casework.domain.errors import NotFoundError, SeedError
from casework.domain.ladders import Ladder
from casework.domain.permissions import Principal
from casework.gateways.seed_files import LARGEST_BYTES, parse, read_file
from casework.models import Case, Deadline, Definition
from casework.services import knowledge
from casework.services.seed_rows import read_rows
from casework.services.seeds import Change, load
from screening.services.instruments import current_instrument, instruments
from tests import builders
from tests.seeds.rows import SEEDS

pytestmark = pytest.mark.usefixtures("db")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
CLOCKS = "clocks/unaccompanied_children.yaml"
SOURCES = ("sources.yaml", "sources/clocks.yaml")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A few clocks and what they rest on, to be changed; read in no time."""
    return copied(tmp_path / "small", CLOCKS, "clocks/ladders.yaml", "facts/person.yaml", *SOURCES)


def copied(folder: Path, *files: str) -> Path:
    """These files of our seeds once more, in a folder of their own."""
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SEEDS / file, folder / file)
    return folder


@pytest.fixture
def loaded(small: Path) -> Path:
    """The same, and nothing else is loaded."""
    load(small, at=NOW)
    return small


def edit(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first place where `old` stands; gives its line."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refused(folder: Path) -> str:
    before = set(Definition.objects.values_list("pk", "withdrawn_at"))
    with pytest.raises(SeedError) as refusal:
        load(folder, at=NOW)
    assert set(Definition.objects.values_list("pk", "withdrawn_at")) == before
    return refusal.value.detail


def test_loading_again_changes_nothing() -> None:
    assert load(SEEDS, at=NOW) == []


def test_a_changed_row_is_a_new_version_beside_the_old(loaded: Path) -> None:
    edit(loaded, CLOCKS, "hours: 72", "hours: 71")
    changes = load(loaded, at=LATER)
    change = Change(what="changed", kind="clock", code="UAC-TRANSFER-72H", version="2009-03-23")
    assert changes == [change]
    rows = Definition.objects.filter(
        kind="clock", code=change.code, version=change.version
    ).order_by("pk")
    assert [row.withdrawn_at for row in rows] == [LATER, None]
    assert [row.content["hours"] for row in rows] == [72, 71]


def test_what_was_concluded_before_keeps_pointing_at_its_version(
    small: Path, case: Case, alice: Principal, at: datetime
) -> None:
    builders.record_event(case=case, by=alice, at=at, kind="uac_determined")
    edit(small, CLOCKS, "hours: 72", "hours: 71")
    load(small, at=NOW)
    with agency_context(case.agency_id):
        row = Deadline.objects.get(rule="UAC-TRANSFER-72H")
    assert row.definition.withdrawn_at == NOW
    assert row.definition.content["hours"] == 72


def test_a_row_that_is_gone_is_withdrawn_and_one_that_comes_back_is_added(loaded: Path) -> None:
    on = date(2026, 6, 1)
    shutil.move(loaded / CLOCKS, loaded.parent / "away.yaml")
    gone = load(loaded, at=NOW)
    assert "UAC-TRANSFER-72H" in {one.code for one in gone}
    assert {(one.what, one.kind) for one in gone} == {("withdrawn", "clock")}
    assert not knowledge.clock_rules(on)
    shutil.move(loaded.parent / "away.yaml", loaded / CLOCKS)
    back = load(loaded, at=NOW)
    assert [one.code for one in back] == [one.code for one in gone]
    assert {one.what for one in back} == {"added"}
    assert "UAC-TRANSFER-72H" in {row.code for row, _ in knowledge.clock_rules(on)}


def test_a_dry_run_says_and_does_not_do(small: Path) -> None:
    edit(small, CLOCKS, "hours: 72", "hours: 71")
    assert "changed" in {change.what for change in load(small, at=NOW, dry_run=True)}
    assert not Definition.objects.filter(withdrawn_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hours: 72", "hours: seventy-two", "clocks.yaml:{line}: hours: Input should be"),
        ("hours: 72", "huors: 72", "huors: Extra inputs are not permitted"),
        ("hours: 72", "hours: -72", "hours"),
        ("rungs: elapsed-72h", "rungs: no-such-ladder", "there is no ladder “no-such-ladder”"),
        ("[usc-8-1232,", "[usc-9-9999,", "there is no source “usc-9-9999”"),
        ("fact: unaccompanied_child", "fact: no_such_fact", "there is no fact “no_such_fact”"),
        ("in_force_from: 2009-03-23", "in_force_from: 2009-02-30", ":{line}: day is out of range"),
        ("certainty: knowledge", "certainty: sure", "certainty"),
        ("event: uac_determined", "event: no_such_event", "event"),
        ("clocks:", "clokcs:", "“clokcs” must be a list, one of:"),
        ("clocks:", "clocks: 5\nx:", "must be a list"),
        ("  - id: UAC-TRANSFER-72H", "  - just text\n  - id: UAC-TRANSFER-72H", "a row must be"),
        ("hours: 72", "hours: 72\n    hours: 73", "“hours” stands twice"),
        ("hours: 72", "hours: &seventy 72", ":{line}: anchors and aliases"),
        ("hours: 72", "hours: !!int 72", ":{line}: tags are not accepted"),
        ("hours: 72", "hours: [", "yaml:"),
    ],
)
def test_a_bad_row_is_named_by_file_line_field_and_reason(
    small: Path, old: str, new: str, said: str
) -> None:
    line = edit(small, CLOCKS, old, new)
    detail = refused(small)
    assert detail.startswith(f"{CLOCKS}:")
    assert said.replace("clocks.yaml", CLOCKS).format(line=line) in detail


def test_every_bad_file_is_named_at_once(small: Path) -> None:
    edit(small, CLOCKS, "hours: 72", "hours: x")
    edit(small, "clocks/ladders.yaml", "every_minutes: 60", "every_minutes: 0")
    detail = refused(small)
    assert CLOCKS in detail
    assert "clocks/ladders.yaml" in detail


def test_the_same_row_twice_is_refused_naming_both_places(small: Path) -> None:
    shutil.copy(small / CLOCKS, small / "clocks" / "again.yaml")
    assert "stands already at clocks/again.yaml:" in refused(small)


def test_a_file_of_another_encoding_is_refused(small: Path) -> None:
    (small / "latin.yaml").write_bytes(b"clocks: []\n# \xe9\n")
    assert "latin.yaml: not UTF-8 from byte 13 on" in refused(small)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"#" * (LARGEST_BYTES + 1))
    with pytest.raises(SeedError, match="larger than"):
        read_file(path, "huge.yaml")
    with pytest.raises(SeedError, match="larger than"):
        parse("#" * (LARGEST_BYTES + 1), "huge.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: " + "[" * 100 + "]" * 100, "nested more than"),
        ("- a\n", "x.yaml:1: the file must be a mapping"),
        ("a: b: c\n", "x.yaml:1"),
        ("a: \x07\n", "x.yaml:"),
        ("a: *b\n", "anchors and aliases"),
    ],
)
def test_yaml_beyond_what_we_allow_is_refused(text: str, said: str) -> None:
    with pytest.raises(SeedError, match=said):
        parse(text, "x.yaml")


def test_an_empty_file_holds_nothing() -> None:
    assert parse("", "x.yaml").content == {}


def test_a_line_that_is_not_known_is_that_of_what_stands_around_it() -> None:
    file = parse("a:\n  b: 1\n", "x.yaml")
    assert [file.line_of(path) for path in (("a", "b"), ("a", "z", 3), ("q",))] == [2, 2, 1]


def test_a_row_written_out_in_full_goes_before_one_that_follows_from_another(
    tmp_path: Path,
) -> None:
    folder = copied(tmp_path / "organ", "indicators/organ.yaml", "facts/person.yaml", *SOURCES)
    derived = next(row for row in read_rows(folder) if row.derived and row.kind == "fact")
    (folder / "facts" / "own.yaml").write_text(
        f"facts:\n  - code: {derived.code}\n    type: boolean\n    label: Ours\n"
        "    meaning: Ours.\n    question: Ours?\n    why_we_ask: Because.\n"
        "    how_to_ask: Gently.\n    citation: ours\n    law_sources: [usc-8-1232]\n"
        "    certainty: knowledge\n    reviewed: false\n    group: person\n",
        encoding="utf-8",
    )
    rows = [row for row in read_rows(folder) if row.code == derived.code and row.kind == "fact"]
    assert [row.derived for row in rows] == [False]


def test_the_command_says_what_it_did(loaded: Path) -> None:
    edit(loaded, CLOCKS, "hours: 72", "hours: 71")
    out = StringIO()
    call_command("load_seeds", folder=loaded, check=True, stdout=out)
    assert "would change" in out.getvalue()
    call_command("load_seeds", folder=loaded, stdout=out)
    assert "changed   clock UAC-TRANSFER-72H 2009-03-23" in out.getvalue()
    assert "seeds are loaded" in out.getvalue()


def test_the_command_changes_nothing_on_a_mistake(small: Path) -> None:
    edit(small, CLOCKS, "hours: 72", "hours: x")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("load_seeds", folder=small)


def test_a_long_list_of_changes_is_only_counted(tmp_path: Path) -> None:
    out = StringIO()
    call_command("load_seeds", folder=tmp_path, check=True, stdout=out)
    assert "withdrawn" in out.getvalue()
    assert "UAC-TRANSFER-72H" not in out.getvalue()
    call_command("load_seeds", folder=tmp_path, check=True, verbosity=2, stdout=out)
    assert "UAC-TRANSFER-72H" in out.getvalue()


def test_without_seeds_a_clock_says_what_to_do() -> None:
    with pytest.raises(NotFoundError, match="load_seeds"):
        knowledge.clock_book().ladder("no-such-ladder")


def test_a_definition_read_as_something_else_is_our_defect() -> None:
    clocks = Definition.objects.current().filter(kind="clock", code="UAC-TRANSFER-72H")
    row = clocks.latest("version")
    with pytest.raises(ValueError, match="validation error"):
        knowledge.parsed(row, Ladder)


def test_an_older_version_of_an_instrument_can_be_named() -> None:
    row, _ = instruments()[0]
    assert current_instrument(row.code, version=row.version) == row


def test_the_demo_is_refused_where_it_is_not_wanted(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")


def test_the_demo_loads_once(settings: Settings) -> None:
    settings.DEMO = True
    out = StringIO()
    call_command("load_demo", stdout=out)
    call_command("load_demo", stdout=out)
    first, second = out.getvalue().splitlines()
    assert first.endswith("cases added")
    assert second == "demo is in place"
