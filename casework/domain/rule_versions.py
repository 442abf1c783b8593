"""What every versioned rule of law carries, and which versions hold on a given day."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Certainty(StrEnum):
    """How the content of a row was established; every row also waits for counsel's review."""

    VERIFIED = "verified"
    """The text, or an authoritative summary of it, was read."""
    SECONDARY = "secondary"
    """A secondary source was seen."""
    KNOWLEDGE = "knowledge"
    """From knowledge, not checked again."""
    LOW = "low"
    """From knowledge, with little confidence."""


class Definition(BaseModel):
    """The base of everything read from a seed: unchangeable, and no unknown key accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class Enjoined(Definition):
    """A period in which a court kept the rule from being applied; both days belong to it."""

    from_: date = Field(alias="from")
    to: date | None = None
    """None: no end is known."""
    case: str


class RuleVersion(Definition):
    """One version of one rule, with its source and the days on which it holds."""

    id: str = Field(min_length=1)
    version: str = Field(min_length=1)
    title: str
    jurisdiction: str = "US"
    in_force_from: date | None = None
    """The first day on which it holds; None only where the row is no law at all."""
    in_force_to: date | None = None
    """The last day on which it holds; None: still in force."""
    enjoined: tuple[Enjoined, ...] = ()
    citation: str = Field(min_length=1)
    law_sources: tuple[str, ...] = Field(min_length=1)
    """Ids of the sources the row rests on."""
    certainty: Certainty
    reviewed: bool = False
    """True only after counsel has signed the row."""
    report_rows: tuple[str, ...] = ()
    """The demands of the report that the row answers, e.g. R16."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.in_force_from and self.in_force_to and self.in_force_to < self.in_force_from:
            raise ValueError("in_force_to lies before in_force_from")
        return self


Rule = TypeVar("Rule", bound=RuleVersion)


def in_force(versions: Iterable[Rule], on: date) -> list[Rule]:
    """The versions that hold on the day `on`, by id and then by first day.

    First and last day are both included; a version enjoined on that day is left out.
    """
    return sorted(
        (version for version in versions if _holds(version, on)),
        key=lambda version: (version.id, version.in_force_from or date.min, version.version),
    )


def in_force_on(version: RuleVersion, day: date) -> bool:
    """Whether the day lies within those of the version, whatever a court says."""
    begun = version.in_force_from is None or version.in_force_from <= day
    return begun and not (version.in_force_to is not None and version.in_force_to < day)


def enjoined_on(version: RuleVersion, day: date) -> str:
    """The case in which a court kept the version from being applied that day; empty if none."""
    orders = (order for order in version.enjoined if _enjoins(order, day))
    return next((order.case for order in orders), "")


def _holds(version: RuleVersion, on: date) -> bool:
    return in_force_on(version, on) and not enjoined_on(version, on)


def _enjoins(order: Enjoined, on: date) -> bool:
    return order.from_ <= on and (order.to is None or on <= order.to)
