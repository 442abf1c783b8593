"""Published figures that an agency's own statistics can be held beside.

They are figures of others, as of their day: nothing is computed from them, and they say nothing
about how many people are trafficked.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from casework.domain.rule_versions import Certainty, Definition

_YEAR = r"(FY)?[0-9]{4}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
PERIOD = rf"^({_YEAR}|{_YEAR}/{_YEAR}|since {_YEAR}|{_DAY}/{_DAY}|not stated)$"


class Precision(StrEnum):
    """How exactly the source gives a figure."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    OVER = "over"
    NEARLY = "nearly"
    UP_TO = "up_to"


class ReferencePoint(Definition):
    """One published figure."""

    period: str = Field(pattern=PERIOD)
    """A year (2014, FY2014), years (2009/2012), days (2014-08-01/2015-07-31), since a year, or that
    the source states none."""
    value: int | float = Field(ge=0, allow_inf_nan=False)
    category: str = ""
    """Of what part of the series, where it has parts."""
    precision: Precision = Precision.EXACT
    notes: str = ""


class ReferenceSeries(Definition):
    """Published figures on one question, from one source."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    """What is counted; percent says of what."""
    counted_by: str = ""
    """Whose figures they are, where the source tells it."""
    citation: str = Field(min_length=1)
    law_sources: tuple[str, ...] = Field(min_length=1)
    """Ids of the sources the figures rest on."""
    certainty: Certainty
    reviewed: bool = False
    report_rows: tuple[str, ...] = Field(min_length=1)
    points: tuple[ReferencePoint, ...] = Field(min_length=1)
    notes: str = ""

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> Self:
        said = [(point.period, point.category) for point in self.points]
        if len(set(said)) < len(said):
            raise ValueError("a period and category stand twice")
        return self

    def value(self, period: str, category: str = "") -> int | float | None:
        """The figure of a period and category; None where none is published."""
        return next(
            (p.value for p in self.points if (p.period, p.category) == (period, category)), None
        )


def for_row(series: Iterable[ReferenceSeries], row: str) -> list[ReferenceSeries]:
    """The series that stand beside one demand of the report, by id."""
    return sorted((one for one in series if row in one.report_rows), key=lambda one: one.id)
