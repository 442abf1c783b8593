"""Packs to test with: the shipped example, and what one change makes of it."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import openpyxl

EXAMPLE = Path(__file__).parents[2] / "fixtures" / "example-instrument.yaml"
ID = "example-shelter-intake"
ONLY_IF_WORKED = 'show_when: {item: had_work, op: "=", value: "yes"}'
NEVER = (
    'show_when: {all: [{item: had_work, op: "=", value: "yes"},'
    ' {item: had_work, op: "=", value: "no"}]}'
)
Cell: TypeAlias = str | int | float | None
Sheets: TypeAlias = Mapping[str, Sequence[Sequence[Cell]]]


def example() -> str:
    """The example as it stands in the repository."""
    return EXAMPLE.read_text(encoding="utf-8")


def changed(old: str, new: str) -> bytes:
    """The example with the first place where `old` stands replaced."""
    text = example()
    assert old in text
    return text.replace(old, new, 1).encode()


def line_of(text: str) -> int:
    """The line of the example on which the text stands first."""
    return example()[: example().index(text)].count("\n") + 1


def workbook(sheets: Sheets) -> bytes:
    """The rows as a spreadsheet program would save them."""
    book = openpyxl.Workbook()
    for unused in book.worksheets:
        book.remove(unused)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


ENGLISH, SPANISH = "label::English (en)", "label::Español (es)"
COLUMNS = (
    *("type", "name", ENGLISH, SPANISH, "hint::English (en)", "relevant", "required"),
    *("indicators", "fact", "positive_when", "weight"),
)
SURVEY: list[dict[str, Cell]] = [
    {"type": "begin_group", "name": "work", ENGLISH: "Work", SPANISH: "Trabajo"},
    {
        "type": "select_one yes_no",
        "name": "had_work",
        ENGLISH: "Have you worked here?",
        SPANISH: "¿Ha trabajado aquí?",
        "required": "yes",
    },
    {
        "type": "select_one yes_no",
        "name": "unpaid",
        ENGLISH: "Was there pay that you did not get?",
        SPANISH: "¿Hubo pago que no recibió?",
        "hint::English (en)": "Any pay at all.",
        "relevant": "${had_work} = 'yes'",
        "indicators": "wages_withheld",
        "positive_when": "yes",
        "weight": 2,
    },
    {"type": "end_group"},
    {
        "type": "integer",
        "name": "months",
        ENGLISH: "For how many months?",
        SPANISH: "¿Durante cuántos meses?",
        "relevant": "${had_work} = 'yes' and not(${unpaid} = 'no')",
    },
    {
        "type": "select_one yes_no",
        "name": "message",
        ENGLISH: "May we leave a message?",
        SPANISH: "¿Podemos dejar un mensaje?",
        "fact": "safe_to_leave_message",
    },
    {"type": "note", "name": "thanks", ENGLISH: "Thank you.", SPANISH: "Gracias."},
]
"""The survey of a form that can be added, below its headings: what is asked of pay is row 4."""
FORM: Sheets = {
    "choices": [
        ["list_name", "name", "label::English (en)", "label::Español (es)", "missing"],
        ["yes_no", "yes", "Yes", "Sí"],
        ["yes_no", "no", "No", "No"],
        ["yes_no", "unsure", "I do not know", "No lo sé", "unknown"],
    ],
    "settings": [
        [
            *("form_id", "version", "form_title", "default_language", "citation", "licence"),
            *("permission", "administration", "before_first_question", "disclaimer"),
            *("scoring_method",),
        ],
        [
            *("example-form", "2026.1", "Work questions", "English (en)", "Our own", "our own"),
            *("none needed", "self-report-interview", "You may stop at any time."),
            *("It decides nothing.", "weighted_sum"),
        ],
    ],
    "outcomes": [
        ["min", "max", "code", "label::English (en)", "action"],
        [0, 0, "nothing_seen", "Nothing was said that points to a problem."],
        [1, None, "talk_more", "Talk about it more.", "Offer a full screening."],
    ],
}


def form(row: int = 0, column: str = "", cell: Cell = None) -> bytes:
    """The form as a workbook; with one cell of the survey changed where a row is named."""
    survey = [dict(line) for line in SURVEY]
    if row:
        survey[row - 2][column] = cell
    rows = [[line.get(name) for name in COLUMNS] for line in survey]
    return workbook({"survey": [list(COLUMNS), *rows], **FORM})


def form_without(sheet: str, column: str) -> bytes:
    """The form with the first cell of a column of another sheet left empty."""
    headings, first, *others = FORM[sheet]
    row = [None if name == column else cell for name, cell in zip(headings, first, strict=True)]
    rows = [[line.get(name) for name in COLUMNS] for line in SURVEY]
    return workbook({"survey": [list(COLUMNS), *rows], **FORM, sheet: [headings, row, *others]})
