"""A spreadsheet is read for the text of its cells, and no file can tire, crash or confuse that."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import openpyxl
import pytest

from casework.domain.errors import InvalidInputError
from screening.gateways.instrument_files import read_pack
from screening.gateways.sheet_xml import MOST_ELEMENTS
from screening.gateways.workbook import (
    LARGEST_UNPACKED,
    MOST_COLUMNS,
    MOST_ENTRIES,
    MOST_ROWS,
    WorkbookError,
    read_sheets,
)
from tests.screening.packs import form, workbook

SURVEY = frozenset({"survey"})
SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
MEBIBYTE = 1_048_576


def archive(parts: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook of one sheet; `parts` replaces or adds files in it."""
    with zipfile.ZipFile(io.BytesIO(workbook({"survey": [["type"], ["note"]]}))) as whole:
        files = {name: whole.read(name) for name in whole.namelist()} | parts
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", packing) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return saved.getvalue()


def sheet(rows: str) -> bytes:
    """A workbook whose sheet is this XML, stored as it is."""
    xml = f"<worksheet {SPREADSHEET}><sheetData>{rows}</sheetData></worksheet>"
    return archive({"xl/worksheets/sheet1.xml": xml.encode()}, zipfile.ZIP_STORED)


def cells(content: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.cells)) for row in read_sheets(content, SURVEY)["survey"]]


@contextmanager
def soon_and_small() -> Iterator[None]:
    """Within ten seconds of work, though each step is watched, and sixty-four megabytes."""
    tracemalloc.start()
    begun = time.process_time()
    yield
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - begun < 10
    assert most < 64 * MEBIBYTE


def refused(content: bytes) -> WorkbookError:
    with soon_and_small(), pytest.raises(WorkbookError) as refusal:
        read_sheets(content, SURVEY)
    return refusal.value


def test_filled_cells_are_read_as_text_by_their_headings_and_row() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = " Survey "
    page.append([None])
    page.append(["Type", "List  Name", "label::Español (es)", "empty"])
    page.append(["  note ", 3, "¿Qué?", None])
    page.append([])
    page.append([True, 2.5, date(2026, 1, 31), False])
    saved = io.BytesIO()
    book.save(saved)
    assert cells(saved.getvalue()) == [
        (3, {"type": "note", "list_name": "3", "label::Español (es)": "¿Qué?"}),
        (5, {"type": "yes", "list_name": "2.5", "label::Español (es)": "46053", "empty": "no"}),
    ]


def test_a_sheet_without_cells_or_without_rows_is_empty() -> None:
    assert read_sheets(workbook({"survey": []}), SURVEY) == {"survey": []}
    assert read_sheets(workbook({"other": [["x"]]}), SURVEY) == {}


def test_texts_in_place_and_shared_ones_are_read_without_formatting_and_reading_aids() -> None:
    shared = (
        f"<sst {SPREADSHEET}><si><t>type</t></si><si><r><t>no</t></r><r><t>te</t></r>"
        "<rPh><t>aid</t></rPh></si><si><t> </t></si></sst>"
    )
    rows = (
        '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>name</t></is></c></row>'
        '<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" t="inlineStr"><is><r><t>a</t></r>'
        "<r><t>b</t></r><rPh><t>aid</t></rPh></is></c>"
        '<c r="C4" t="str"><f>1+1</f><v> </v></c><c t="s"><v>2</v></c></row>'
    )
    xml = f"<worksheet {SPREADSHEET}><sheetData>{rows}</sheetData></worksheet>"
    parts = {"xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": xml}
    content = archive({name: text.encode() for name, text in parts.items()})
    assert cells(content) == [(4, {"type": "note", "name": "ab"})]


@pytest.mark.parametrize(
    "target", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"], ids=["near", "whole"]
)
def test_the_part_of_a_sheet_is_found_either_way(target: str) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook({"survey": [["type"], ["note"]]}))) as whole:
        name = "xl/_rels/workbook.xml.rels"
        links = whole.read(name).replace(b"/xl/worksheets/sheet1.xml", target.encode())
    assert cells(archive({name: links})) == [(2, {"type": "note"})]


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(10))


@pytest.mark.parametrize(
    "document_type",
    [ENTITY, f"<!DOCTYPE x [{LAUGHS}]>", '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">'],
    ids=["external entity", "a billion laughs", "external type"],
)
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_entities_and_document_types_are_refused(part: str, document_type: str) -> None:
    xml = f"{document_type}<worksheet {SPREADSHEET}><sheetData><row><c><v>&l9;&e;</v></c></row>"
    error = refused(archive({part: f"{xml}</sheetData></worksheet>".encode()}))
    assert (error.code, error.reason) == (
        "not_a_workbook",
        "a part declares a document type, as no workbook does",
    )


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive({"xl/worksheets/sheet1.xml": b" " * (LARGEST_UNPACKED + 1)})
    assert refused(bomb).code == "too_large"
    tight = archive({"xl/media/x.png": b"\0" * (LARGEST_UNPACKED // 2)})
    assert "packed more tightly" in refused(tight).reason
    stuffed = archive({f"xl/{n}": b"" for n in range(MOST_ENTRIES)})
    assert "parts" in refused(stuffed).reason


def test_a_part_that_unpacks_to_more_than_it_says_is_refused() -> None:
    content = archive({"xl/worksheets/sheet1.xml": b"<x>" + b"y" * 100_000 + b"</x>"})
    size = (100_007).to_bytes(4, "little")
    assert content.count(size) == 2
    assert refused(content.replace(size, (50).to_bytes(4, "little"))).code == "not_a_workbook"


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_ways_of_packing_are_refused(packing: int) -> None:
    assert "packed in a rare way" in refused(archive({}, packing)).reason


def test_more_elements_rows_or_columns_than_a_form_has_are_refused() -> None:
    assert "elements" in refused(sheet("<row/>" * (MOST_ELEMENTS + 1))).reason
    rows = "".join(f"<row><c><v>{n}</v></c></row>" for n in range(MOST_ROWS + 1))
    error = refused(sheet(rows))
    assert (error.code, error.line) == ("too_large", f"survey:{MOST_ROWS + 1}")
    wide = "<row>" + "<c><v>1</v></c>" * (MOST_COLUMNS + 1) + "</row>"
    assert refused(sheet(wide)).code == "too_large"


@pytest.mark.parametrize("kind", ["inlineStr", "str"])
def test_a_text_longer_than_any_cell_is_refused(kind: str) -> None:
    text = "x" * 19 * MEBIBYTE
    inside = f"<is><t>{text}</t></is>" if kind == "inlineStr" else f"<v>{text}</v>"
    assert "32767 characters" in refused(sheet(f'<row><c t="{kind}">{inside}</c></row>')).reason


def test_a_shared_text_longer_than_any_cell_is_refused() -> None:
    shared = f"<sst {SPREADSHEET}><si><t>{'x' * 40_000}</t></si></sst>"
    content = archive({"xl/sharedStrings.xml": shared.encode()}, zipfile.ZIP_STORED)
    assert "32767 characters" in refused(content).reason


def test_a_sheet_of_the_same_name_again_is_refused() -> None:
    assert refused(workbook({"survey": [["type"]], "Survey ": [["type"]]})).line == "survey:1"


@pytest.mark.parametrize(
    "rows",
    [
        '<row><c r="nowhere"><v>1</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        '<row><c t="s"><v>99</v></c></row>',
        '<row><c t="s"><v>x</v></c></row>',
        "<row><c><v>1</v></row>",
        "\x00",
    ],
)
def test_a_sheet_that_no_program_writes_is_refused(rows: str) -> None:
    assert refused(sheet(rows)).code == "not_a_workbook"


def test_what_is_no_workbook_at_all_is_refused() -> None:
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as made:
        made.writestr("readme.txt", "hello")
    for content in (b"PK\x03\x04", empty.getvalue(), form()[:2_000]):
        assert refused(content).code == "not_a_workbook"


def test_a_heading_twice_and_a_cell_without_one_are_named() -> None:
    twice = refused(workbook({"survey": [["type", "Type"], ["note"]]}))
    assert (twice.code, twice.line, twice.column) == ("repeated_column", "survey:1", "Type")
    lost = refused(workbook({"survey": [["type"], ["note", "x"]]}))
    assert (lost.code, lost.line, lost.column) == ("no_heading", "survey:2", "column 2")


def test_a_refusal_names_the_file() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_pack(b"PK\x03\x04", "own.xlsx")
    assert refusal.value.detail == "own.xlsx:1: file: this is not a workbook (.xlsx)"
