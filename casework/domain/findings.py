"""What a screening hands over to casework: forms, elements, bands and the answers behind them."""

from dataclasses import dataclass, field
from enum import StrEnum


class TraffickingForm(StrEnum):
    """The forms of trafficking the report describes (A/HRC/35/37/Add.2 ¶5-20), all first-class."""

    COMMERCIAL_SEX = "commercial_sex"
    LABOR = "labor"
    DOMESTIC_SERVITUDE = "domestic_servitude"
    CHILD_BEGGING_OR_CRIME = "child_begging_or_crime"
    ORGAN_REMOVAL = "organ_removal"
    DISABILITY_BENEFIT_THEFT = "disability_benefit_theft"
    FORCED_MARRIAGE = "forced_marriage"
    OTHER = "other"


class Element(StrEnum):
    """The elements of the definitions, and vulnerability, which is none of them."""

    ACT = "act"
    MEANS = "means"
    PURPOSE = "purpose"
    VULNERABILITY = "vulnerability"


class Framework(StrEnum):
    """The two definitions that are evaluated side by side."""

    FEDERAL = "us_federal"
    """22 USC 7102(11)."""
    UN_PROTOCOL = "un_protocol"
    """UN Trafficking Protocol (2000), article 3."""


class Band(StrEnum):
    """How far the answers support a form. Never a statement that someone is or is not a victim."""

    STRONG = "strong"
    SOME = "some"
    NONE_SEEN = "none_seen"
    NOT_ENOUGH_ASKED = "not_enough_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementFinding:
    """One element of one definition: what supports it, what was left open."""

    element: Element
    supported: str
    """A `Ternary` value: yes, no, unknown."""
    because: tuple[str, ...] = ()
    """Item ids whose answers support it."""
    open_items: tuple[str, ...] = ()
    """Item ids that were not asked, declined, not known, or unsure."""
    not_needed_because: str = ""
    """Why the definition does not ask for it, with citation (a minor and the means)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFinding:
    """One form under one definition."""

    form: TraffickingForm
    framework: Framework
    band: Band
    elements: tuple[ElementFinding, ...]
    citation: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FactAssertion:
    """A fact that concluding a screening hands to the ledger."""

    code: str
    value: bool | int | str | None
    """None with a status other than known."""
    status: str = "known"
    """known, not_asked, declined, does_not_know, interpreter_unsure."""
    items: tuple[str, ...] = ()
    """The item ids the fact rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The whole conclusion of one screening."""

    instrument: str
    version: str
    digest: str
    outcome: str
    """The instrument's own outcome code, e.g. elements_present_adult, incomplete, transfer_hhs."""
    outcome_label: str
    forms: tuple[FormFinding, ...]
    indicators: dict[str, str] = field(default_factory=dict)
    """Shared indicator code → Ternary value."""
    because: tuple[str, ...] = ()
    unassessed: tuple[str, ...] = ()
    facts: tuple[FactAssertion, ...] = ()
    caveats: tuple[str, ...] = ()
    scores: dict[str, str] = field(default_factory=dict)
    """Per dimension or section: its result, as text."""
