"""How well an instrument told cases apart in a study, and what a positive result is then worth.

A screen that finds nearly everybody may still be wrong about most of those it names, when few of
the people asked are trafficked. Therefore no figure stands here without the share among those
asked, and a positive result is shown with how often it would be right.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from casework.domain.rule_versions import Definition
from screening.domain.definition import Words

ONE_IN_A_HUNDRED = 0.01
_DIGITS, _TINY = 3, 1e-9
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class TwoByTwo(Definition):
    """How many were found and missed; of some studies only those who were trafficked."""

    tp: Count
    fn: Count
    fp: Count | None = None
    tn: Count | None = None

    @property
    def sensitivity(self) -> float | None:
        """Of those who were trafficked, the share that the instrument found."""
        return _share(self.tp, self.fn)

    @property
    def specificity(self) -> float | None:
        """Of those who were not, the share that it left alone."""
        return _share(self.tn, self.fp)

    @property
    def prevalence(self) -> float | None:
        """Of the people of the study, the share that was trafficked."""
        if self.people is None or self.people == 0:
            return None
        return (self.tp + self.fn) / self.people

    @property
    def people(self) -> int | None:
        """How many were studied; None where only those who were trafficked were counted."""
        if self.fp is None or self.tn is None:
            return None
        return self.tp + self.fn + self.fp + self.tn

    @property
    def ppv(self) -> float | None:
        """Of the positive results, the share that was right among the people of the study."""
        return _share(self.tp, self.fp)

    @property
    def npv(self) -> float | None:
        """Of the negative results, the share that was right among the people of the study."""
        return _share(self.tn, self.fn)

    def ppv_at(self, prevalence: float) -> float | None:
        """Of the positive results, the share that would be right where this share is trafficked."""
        return ppv_at(self.sensitivity, self.specificity, prevalence)


def ppv_at(sensitivity: float | None, specificity: float | None, prevalence: float) -> float | None:
    """The share of positive results that would be right; None where a figure is missing."""
    if sensitivity is None or specificity is None:
        return None
    right = sensitivity * prevalence
    wrong = (1 - specificity) * (1 - prevalence)
    return right / (right + wrong) if right + wrong else None


class Accuracy(Definition):
    """What one study found: its table where that is known, otherwise its figures alone."""

    study: Words
    population: Words
    n: Annotated[int, Field(gt=0)] | None = None
    table: TwoByTwo | None = None
    sensitivity: Share | None = None
    """As published, with as many digits as were published."""
    specificity: Share | None = None
    prevalence: Share | None = None
    """The share of the people in the study who were trafficked, as published."""
    note: str = ""

    @model_validator(mode="after")
    def _says_something_and_agrees(self) -> "Accuracy":
        figures = (self.table, self.sensitivity, self.specificity, self.prevalence)
        if all(figure is None for figure in figures):
            raise PydanticCustomError("no_figure", "a study without any figure says nothing")
        for name in ("sensitivity", "specificity", "prevalence"):
            published, counted = getattr(self, name), getattr(self.table, name, None)
            if published is not None and counted is not None and not _same(published, counted):
                said = "the published {name} is not that of the table"
                raise PydanticCustomError("figures_differ", said, {"name": name})
        people = self.table.people if self.table else None
        if self.n is not None and people is not None and people != self.n:
            said = "the table holds {people} people, not {n}"
            raise PydanticCustomError("people_differ", said, {"people": people, "n": self.n})
        return self

    def ppv_at(self, prevalence: float) -> float | None:
        """From the counts of the table, and from what was published where they are missing."""
        return ppv_at(self._exact("sensitivity"), self._exact("specificity"), prevalence)

    def _exact(self, name: str) -> float | None:
        counted: float | None = getattr(self.table, name, None)
        published: float | None = getattr(self, name)
        return published if counted is None else counted

    def worth(self) -> str:
        """What a positive result is worth where few are trafficked; empty if it cannot be said."""
        right = self.ppv_at(ONE_IN_A_HUNDRED)
        if right is None:
            return ""
        return (
            "Of 1,000 positive results where 1 in 100 people is trafficked, about "
            f"{1000 * right:.0f} would be right ({self.study}; {self.population})."
        )

    def shown(self) -> tuple[str, ...]:
        """Whole sentences for a page: who was studied, what was found, what a result is worth."""
        people = f"{self.n:,} in all: " if self.n else ""
        lines = (f"{self.study}: {people}{self.population}.", *self._found(), self.worth())
        return tuple(line for line in (*lines, self.note) if line)

    def _found(self) -> Iterator[str]:
        for name, said in (
            ("sensitivity", "who were trafficked it found"),
            ("specificity", "who were not trafficked it left alone"),
            ("prevalence", "people in the study, so many were trafficked:"),
        ):
            published: float | None = getattr(self, name)
            share = self._exact(name) if published is None else published
            if share is not None:
                yield f"Of 100 {said} {round(100 * share, 1):g}."


def _share(part: int | None, other: int | None) -> float | None:
    if part is None or other is None or part + other == 0:
        return None
    return part / (part + other)


def _same(published: float, counted: float) -> bool:
    """Whether the two agree in as many digits as were published, at most three."""
    exponent = Decimal(str(published)).as_tuple().exponent
    digits = min(-exponent, _DIGITS) if isinstance(exponent, int) else _DIGITS
    return abs(published - round(counted, digits)) < _TINY
