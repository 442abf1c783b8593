"""The definitions of trafficking that answers are held against: as data, version by version."""

from datetime import date
from enum import StrEnum

from pydantic import model_validator

from casework.domain.findings import Framework
from casework.domain.rule_versions import RuleVersion
from screening.domain.indicators import FederalPart


class WithoutMeans(StrEnum):
    """For what a person under 18 needs no means to have been used."""

    COMMERCIAL_SEX = "commercial_sex"
    EVERY_FORM = "every_form"


class LegalDefinition(RuleVersion):
    """One version of one definition: the acts it names, and where each of its limbs stands."""

    in_force_from: date
    framework: Framework
    acts: tuple[FederalPart, ...] = ()
    """The federal acts it names; none: it counts whatever the vocabulary calls an act."""
    under_18_without_means: WithoutMeans
    sex_citation: str
    labor_citation: str
    under_18_citation: str

    @model_validator(mode="after")
    def _federal_names_its_acts(self) -> "LegalDefinition":
        if (self.framework is Framework.FEDERAL) != bool(self.acts):
            raise ValueError("the federal definition names its acts; the Protocol counts them all")
        return self

    def counts_act(self, part: FederalPart) -> bool:
        """Whether the act is one that this version names."""
        return not self.acts or part in self.acts
