"""A spreadsheet as rows of text, read so that no file can tire, crash or confuse us.

Only what an XLSForm needs is read: the text of cells. No formula is computed, no link followed, no
entity replaced; sizes are checked before anything is unpacked, and only filled cells take room.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from screening.gateways.sheet_xml import BadPartError, cells_of, names_of, strings_of, targets_of

LARGEST_UNPACKED = 20 * 1_048_576
LARGEST_RATIO = 200
MOST_ENTRIES = 200
MOST_ROWS = 2_000
MOST_COLUMNS = 100
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError)
_SPACE = re.compile(r"\s+")


class WorkbookError(Exception):
    """The file is no workbook that we read: a code, a sentence, and the sheet and row if known."""

    def __init__(self, code: str, reason: str, line: str = "1", column: str = "file") -> None:
        self.code, self.reason, self.line, self.column = code, reason, line, column
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row: its number as the spreadsheet shows it, and its filled cells by column heading."""

    number: int
    cells: Mapping[str, str]


def read_sheets(content: bytes, wanted: frozenset[str]) -> dict[str, list[SheetRow]]:
    """The rows below the headings of each wanted sheet that is there, by its name in lower case."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(archive)
            parts = _parts(archive, wanted)
            return {name: _rows(archive, name, part) for name, part in parts.items()}
    except BadPartError as error:
        raise WorkbookError("not_a_workbook", str(error)) from error
    except (*_BROKEN, expat.ExpatError, LookupError, ValueError) as error:
        raise WorkbookError("not_a_workbook", "this is not a workbook (.xlsx)") from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """Refuse what would unpack to too much. No more is ever unpacked than is declared here."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise WorkbookError("too_large", f"the file has more than {MOST_ENTRIES} parts")
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise WorkbookError("too_large", f"it unpacks to more than {LARGEST_UNPACKED} bytes")
    for entry in entries:
        if entry.compress_type not in _METHODS or entry.flag_bits & _ENCRYPTED:
            raise WorkbookError("not_a_workbook", "a part is encrypted or packed in a rare way")
        if entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1):
            raise WorkbookError("too_large", "a part is packed more tightly than any form is")


def _parts(archive: zipfile.ZipFile, wanted: frozenset[str]) -> dict[str, str]:
    """Sheet name in lower case, and the part of the file that holds the sheet."""
    targets = targets_of(archive.read("xl/_rels/workbook.xml.rels"))
    found: dict[str, str] = {}
    for title, reference in names_of(archive.read("xl/workbook.xml")):
        name = title.strip().lower()
        if name in found:
            raise WorkbookError("repeated_sheet", "two sheets have this name", f"{name}:1")
        if name in wanted:
            target = targets[reference]
            found[name] = target[1:] if target[0] == "/" else f"xl/{target}"
    return found


def _rows(archive: zipfile.ZipFile, sheet: str, part: str) -> list[SheetRow]:
    shared = "xl/sharedStrings.xml"
    strings = strings_of(archive.read(shared)) if shared in archive.namelist() else []
    rows: dict[int, dict[int, str]] = {}
    for row, column, text in cells_of(archive.read(part), strings):
        if text.strip():
            rows.setdefault(row, {})[column] = text.strip()
            _check_extent(sheet, row, column, len(rows))
    if not rows:
        return []
    first = min(rows)
    headings = _headings(sheet, first, rows.pop(first))
    return [
        SheetRow(number=number, cells=_by_heading(sheet, number, rows[number], headings))
        for number in sorted(rows)
    ]


def _check_extent(sheet: str, row: int, column: int, count: int) -> None:
    if count > MOST_ROWS or column > MOST_COLUMNS:
        reason = f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns are read"
        raise WorkbookError("too_large", reason, f"{sheet}:{row}")


def _headings(sheet: str, row: int, cells: Mapping[int, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for column, text in cells.items():
        heading = _SPACE.sub(" ", text)
        name = heading if "::" in heading else heading.lower().replace(" ", "_")
        if name in found.values():
            raise WorkbookError(
                "repeated_column", "this heading stands twice", f"{sheet}:{row}", heading
            )
        found[column] = name
    return found


def _by_heading(
    sheet: str, row: int, cells: Mapping[int, str], headings: Mapping[int, str]
) -> dict[str, str]:
    without = next((column for column in cells if column not in headings), None)
    if without is not None:
        reason = f"column {without} is filled in but has no heading"
        raise WorkbookError("no_heading", reason, f"{sheet}:{row}", f"column {without}")
    return {headings[column]: text for column, text in cells.items()}
