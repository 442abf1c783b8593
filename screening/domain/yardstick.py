"""What answers are measured with: the shared signs, sorted once by form, definition and element."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from casework.domain.findings import Element, Framework, TraffickingForm
from screening.domain.indicators import FederalPart, Indicator
from screening.domain.legal_definitions import LegalDefinition, WithoutMeans

ELEMENTS = (Element.ACT, Element.MEANS, Element.PURPOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The signs that count for one form under one definition, by code."""

    form: TraffickingForm
    definition: LegalDefinition
    pool: Mapping[Element, frozenset[str]]
    """By element. Signs that point to no form count for every form."""
    means_elsewhere: frozenset[str]
    """Means that point only to other forms."""
    sex_purposes: frozenset[str]
    """Purposes that are commercial sex under federal law."""
    pointing: frozenset[str]
    """Every sign that points to this form."""
    purposes: frozenset[str]
    """Those of them that name a purpose under either definition."""
    early: frozenset[str]
    """Those of them that say by themselves that it happened under 18."""
    relevant: frozenset[str]
    """Every sign that is part of either definition and may show this form."""
    means_or_purpose: frozenset[str]
    every_form_without_means: bool


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """The vocabulary and the definitions in force on a day; made once and used for every case."""

    indicators: Mapping[str, Indicator]
    definitions: tuple[LegalDefinition, ...]

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Every form under every definition, the forms in their order."""
        in_order = {name: place for place, name in enumerate(Framework)}
        definitions = sorted(self.definitions, key=lambda one: in_order[one.framework])
        return tuple(
            _measure(form, definition, self.indicators)
            for form in TraffickingForm
            for definition in definitions
        )

    def in_order(self, codes: Iterable[str]) -> list[str]:
        """The codes in the order of the vocabulary."""
        return sorted(codes, key=self._places.__getitem__)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.indicators)}


def _measure(
    form: TraffickingForm, definition: LegalDefinition, indicators: Mapping[str, Indicator]
) -> Measure:
    counted = {c: i for c, i in indicators.items() if _counts(i, definition)}
    mine = {c: i for c, i in counted.items() if not i.forms or form in i.forms}
    pointing = {c: i for c, i in indicators.items() if form in i.forms}
    relevant = {
        c: i for c, i in indicators.items() if (not i.forms or form in i.forms) and _is_part(i)
    }
    means = {c for c, i in counted.items() if i.element is Element.MEANS}
    return Measure(
        form=form,
        definition=definition,
        pool={e: frozenset(c for c, i in mine.items() if i.element is e) for e in ELEMENTS},
        means_elsewhere=frozenset(means - mine.keys()),
        sex_purposes=frozenset(
            c for c, i in mine.items() if i.federal is FederalPart.COMMERCIAL_SEX
        ),
        pointing=frozenset(pointing),
        purposes=frozenset(c for c, i in pointing.items() if i.element is Element.PURPOSE),
        early=frozenset(c for c, i in pointing.items() if i.under_18),
        relevant=frozenset(relevant),
        means_or_purpose=frozenset(c for c, i in relevant.items() if i.element is not Element.ACT),
        every_form_without_means=definition.under_18_without_means is WithoutMeans.EVERY_FORM,
    )


def _counts(indicator: Indicator, definition: LegalDefinition) -> bool:
    if definition.framework is Framework.UN_PROTOCOL:
        return indicator.un_protocol
    if indicator.element is Element.ACT:
        return indicator.federal is not FederalPart.NONE and definition.counts_act(
            indicator.federal
        )
    return indicator.federal is not FederalPart.NONE


def _is_part(indicator: Indicator) -> bool:
    return indicator.un_protocol or indicator.federal is not FederalPart.NONE
