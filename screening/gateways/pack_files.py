"""An instrument as an agency sends it: what it says, and where in the file each part stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from casework.domain.errors import FieldProblem, InvalidInputError

LARGEST_BYTES = 1_048_576
"""As much as the body of any request may have."""
Path: TypeAlias = tuple[str | int, ...]
"""A way into the instrument: ("sections", 0, "items", 2, "show_when")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: the line (in a workbook sheet and row), the field, and a pointer."""

    line: str
    field: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """One instrument as it is written, with the place of every part of it."""

    name: str
    instrument: dict[str, Any] = field(repr=False)
    places: Mapping[Path, Place] = field(repr=False)
    exact: bool
    """Whether a part that is missing is named by its own path; otherwise by what is around it."""

    def problem(self, path: Path, code: str, reason: str) -> FieldProblem:
        """What is wrong with one part, naming file, line and field."""
        near = path
        while near and near not in self.places:
            near = near[:-1]
        place = self.places[near]
        if self.exact:
            place = Place(
                line=place.line, field=dotted(path), pointer=f"{pointer_of(path, place, near)}"
            )
        return problem_at(self.name, place, code, reason)


def pointer_of(path: Path, place: Place, near: Path) -> str:
    """The pointer of a part that is not there, from that of what is around it."""
    return place.pointer + "".join(f"/{_escaped(str(part))}" for part in path[len(near) :])


def dotted(path: Path) -> str:
    """A path in words."""
    return ".".join(map(str, path)) or "instrument"


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def problem_at(name: str, place: Place, code: str, reason: str) -> FieldProblem:
    """One thing wrong with a file, at a place that is known."""
    detail = f"{name}:{place.line}: {place.field}: {reason}"
    return FieldProblem(pointer=place.pointer, code=code, detail=detail)


def refusal(problems: tuple[FieldProblem, ...]) -> InvalidInputError:
    """The refusal of a file, everything that is wrong with it named."""
    return InvalidInputError(problems[0].detail, problems=problems)


def refused_whole(name: str, code: str, reason: str) -> InvalidInputError:
    """The refusal of a file that was not even read."""
    place = Place(line="1", field="file", pointer="")
    return refusal((problem_at(name, place, code, reason),))
