"""How a form of relief is written: what it asks, excuses, gives, needs and collides with."""

from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import Field

from casework.domain.conditions import AllOf, AnyOf, Condition
from casework.domain.rule_versions import Definition, RuleVersion


class Exemption(Definition):
    """A reason for which a criterion, or a bar, does not count for this person."""

    id: str
    text: str
    when: Condition
    citation: str


class Criterion(Definition):
    """One thing a pathway asks, or, as a bar, one thing that closes it."""

    id: str
    text: str
    when: Condition
    citation: str
    exemptions: tuple[Exemption, ...] = ()
    gateway: bool = False
    """Whether meeting it makes the pathway worth pursuing while the rest is still open."""

    @cached_property
    def met_or_excused(self) -> AnyOf:
        """The criterion with its exemptions, which come first."""
        return AnyOf.model_validate({"any": [*(e.when for e in self.exemptions), self.when]})

    @cached_property
    def stands_in_the_way(self) -> AllOf:
        """The same row read as a bar: it holds, and no exemption lifts it."""
        unlifted = [{"not": exemption.when} for exemption in self.exemptions]
        return AllOf.model_validate({"all": [*unlifted, self.when]})


class EvidenceNeed(StrEnum):
    """How much a piece of evidence is asked for."""

    REQUIRED = "required"
    HELPFUL = "helpful"
    ANY_CREDIBLE = "any_credible"
    """One of the ways to show it; none of them is required by name."""


class EvidenceItem(Definition):
    """One thing to gather for the filing."""

    id: str
    text: str
    needed: EvidenceNeed


class FamilyMember(Definition):
    """Who of the family can come under the same relief."""

    class_: str = Field(alias="class")
    who: str
    condition: str = ""


class Conflict(Definition):
    """Something done or signed elsewhere that this form of relief collides with."""

    id: str
    text: str
    citation: str
    with_: str = Field(default="", alias="with")
    """The id of the other pathway, where it is one."""
    when: Condition | None = None
    """On which facts the conflict is real; without it a caution that always stands."""


class PathwayKind(StrEnum):
    """What sort of way forward it is."""

    RELIEF = "relief"
    BENEFIT = "benefit"
    RECORD_RELIEF = "record_relief"
    SAFE_HARBOR = "safe_harbor"
    REDRESS = "redress"
    REFERRAL = "referral"
    RETURN = "return"


class Pathway(RuleVersion):
    """One version of one form of relief."""

    in_force_from: date
    kind: PathwayKind = PathwayKind.RELIEF
    scope: Condition | None = None
    """Whom it concerns at all (one State's courts, for instance); None: everybody.

    While that is unknown, it is not known whether the pathway concerns the person.
    """
    not_for: Condition | None = None
    """For whom it cannot be, though nobody has to say so first: only a known yes leaves it out."""
    per_offence: bool = False
    """Whether it is held against one offence of the person's record at a time."""
    summary: str
    gives: tuple[str, ...] = Field(min_length=1)
    who_acts: str
    cost: str
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    bars: tuple[Criterion, ...] = ()
    evidence: tuple[EvidenceItem, ...] = ()
    family: tuple[FamilyMember, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    advisories: tuple[str, ...] = ()

    @cached_property
    def kept(self) -> dict[str, Any]:
        """Where what is made ready from this version is kept, so that it is made once."""
        return {}
