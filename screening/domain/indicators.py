"""The shared vocabulary: one set of signs, so that results from different doors compare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from casework.domain.findings import Element, TraffickingForm
from casework.domain.rule_versions import Certainty, Definition
from casework.domain.ternary import Ternary
from screening.domain.answers import Answer, Reading, read
from screening.domain.definition import FactCode, LanguageTag, ReportRow, Strength, Text, Words
from screening.domain.instrument import Instrument
from screening.domain.items import Item

Paragraph = Annotated[int, Field(ge=1, le=93)]


class FederalPart(StrEnum):
    """Which part of 22 USC 7102(11) a sign supports. The last one: none of them."""

    RECRUIT = "recruit"
    HARBOR = "harbor"
    TRANSPORT = "transport"
    PROVIDE = "provide"
    OBTAIN = "obtain"
    PATRONIZE = "patronize"
    SOLICIT = "solicit"
    FORCE = "force"
    FRAUD = "fraud"
    COERCION = "coercion"
    COMMERCIAL_SEX = "commercial_sex"
    INVOLUNTARY_SERVITUDE = "involuntary_servitude"
    PEONAGE = "peonage"
    DEBT_BONDAGE = "debt_bondage"
    SLAVERY = "slavery"
    NONE = "none"


_PARTS_OF: Mapping[Element, frozenset[FederalPart]] = {
    Element.ACT: frozenset(
        (
            FederalPart.RECRUIT,
            FederalPart.HARBOR,
            FederalPart.TRANSPORT,
            FederalPart.PROVIDE,
            FederalPart.OBTAIN,
            FederalPart.PATRONIZE,
            FederalPart.SOLICIT,
        )
    ),
    Element.MEANS: frozenset((FederalPart.FORCE, FederalPart.FRAUD, FederalPart.COERCION)),
    Element.PURPOSE: frozenset(
        (
            FederalPart.COMMERCIAL_SEX,
            FederalPart.INVOLUNTARY_SERVITUDE,
            FederalPart.PEONAGE,
            FederalPart.DEBT_BONDAGE,
            FederalPart.SLAVERY,
        )
    ),
    Element.VULNERABILITY: frozenset(),
}


class Indicator(Definition):
    """One sign. Its code is also the code of the fact it becomes."""

    code: FactCode
    group: FactCode
    label: Text
    forms: tuple[TraffickingForm, ...] = ()
    """The forms it points to by itself; none for a sign that any form may show."""
    element: Element
    strength: Strength
    federal: FederalPart
    un_protocol: bool
    """Whether article 3 of the UN Protocol counts it as the element it names."""
    under_18: bool = False
    """Whether a yes says that it happened before the person was 18."""
    question: Text
    why_we_ask: Text
    how_to_ask: Text
    paragraphs: tuple[Paragraph, ...] = ()
    """Of A/HRC/35/37/Add.2."""
    report_rows: tuple[ReportRow, ...] = ()
    citation: Words
    codes: dict[str, str] = Field(default_factory=dict)
    """The same sign in other standards: htcds, ctdc, niem, hmis. Only where sure."""
    certainty: Certainty
    reviewed: bool = False
    translations_reviewed: tuple[LanguageTag, ...] = ()
    """The languages whose words a person who speaks them has read and confirmed."""

    @model_validator(mode="after")
    def _parts_suit_the_element(self) -> "Indicator":
        suits = self.federal is FederalPart.NONE or self.federal in _PARTS_OF[self.element]
        if not suits:
            said = f"{self.federal.value} is no part of the element {self.element.value}"
            raise PydanticCustomError("wrong_part", "{said}", {"said": said})
        if self.element is Element.VULNERABILITY and self.un_protocol:
            said = "being vulnerable is no element of article 3"
            raise PydanticCustomError("wrong_part", "{said}", {"said": said})
        if self.element is Element.PURPOSE and not self.forms:
            said = "a purpose belongs to at least one form"
            raise PydanticCustomError("no_form", "{said}", {"said": said})
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the answers say about one indicator."""

    value: Ternary
    positive_items: tuple[str, ...] = ()
    open_items: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    """Every visible question about it; where there is none, the wider ones that ruled it out."""


def indicator_evidence(
    instrument: Instrument, answers: Mapping[str, Answer]
) -> dict[str, Evidence]:
    """For every indicator that the instrument asks about: its value and the questions behind it."""
    reading = read(instrument, answers)
    about: dict[str, list[Item]] = {}
    for item in instrument.items_by_id.values():
        for code in item.signs_named:
            about.setdefault(code, [])
            if item.id in reading.visible:
                about[code].append(item)
    return {code: _evidence(code, items, reading, answers) for code, items in sorted(about.items())}


def indicator_values(instrument: Instrument, answers: Mapping[str, Answer]) -> dict[str, Ternary]:
    """For every indicator that the instrument asks about, whether the answers show it.

    Yes when any visible question about it has a positive answer; no only when all of them have a
    known answer and none is positive; otherwise unknown. Where none shows, a wider question that
    covered it may have ruled it out, while no other wide one about it waits for an answer; apart
    from that, hidden questions say nothing.
    """
    evidence = indicator_evidence(instrument, answers)
    return {code: found.value for code, found in evidence.items()}


def _evidence(
    code: str, items: Iterable[Item], reading: Reading, answers: Mapping[str, Answer]
) -> Evidence:
    """Questions about just this sign decide; the wider ones only where none of those shows."""
    visible = tuple(items)
    asked = tuple(item.id for item in visible if code in item.indicators)
    if not asked:
        return _from_wider(visible, reading, answers)
    positive = tuple(item for item in asked if item in reading.positive)
    waiting = tuple(item for item in asked if item in reading.open)
    value = Ternary.YES if positive else Ternary.of(None if waiting else False)
    return Evidence(value=value, positive_items=positive, open_items=waiting, items=asked)


def _from_wider(
    wider: tuple[Item, ...], reading: Reading, answers: Mapping[str, Answer]
) -> Evidence:
    """One plain no is enough, but not beside a question that waits.

    What such questions leave open stays without a question of its own: nobody asked about just it.
    """
    waiting = tuple(item.id for item in wider if item.id in reading.open)
    if waiting:
        return Evidence(value=Ternary.UNKNOWN, open_items=waiting)
    clearing = tuple(item.id for item in wider if _rules_out(item, answers[item.id]))
    return Evidence(value=Ternary.of(False if clearing else None), items=clearing)


def _rules_out(item: Item, answer: Answer) -> bool:
    """Whether the known answer, all of it, is one that rules out what the question covers."""
    given = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    codes = {str(value).lower() if isinstance(value, bool) else value for value in given}
    return bool(codes) and item.rules_out is not None and codes <= set(item.rules_out.when)
