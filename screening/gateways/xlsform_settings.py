"""The settings and outcomes sheets of an XLSForm: whose instrument it is and how it is scored."""

import re
from collections.abc import Mapping
from typing import Any

from casework.domain.errors import FieldProblem
from screening.gateways.pack_files import Path, Place
from screening.gateways.workbook import SheetRow
from screening.gateways.xlsform_cells import Cells, language_of

_PLAIN: Mapping[str, Path] = {
    "form_id": ("id",),
    "version": ("version",),
    "status": ("status",),
    "administration": ("administration",),
    "certainty": ("certainty",),
    "citation": ("source", "citation"),
    "licence": ("source", "licence"),
    "permission": ("source", "permission"),
    "permission_by": ("source", "permission_granted", "by"),
    "permission_on": ("source", "permission_granted", "on"),
    "permission_reference": ("source", "permission_granted", "reference"),
    "transcription": ("source", "transcription"),
    "validation": ("source", "validation"),
    "scoring_method": ("scoring", "method"),
    "incomplete_code": ("scoring", "incomplete", "outcome"),
}
_WORDED: Mapping[str, Path] = {
    "form_title": ("title",),
    "before_first_question": ("before_first_question",),
    "disclaimer": ("disclaimer",),
    "missing_policy": ("scoring", "missing_policy"),
    "incomplete_label": ("scoring", "incomplete", "label"),
}
_AGES: Mapping[str, Path] = {
    "min_age": ("population", "min_age"),
    "max_age": ("population", "max_age"),
}
_OTHER = frozenset({"default_language", "allow_choice_duplicates"})
_OUTCOME = frozenset({"min", "max", "code", "label", "action"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def settings_of(
    file: str,
    sheets: Mapping[str, list[SheetRow]],
    places: dict[Path, Place],
    problems: list[FieldProblem],
) -> dict[str, Any]:
    """The instrument but for its questions; `places` and `problems` are added to."""
    rows = sheets.get("settings") or [SheetRow(number=2, cells={})]
    language = _language(rows[0])
    row = Cells(file, "settings", rows[0], language)
    row.only({*_PLAIN, *_WORDED, *_AGES, *_OTHER}, worded=_WORDED)
    if row.text("permission_on") and not _DAY.fullmatch(row.text("permission_on")):
        row.refuse("permission_on", "not_a_day", "write the day as text, as in 2026-01-31")
    document = _defaults(language)
    for columns, read in ((_PLAIN, row.text), (_WORDED, row.words), (_AGES, row.number_in)):
        for column, path in columns.items():
            places[path] = row.place(column)
            value = read(column)
            if value not in ("", None, {}):
                _put(document, path, value)
    places[()] = row.place("form_id")
    places[("scoring",)] = row.place("scoring_method")
    problems += row.problems
    bands = _bands(file, sheets.get("outcomes", []), language, places, problems)
    if bands:
        document["scoring"]["bands"] = bands
    return document


def _language(row: SheetRow) -> str:
    """The language of columns that name none."""
    said = row.cells.get("default_language", "")
    return language_of(f"default_language::{said}") or "en"


def _defaults(language: str) -> dict[str, Any]:
    return {
        "status": "draft",
        "certainty": "knowledge",
        "languages": [language],
        "source": {},
        "scoring": {
            "method": "none",
            "missing_policy": {"en": "A question without an answer is never taken for a no."},
            "incomplete": {
                "outcome": "incomplete",
                "label": {"en": "Not enough was asked to say."},
            },
        },
    }


def _put(document: dict[str, Any], path: Path, value: object) -> None:
    inner = document
    for part in path[:-1]:
        inner = inner.setdefault(str(part), {})
    inner[str(path[-1])] = value


def _bands(
    file: str,
    rows: list[SheetRow],
    language: str,
    places: dict[Path, Place],
    problems: list[FieldProblem],
) -> list[dict[str, Any]]:
    """What each number of the outcomes sheet is called."""
    found: list[dict[str, Any]] = []
    for at, each in enumerate(rows):
        row = Cells(file, "outcomes", each, language)
        row.only(_OUTCOME, worded=("label",))
        band = {
            "min": row.number_in("min"),
            "max": row.number_in("max"),
            "code": row.text("code"),
            "label": row.words("label"),
            "action": row.text("action"),
        }
        path: Path = ("scoring", "bands", at)
        places[path] = row.place("code")
        places |= {(*path, part): row.place(part) for part in _OUTCOME}
        found.append({part: value for part, value in band.items() if value not in (None, "")})
        problems += row.problems
    return found
