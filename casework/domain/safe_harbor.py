"""Children who must not be prosecuted: each State's safe harbour, as a row and as a pathway.

The report asks for it in ¶53, ¶61 and ¶92: a child in commercial sex has been trafficked and is to
be protected, whatever State it is in. States answer differently and many answers are old, so a row
claims no more than the survey or law it rests on, and says of which day it speaks.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field, model_validator

from casework.domain.jurisdictions import (
    Answer,
    StateRule,
    Written,
    YesNoUnknown,
    before_the_first,
    criterion,
    in_scope,
)
from casework.domain.pathways import Criterion, EvidenceItem, EvidenceNeed, Pathway, PathwayKind

PROSTITUTION_TYPE = ("prostitution", "loitering_for_prostitution")


class Approach(StrEnum):
    """How the State keeps a child from being prosecuted, if it does."""

    NOT_CHARGEABLE = "not_chargeable"
    IMMUNITY_IF_VICTIM = "immunity_if_victim"
    DEFINITION_EXCLUDES_MINOR = "definition_excludes_minor"
    PRESUMPTION_OF_VICTIM = "presumption_of_victim"
    AFFIRMATIVE_DEFENCE = "affirmative_defence"
    DIVERSION = "diversion"
    MANDATORY_REFERRAL = "mandatory_referral"
    NONE = "none"
    UNKNOWN = "unknown"


class OffencesOfMinors(StrEnum):
    """How far the protection goes."""

    PROSTITUTION_ONLY = "prostitution_only"
    ALSO_OTHER = "also_other"
    UNKNOWN = "unknown"


_APPROACH = {
    Approach.NOT_CHARGEABLE: "The child is not charged",
    Approach.IMMUNITY_IF_VICTIM: "No prosecution once the trafficking is shown",
    Approach.DEFINITION_EXCLUDES_MINOR: "The offence can only be committed by an adult",
    Approach.PRESUMPTION_OF_VICTIM: "The child is presumed to have been trafficked",
    Approach.AFFIRMATIVE_DEFENCE: "A defence to the charge, to be raised in court",
    Approach.DIVERSION: "The case is led out of court into services",
    Approach.MANDATORY_REFERRAL: "The child is referred to child welfare",
    Approach.NONE: "Nothing that our sources show",
    Approach.UNKNOWN: "Protection from prosecution; how it works is not in our sources",
}


class SafeHarborRule(StateRule):
    """What our sources say of one State's protection of children from a day on."""

    protected: YesNoUnknown
    """Whether a child is kept from prosecution for prostitution."""
    protected_note: str = ""
    """Why the answer is no or unknown; needed unless it is yes."""
    approach: tuple[Approach, ...] = Field(min_length=1)
    age_limit: int = Field(default=18, ge=12, le=21)
    """Protected are those who were younger than this at the time of the offence."""
    older_minors_note: str = ""
    """Why our sources do not settle whether minors of this age or older are protected too."""
    offences: OffencesOfMinors
    finding_needed: YesNoUnknown
    """Whether it has to be shown that the child was trafficked."""

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if (self.protected is Answer.YES) == bool(self.protected_note):
            raise ValueError("`protected_note` belongs to a no or an unknown, which need it")
        if self.older_minors_note and self.age_limit >= 18:
            raise ValueError("`older_minors_note` needs an `age_limit` under 18")
        return self


def pathways_of(row: BaseModel) -> Iterator[tuple[str, BaseModel]]:
    """The pathway that follows from a row, and one for the days before the first version."""
    if isinstance(row, SafeHarborRule):
        pathway = as_pathway(row)
        yield "pathway", pathway
        if row.earliest:
            yield "pathway", before_the_first(row, pathway)


def as_pathway(rule: SafeHarborRule) -> Pathway:
    """The row as a pathway: one offence of a child, held against the State's protection."""
    return Pathway(
        id=f"safe-harbor-{rule.state.lower()}",
        version=rule.version,
        title=f"Safe harbour for children in {rule.place}",
        jurisdiction=rule.jurisdiction,
        in_force_from=rule.in_force_from,
        in_force_to=rule.in_force_to,
        enjoined=rule.enjoined,
        citation=rule.citation,
        law_sources=rule.law_sources,
        certainty=rule.certainty,
        reviewed=rule.reviewed,
        report_rows=rule.report_rows,
        kind=PathwayKind.SAFE_HARBOR,
        per_offence=True,
        scope=in_scope(rule),
        summary=f"Whether a child is kept from prosecution in {rule.place}.",
        gives=tuple(_APPROACH[approach] for approach in rule.approach),
        who_acts="The child's lawyer raises it with the prosecutor or the court, at once",
        cost="None",
        criteria=tuple(_criteria(rule)),
        evidence=(
            EvidenceItem(id="age", text="Proof of age", needed=EvidenceNeed.HELPFUL),
            EvidenceItem(
                id="own-statement", text="What the child told", needed=EvidenceNeed.ANY_CREDIBLE
            ),
        ),
        advisories=(
            "Whatever the State allows, the report asks that no child be detained, charged or "
            "prosecuted for what it did because of having been trafficked (¶53, ¶61, ¶92).",
            *rule.cautions(),
        ),
    )


def _criteria(rule: SafeHarborRule) -> Iterator[Criterion]:
    text = f"Was under {rule.age_limit} at the time of the offence"
    yield criterion(rule, "minor", text, _young(rule), gateway=True)
    if rule.protected is not Answer.YES:
        literal = "impossible" if rule.protected is Answer.NO else "unsettled"
        text = f"{rule.place} keeps children from being prosecuted for prostitution"
        text = text[0].upper() + text[1:]
        yield criterion(rule, "protected", text, {literal: rule.protected_note}, gateway=True)
        return
    text = "The protection reaches the offence"
    yield criterion(rule, "offence", text, _offence(rule.offences), gateway=True)
    if rule.finding_needed is not Answer.NO:
        text = "The trafficking is shown, where that is asked"
        yield criterion(rule, "trafficked", text, _shown(rule.finding_needed))


def _young(rule: SafeHarborRule) -> Written:
    """Somebody known to have been an adult was not young, whether or not the exact age is known."""
    minor: Written = {"fact": "under_18_at_offence", "is": True}
    if rule.age_limit == 18:
        return minor
    young: Written = {"fact": "age_at_offence", "at_most": rule.age_limit - 1}
    if rule.age_limit > 18:
        return {"any": [minor, young]}
    if rule.older_minors_note:
        young = {"any": [young, {"unsettled": rule.older_minors_note}]}
    return {"all": [minor, young]}


def _offence(reach: OffencesOfMinors) -> Written:
    prostitution: Written = {"fact": "conviction_offence", "one_of": list(PROSTITUTION_TYPE)}
    if reach is OffencesOfMinors.PROSTITUTION_ONLY:
        return prostitution
    why = (
        "The protection goes beyond prostitution; our sources do not list to which offences."
        if reach is OffencesOfMinors.ALSO_OTHER
        else "Our sources do not say whether the protection goes beyond prostitution."
    )
    return {"any": [prostitution, {"unsettled": why}]}


def _shown(needed: Answer) -> Written:
    sex: Written = {"fact": "victim_sex_trafficking", "is": True}
    labor: Written = {"fact": "victim_labor_trafficking", "is": True}
    if needed is Answer.YES:
        return {"any": [sex, labor]}
    return {"any": [sex, {"unsettled": "Our sources do not say whether it has to be shown."}]}
