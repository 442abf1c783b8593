"""The files of vignettes: a story, what is known, and what the law makes of it.

A vignette says of every outcome on what it rests (`because`: codes of facts, indicators or
questions), or, where too little is known, what is missing (`needs`), and where that is written
(`citation`: a part of the citation of what was decided).
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from casework.domain.facts import ReportRow
from casework.domain.findings import Band, Element, TraffickingForm
from casework.domain.relief import Outcome
from casework.gateways.seed_files import read_folder

FOLDER = Path(__file__).parent / "vignettes"

LEFT_OUT = "left_out"
"""The form of relief is known not to concern the person."""
UNPLACED = "unplaced"
"""It is not known yet whether it concerns the person at all."""
NOT_IN_FORCE = "not_in_force"
"""There is no such form of relief on the day."""

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Value = bool | int | str | date


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Screened(_Part):
    """Answers to an instrument of the seeds."""

    instrument: Code
    answers: dict[Code, object]


class Reason(_Part):
    """What every expectation names: on what it rests, or what is missing, and where it stands."""

    because: tuple[Code, ...] = ()
    needs: tuple[Code, ...] = ()
    citation: str = Field(min_length=3)

    @property
    def names_none(self) -> bool:
        """Whether only the law itself can be the reason, whatever the facts."""
        return not self.because and not self.needs


class ExpectedForm(Reason):
    """One form of trafficking under one definition."""

    form: TraffickingForm
    definition: Literal["federal", "protocol"]
    band: Band
    not_needed: tuple[Element, ...] = ()
    """Elements that the definition does not ask for here."""
    note: str = ""
    """A part of what has to be said beside it."""


class ExpectedGate(Reason):
    """What the instrument itself comes to; for the screening of a child, whether it may return."""

    outcome: Code
    otherwise: dict[Code, object] = Field(min_length=1)
    """With these answers in place of those given, the outcome is another."""


class ExpectedPathway(Reason):
    """One form of relief, and one offence where it is about offences."""

    id: Code
    outcome: Outcome | Literal["left_out", "unplaced", "not_in_force"]
    offence: str = ""
    exemption: str = ""
    """The id of an exemption that applies."""
    stated: str = ""
    """A part of why the law itself closes it or leaves it open, whatever the facts."""
    conflicts: tuple[Code, ...] = ()
    """What it is known to collide with, by id."""
    advisory: str = ""
    """A part of something said beside it: a caution, what it gives, what it costs, who acts."""


class ExpectedClock(Reason):
    """Whether a period that the law sets concerns the person at all."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9-]+$")]
    outcome: Literal["yes", "no", "unknown", "not_in_force"]


class Expected(_Part):
    """Everything that a vignette says comes out."""

    forms: tuple[ExpectedForm, ...] = ()
    gate: ExpectedGate | None = None
    clocks: tuple[ExpectedClock, ...] = ()
    pathways: tuple[ExpectedPathway, ...] = ()

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if not self.every:
            raise ValueError("a vignette that expects nothing cannot fail")
        return self

    @property
    def every(self) -> tuple[Reason, ...]:
        """All of them, of whatever sort."""
        return (*self.forms, *([self.gate] if self.gate else []), *self.clocks, *self.pathways)


class Vignette(_Part):
    """One invented case."""

    id: Code
    title: str = Field(min_length=1)
    rows: tuple[ReportRow, ...] = Field(min_length=1)
    story: str = Field(min_length=40)
    on: date
    screened: Screened | None = None
    facts: dict[Code, Value] = Field(default_factory=dict)
    offences: tuple[dict[str, Value], ...] = ()
    expect: Expected

    @model_validator(mode="after")
    def _a_gate_needs_a_screening(self) -> Self:
        if self.expect.gate and not self.screened:
            raise ValueError("the outcome of an instrument needs answers to it")
        return self


@cache
def vignettes() -> tuple[Vignette, ...]:
    """Every vignette of every file, in the order read."""
    found: list[Vignette] = []
    for file in read_folder(FOLDER):
        if set(file.content) != {"vignettes"}:
            raise ValueError(f"{file.name}: only the key vignettes may stand here")
        listed = file.content["vignettes"]
        for number, written in enumerate(listed if isinstance(listed, list) else [listed]):
            place = f"{file.name}:{file.line_of(('vignettes', number))}"
            try:
                found.append(Vignette.model_validate(written))
            except ValueError as error:
                raise ValueError(f"{place}: {error}") from error
    return tuple(found)
