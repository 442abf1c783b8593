"""The choices sheet of an XLSForm: lists of options, with published codes for having no answer."""

from typing import Any

from casework.domain.errors import FieldProblem
from screening.gateways.pack_files import Path, Place
from screening.gateways.workbook import SheetRow
from screening.gateways.xlsform_cells import Cells

_COLUMNS = frozenset({"list_name", "name", "label", "missing", "score", "exclusive"})


class Choices:
    """Every list, read once."""

    def __init__(self, file: str, rows: list[SheetRow], language: str) -> None:
        self.problems: list[FieldProblem] = []
        self._lists: dict[str, list[tuple[dict[str, Any], Cells]]] = {}
        for row in rows:
            cells = Cells(file, "choices", row, language)
            cells.only(_COLUMNS, worded=("label",))
            self._lists.setdefault(cells.text("list_name"), []).append((_option(cells), cells))
            if not cells.text("list_name"):
                cells.refuse("list_name", "required", "an option belongs to a list; name it")
            self.problems += cells.problems

    def of(
        self, name: str, asked: Cells, path: Path, places: dict[Path, Place]
    ) -> list[dict[str, Any]]:
        """The options of one list; each keeps its own place among the choices."""
        if name not in self._lists:
            asked.refuse("type", "unknown_list", f"there is no list “{name}” among the choices")
            return []
        for at, (option, cells) in enumerate(self._lists[name]):
            places[*path, at] = cells.place("name")
            places[*path, at, "code"] = cells.place("name")
            places |= {(*path, at, part): cells.place(part) for part in option if part != "code"}
            places[*path, at, "label"] = cells.place("label")
        return [option for option, _ in self._lists[name]]


def _option(cells: Cells) -> dict[str, Any]:
    option: dict[str, Any] = {"code": cells.text("name"), "label": cells.words("label")}
    if cells.text("missing"):
        option["missing"] = cells.text("missing")
    if cells.text("exclusive"):
        option["exclusive"] = cells.flag("exclusive")
    score = cells.number_in("score")
    return option if score is None else option | {"score": score}
