"""One row of an XLSForm's sheet: its cells by column, per language where a column has several."""

import re
from collections.abc import Collection

from casework.domain.errors import FieldProblem
from screening.gateways.pack_files import Place, problem_at
from screening.gateways.workbook import SheetRow

_IN_BRACKETS = re.compile(r".*\(\s*([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\s*\)")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_YES = frozenset({"yes", "true", "true()", "1"})
_NO = frozenset({"no", "false", "false()", "0"})


def language_of(heading: str) -> str | None:
    """The language tag in a heading such as `label::Español (es)`; None without one."""
    said = heading.partition("::")[2].strip()
    match = _IN_BRACKETS.fullmatch(said)
    if match:
        return match[1]
    return said if _TAG.fullmatch(said) else None


class Cells:
    """A row, and what is wrong with it."""

    def __init__(self, file: str, sheet: str, row: SheetRow, language: str) -> None:
        self.number = row.number
        self.problems: list[FieldProblem] = []
        self._file, self._sheet, self._row, self._language = file, sheet, row, language

    def place(self, column: str) -> Place:
        """Where one cell of the row stands."""
        pointer = f"/{self._sheet}/{self.number}/{column}"
        return Place(line=f"{self._sheet}:{self.number}", field=column, pointer=pointer)

    def refuse(self, column: str, code: str, reason: str) -> None:
        """Say what is wrong with one cell."""
        self.problems.append(problem_at(self._file, self.place(column), code, reason))

    def only(self, plain: Collection[str], worded: Collection[str]) -> None:
        """Refuse what stands in any other column."""
        for heading in self._row.cells:
            base, several, _ = heading.partition("::")
            if base.strip() in worded and several:
                if language_of(heading) is None:
                    said = "write the language's code in brackets, as in label::Español (es)"
                    self.refuse(heading, "unknown_language", said)
            elif heading not in plain:
                accepted = ", ".join(sorted(plain))
                said = f"this column is not accepted here; accepted are {accepted}"
                self.refuse(heading, "unknown_column", said)

    def text(self, column: str) -> str:
        """The cell, or an empty text."""
        return self._row.cells.get(column, "")

    def words(self, column: str) -> dict[str, str]:
        """Language → text; a column without a language is in the form's default language."""
        found: dict[str, str] = {}
        for heading, text in self._row.cells.items():
            if heading == column:
                found.setdefault(self._language, text)
            elif heading.partition("::")[0].strip() == column and "::" in heading:
                found[language_of(heading) or self._language] = text
        return found

    def codes(self, column: str) -> list[str]:
        """Codes parted by spaces or commas."""
        return self.text(column).replace(",", " ").split()

    def flag(self, column: str) -> bool:
        """Yes or no; an empty cell is no."""
        said = self.text(column).lower()
        if said and said not in _YES | _NO:
            self.refuse(column, "not_yes_or_no", "write yes or no")
        return said in _YES

    def number_in(self, column: str) -> float | None:
        """A number; None for an empty cell."""
        text = self.text(column)
        if not text:
            return None
        if not re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", text, re.ASCII):
            self.refuse(column, "not_a_number", "write a number")
            return None
        return float(text) if "." in text else int(text)
