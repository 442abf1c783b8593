"""Where a record was made, what it was for, and what the rules of the States share.

The rules themselves stand in `vacatur.py` (clearing a record) and `safe_harbor.py` (children who
must not be prosecuted at all). Each of them is written as a table row, the way a lawyer compares
States, and turned into a pathway, the way a case is assessed.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field

from casework.domain.conditions import Condition, FactIs
from casework.domain.pathways import Criterion, Pathway
from casework.domain.rule_versions import Certainty, Definition, RuleVersion

STATES: dict[str, str] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "the District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}
"""Postal code → name, of the 50 States and the District of Columbia."""

FIRST_DAY = date(2000, 10, 28)
"""The federal trafficking act: no day before it is ever asked about."""

OFFENCES = (
    "prostitution",
    "loitering_for_prostitution",
    "promoting_prostitution",
    "loitering_or_vagrancy",
    "disorderly_conduct",
    "trespass",
    "obstruction",
    "failure_to_appear",
    "theft",
    "fraud_or_forgery",
    "false_identification",
    "criminal_mischief",
    "marijuana_possession",
    "drug_possession",
    "drug_sale",
    "traffic",
    "immigration_related",
    "burglary",
    "arson",
    "weapons",
    "assault",
    "child_endangerment",
    "robbery",
    "kidnapping",
    "homicide",
    "sexual_offence",
    "trafficking_offence",
    "other_nonviolent",
    "other_violent",
)
"""The closed list of offences; the options of the fact `conviction_offence` are the same."""


class Answer(StrEnum):
    """What our sources say to a question about a law; unknown is never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def unquoted(value: object) -> object:
    """YAML reads yes and no without quotes as true and false."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


YesNoUnknown: TypeAlias = Annotated[Answer, BeforeValidator(unquoted)]
Written: TypeAlias = dict[str, Any]
"""A condition as it stands in a seed."""


class Begins(StrEnum):
    """What the first day of a version means."""

    STATED = "stated"
    """Our sources give the day on which it took effect."""
    AT_THE_LATEST = "at_the_latest"
    """Our sources show the text by that day; it may have begun earlier."""
    CHANGING = "changing"
    """The law changed at about that time; on which day, or how, is not settled."""


class Victimisation(Definition):
    """Which trafficking the law asks for, and whether it asks at all."""

    sex: YesNoUnknown = Answer.YES
    labor: YesNoUnknown
    needed: bool = True
    """False where the law clears the record without asking."""
    note: str = ""

    def condition(self, where: str) -> Condition | Written:
        """Any trafficking that the law accepts; what is unknown stays unsettled."""
        accepted = {"victim_sex_trafficking": self.sex, "victim_labor_trafficking": self.labor}
        why = self.note or f"Our sources do not say whether {where} accepts this trafficking."
        return first_true(
            {"fact": fact, "is": True}
            if answer is Answer.YES
            else {"all": [{"fact": fact, "is": True}, {"unsettled": why}]}
            for fact, answer in accepted.items()
            if answer is not Answer.NO
        )


class StateRule(RuleVersion):
    """One version of one State's rule, with what every such row carries."""

    jurisdiction: str = Field(pattern=r"^US-(" + "|".join(STATES) + r")$")
    in_force_from: date
    begins: Begins = Begins.AT_THE_LATEST
    earliest: bool = False
    """Whether our sources carry nothing older; the days before are then said to be unsettled."""
    history: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """The postal code."""
        return self.jurisdiction.removeprefix("US-")

    @property
    def place(self) -> str:
        """The name, as it stands in a sentence."""
        return STATES[self.state]

    def cautions(self) -> list[str]:
        """What has to be said beside every conclusion drawn from the row."""
        said = list(self.notes)
        if self.begins is Begins.AT_THE_LATEST:
            day = self.in_force_from.isoformat()
            said.append(f"The first day is not recorded; our sources show this by {day}.")
        if self.begins is Begins.CHANGING:
            said.append(
                "The law changed, or may have, at about that time: how or when is not settled."
            )
        if self.certainty in (Certainty.LOW, Certainty.KNOWLEDGE):
            said.append("This row rests on little: check the statute before relying on it.")
        return [*said, *(f"History: {line}" for line in self.history)]


def in_scope(rule: StateRule) -> FactIs:
    """The courts and police of this State made the record."""
    return FactIs.model_validate({"fact": "conviction_jurisdiction", "is": rule.state})


def criterion(
    rule: StateRule, id_: str, text: str, when: Condition | Written, *, gateway: bool = False
) -> Criterion:
    """One criterion that rests on the row's own citation."""
    return Criterion.model_validate(
        {"id": id_, "text": text, "when": when, "citation": rule.citation, "gateway": gateway}
    )


def first_true(parts: Iterable[Condition | Written]) -> Condition | Written:
    """Any of the parts; a single part stands for itself."""
    found = list(parts)
    return found[0] if len(found) == 1 else {"any": found}


def before_the_first(rule: StateRule, pathway: Pathway) -> Pathway:
    """What the pathway says of the days before the first version that our sources carry."""
    why = (
        f"What {rule.place} had before {rule.in_force_from.isoformat()} is not in our sources. "
        "No answer of the person can settle it; look up the law of that day."
    )
    return pathway.model_copy(
        update={
            "version": FIRST_DAY.isoformat(),
            "in_force_from": FIRST_DAY,
            "in_force_to": rule.in_force_from - timedelta(days=1),
            "certainty": Certainty.LOW,
            "criteria": (
                criterion(
                    rule,
                    "law-of-that-day",
                    "A law of that day reaches the record",
                    {"unsettled": why},
                    gateway=True,
                ),
            ),
            "summary": why,
            "gives": ("Not known for that day",),
            "bars": (),
            "evidence": (),
            "conflicts": (),
            "advisories": ("This says nothing about the law of today.",),
        }
    )
