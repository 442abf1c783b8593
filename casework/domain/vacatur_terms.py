"""What one State's law on clearing a record says: whom, what, which tie, what it gives, by when.

Every part turns itself into a condition over the facts of one offence. Where our sources are
silent or disagree, the part is unsettled: it stays unknown and says why, whatever is answered.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from casework.domain.conditions import Condition
from casework.domain.jurisdictions import (
    OFFENCES,
    Answer,
    Victimisation,
    Written,
    YesNoUnknown,
    first_true,
    unquoted,
)
from casework.domain.pathways import Criterion
from casework.domain.rule_versions import Definition


def _an_offence(code: str) -> str:
    if code not in OFFENCES:
        raise ValueError(f"“{code}” is not on the list of offences")
    return code


Offence = Annotated[str, AfterValidator(_an_offence)]


class Reach(Definition):
    """Which records the law reaches."""

    adults: YesNoUnknown
    """Convictions by an adult criminal court."""
    juveniles: YesNoUnknown
    """Adjudications by a juvenile court."""
    arrests: YesNoUnknown = Answer.UNKNOWN
    """Arrests and charges that led to neither."""
    note: str = ""

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if {self.adults, self.juveniles, self.arrests} == {Answer.NO}:
            raise ValueError("a law reaches somebody")
        return self

    def condition(self, place: str) -> Condition | Written:
        """The record is of a sort that the law reaches."""
        answers = {
            "conviction": self.adults,
            "adjudication": self.juveniles,
            "arrest_only": self.arrests,
        }
        parts: list[Condition | Written] = []
        if reached := [kind for kind, answer in answers.items() if answer is Answer.YES]:
            parts.append({"fact": "record_kind", "one_of": reached})
        if unsettled := [kind for kind, answer in answers.items() if answer is Answer.UNKNOWN]:
            why = (
                self.note or f"Our sources do not say whether {place} reaches this sort of record."
            )
            which = {"fact": "record_kind", "one_of": unsettled}
            parts.append({"all": [which, {"unsettled": why}]})
        return first_true(parts)


class Scope(StrEnum):
    """How the law draws the circle of offences."""

    PROSTITUTION_ONLY = "prostitution_only"
    LISTED = "listed"
    NON_VIOLENT = "non_violent"
    NEARLY_ALL = "nearly_all"


class OnlyIf(Definition):
    """Offences that the law reaches on a further condition."""

    offences: tuple[Offence, ...] = ()
    """Empty: all that the row does not name elsewhere."""
    when: Condition
    text: str


class Offences(Definition):
    """Which offences the law reaches; every code of the list comes to one of four answers."""

    scope: Scope
    text: str
    covered: tuple[Offence, ...] = ()
    excluded: tuple[Offence, ...] = ()
    open: tuple[Offence, ...] = ()
    open_because: str = "Our sources do not settle whether this law reaches the offence."
    only_if: tuple[OnlyIf, ...] = ()
    otherwise: YesNoUnknown = Answer.UNKNOWN

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        named = [*self.covered, *self.excluded, *self.open]
        named += [code for limit in self.only_if for code in limit.offences]
        if len(named) != len(set(named)):
            raise ValueError("an offence is named twice")
        if all(self.answer(code) is Answer.NO for code in OFFENCES):
            raise ValueError("a law reaches some offence")
        return self

    def answer(self, offence: str) -> Answer | OnlyIf:
        """Covered, not covered, unsettled, or covered only if something more holds."""
        for codes, answer in (
            (self.covered, Answer.YES),
            (self.excluded, Answer.NO),
            (self.open, Answer.UNKNOWN),
        ):
            if offence in codes:
                return answer
        rest = (limit for limit in self.only_if if offence in limit.offences or not limit.offences)
        named_first = sorted(rest, key=lambda limit: not limit.offences)
        return named_first[0] if named_first else self.otherwise

    def condition(self) -> Condition | Written:
        """The offence is one that the law reaches."""
        answers = {code: self.answer(code) for code in OFFENCES}
        further: list[tuple[Answer | OnlyIf, list[Condition | Written]]] = [(Answer.YES, [])]
        further.extend([(limit, [limit.when]) for limit in self.only_if])
        further.append((Answer.UNKNOWN, [{"unsettled": self.open_because}]))
        parts: list[Condition | Written] = []
        for answer, more in further:
            if codes := [code for code in OFFENCES if answers[code] is answer]:
                parts.append({"all": [_one_of(codes), *more]} if more else _one_of(codes))
        return first_true(parts)


def _one_of(codes: list[str]) -> Written:
    return {"fact": "conviction_offence", "one_of": codes}


class Tie(StrEnum):
    """How the offence has to be tied to the trafficking."""

    DIRECT_RESULT = "direct_result"
    RESULT = "result"
    WHILE_VICTIM = "while_victim"
    COERCED = "coerced"
    NOT_REQUIRED = "not_required"
    UNKNOWN = "unknown"


class Link(Definition):
    """The tie, in words, and for which offences having been held at the time is enough."""

    kind: Tie
    text: str
    while_victim_for: tuple[Offence, ...] = ()
    or_nearly: str = ""
    """What the law takes beside a direct result that no fact of ours speaks of; needed to keep an
    offence that was none from being turned away."""

    @property
    def needed(self) -> bool:
        """Whether the law asks for a tie at all."""
        return self.kind is not Tie.NOT_REQUIRED

    def condition(self) -> Condition | Written:
        """An offence that was a direct result meets every wording we know of.

        That it was none settles only those wordings that ask for just that: a looser tie, or one
        whose wording we do not have, may still be there.
        """
        parts: list[Condition | Written] = [{"fact": "conviction_direct_result", "is": True}]
        at_the_time: Written = {"fact": "offence_while_trafficked", "is": True}
        if self.kind is Tie.WHILE_VICTIM:
            parts.append(at_the_time)
        elif self.while_victim_for:
            parts.append({"all": [at_the_time, _one_of(list(self.while_victim_for))]})
        if why := self._looser:
            parts.append({"unsettled": why})
        return first_true(parts)

    @property
    def _looser(self) -> str:
        """Why an offence that was no direct result may still be tied closely enough."""
        if self.or_nearly:
            return self.or_nearly
        if self.kind in (Tie.DIRECT_RESULT, Tie.WHILE_VICTIM):
            return ""
        return f"The tie may be looser than a direct result: {self.text}."


class Relief(StrEnum):
    """What a court can give; these are not the same thing, above all for immigration."""

    VACATE = "vacate"
    VACATE_ON_MERITS_OR_DEFECT = "vacate_on_merits_or_defect"
    EXPUNGE = "expunge"
    DESTROY = "destroy"
    SEAL = "seal"
    NONDISCLOSURE = "nondisclosure"
    SET_ASIDE = "set_aside"
    DISMISS_ADJUDICATION = "dismiss_adjudication"
    RESTRICT = "restrict"


class Proof(StrEnum):
    """How sure the court has to be."""

    PREPONDERANCE = "preponderance"
    CLEAR_AND_CONVINCING = "clear_and_convincing"
    DISCRETIONARY = "discretionary"
    COURT_FINDING = "court_finding"
    UNKNOWN = "unknown"


class Presumption(StrEnum):
    """Whether an official document of the trafficking is taken as proof."""

    YES = "yes"
    NO = "no"
    REBUTTABLE = "rebuttable"
    UNKNOWN = "unknown"


class TimeKind(StrEnum):
    """What the law says about when to ask."""

    NONE = "none"
    WAIT = "wait"
    LIMIT = "limit"
    DUE_DILIGENCE = "due_diligence"
    UNKNOWN = "unknown"


class TimeUnit(StrEnum):
    """In what a wait or a limit is counted."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


class TimeRule(Definition):
    """When the person may ask, or must have asked."""

    kind: TimeKind
    text: str
    amount: int | None = Field(default=None, ge=1)
    unit: TimeUnit | None = None
    runs_from: str = ""
    when: Condition | None = None
    """What has to hold on the day of asking, as far as facts can say it."""

    @model_validator(mode="after")
    def _can_be_checked(self) -> Self:
        if (self.amount is None) != (self.unit is None):
            raise ValueError("an amount of time needs its unit")
        timeless = self.kind in (TimeKind.NONE, TimeKind.UNKNOWN)
        if timeless == (self.when is not None):
            raise ValueError("a wait, a limit and due diligence need `when`; the others have none")
        return self


class Terms(Definition):
    """What the law says, where there is one."""

    reaches: Reach
    trafficking: Victimisation
    offences: Offences
    link: Link
    relief: tuple[Relief, ...] = Field(min_length=1)
    effects: tuple[str, ...] = ()
    """What else the order brings, in words."""
    proof: Proof
    proof_note: str = ""
    document_presumption: Annotated[Presumption, BeforeValidator(unquoted)]
    time: TimeRule
    conditions: tuple[Criterion, ...] = ()
    bars: tuple[Criterion, ...] = ()
    who_acts: str = "The person, or their lawyer, asks the court that gave the judgment"
    cost: str = "Not recorded; ask the clerk, and ask for a waiver"
