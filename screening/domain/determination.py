"""How far the signs support each form of trafficking, under both definitions side by side.

Federal: a severe form of trafficking in persons, 22 USC 7102(11). Limb A is sex trafficking and
needs no means when the person was under 18; limb B is labour trafficking and needs force, fraud or
coercion at every age. Beside it article 3 of the UN Trafficking Protocol (2000), which needs no
means for anyone under 18 and counts the removal of organs. Nothing here says that somebody is or
is not a victim.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from casework.domain.findings import (
    Band,
    Element,
    ElementFinding,
    FormFinding,
    Framework,
    TraffickingForm,
)
from casework.domain.ternary import Ternary, any_of
from screening.domain.definition import Strength
from screening.domain.indicators import Evidence, FederalPart, Indicator

FEDERAL_SEX = "22 USC 7102(11)(A)"
FEDERAL_LABOR = "22 USC 7102(11)(B)"
UN_PROTOCOL = "UN Trafficking in Persons Protocol (2000), art. 3"
ELEMENTS = (Element.ACT, Element.MEANS, Element.PURPOSE)

NO_MEANS_FEDERAL = f"No means needed: under 18 in commercial sex ({FEDERAL_SEX})."
NO_MEANS_UN = f"No means needed: under 18 ({UN_PROTOCOL}(c)-(d))."
AGE_OPEN = "Means are needed unless the person was under 18. The age is not known, so it is open."
MEANS_FOR_CHILD_LABOR = (
    f"For labor the federal definition asks for force, fraud or coercion also under 18 "
    f"({FEDERAL_LABOR}); the UN Protocol does not. Ask how the child was made to do it."
)
SEX_ALONE = "Commercial sex by itself is not trafficking of an adult: ask about the act and means."
NOTHING_ASKED = "Nothing was asked that points to this form."
LIMBS_ELSEWHERE = "Ask whether work, services or commercial sex was also demanded."
OUTSIDE_FEDERAL: Mapping[TraffickingForm, str] = {
    TraffickingForm.ORGAN_REMOVAL: (
        "Removing organs is not a purpose under 22 USC 7102(11); trading in them is a separate "
        f"federal crime (42 USC 274e). {LIMBS_ELSEWHERE}"
    ),
    TraffickingForm.DISABILITY_BENEFIT_THEFT: (
        f"Taking benefits is by itself not a purpose under 22 USC 7102(11). {LIMBS_ELSEWHERE}"
    ),
    TraffickingForm.FORCED_MARRIAGE: (
        f"Marriage is by itself not a purpose under 22 USC 7102(11). {LIMBS_ELSEWHERE}"
    ),
    TraffickingForm.OTHER: f"22 USC 7102(11) knows two limbs only. {LIMBS_ELSEWHERE}",
}
UN_AT_LEAST = (
    "Article 3(a) names its purposes 'at a minimum'; a lawyer decides whether this counts."
)
OPEN_LISTED = frozenset(
    (
        TraffickingForm.DISABILITY_BENEFIT_THEFT,
        TraffickingForm.FORCED_MARRIAGE,
        TraffickingForm.OTHER,
    )
)


def determine(
    indicators: Mapping[str, Ternary],
    vocabulary: Mapping[str, Indicator],
    minor: Ternary,
    evidence: Mapping[str, Evidence] | None = None,
) -> tuple[FormFinding, ...]:
    """One finding for each form under each of the two definitions.

    `indicators`: value by code; an absent code is unknown. `minor`: whether the person was under
    18 at any act; unknown is never taken for adult. `evidence`: the questions behind the
    indicators; without it the findings name indicator codes in place of question ids.
    """
    signs = tuple(
        _Sign(indicator, indicators.get(code, Ternary.UNKNOWN), (evidence or {}).get(code))
        for code, indicator in vocabulary.items()
    )
    return tuple(
        _Case(form=form, framework=framework, signs=signs, minor=minor).finding()
        for form in TraffickingForm
        for framework in Framework
    )


@dataclass(frozen=True)
class _Sign:
    """One indicator and what is known of it."""

    indicator: Indicator
    value: Ternary
    evidence: Evidence | None

    @property
    def seen(self) -> bool:
        return self.value is Ternary.YES

    @property
    def positive_items(self) -> tuple[str, ...]:
        return self.evidence.positive_items if self.evidence else (self.indicator.code,)

    @property
    def open_items(self) -> tuple[str, ...]:
        return self.evidence.open_items if self.evidence else (self.indicator.code,)


@dataclass(frozen=True)
class _Case:
    """One form under one definition."""

    form: TraffickingForm
    framework: Framework
    signs: tuple[_Sign, ...]
    minor: Ternary

    def finding(self) -> FormFinding:
        return FormFinding(
            form=self.form,
            framework=self.framework,
            band=self._band(),
            elements=tuple(self._element(element) for element in ELEMENTS),
            citation=self._citation(),
            notes=tuple(self._notes()),
        )

    @cached_property
    def _pool(self) -> Mapping[Element, tuple[_Sign, ...]]:
        """By element the signs that this definition counts for this form.

        Signs that point to no form count for every form. Once the purpose is supported, a means
        that was seen counts whatever other form it points to: a means is a means.
        """
        counted = [sign for sign in self.signs if self._counts(sign.indicator)]
        mine = [sign for sign in counted if self._may_show(sign.indicator)]
        pool = {e: [s for s in mine if s.indicator.element is e] for e in ELEMENTS}
        if _supported(pool[Element.PURPOSE]) is Ternary.YES:
            pool[Element.MEANS] += [
                sign
                for sign in counted
                if sign.indicator.element is Element.MEANS and sign.seen and sign not in mine
            ]
        return {element: tuple(signs) for element, signs in pool.items()}

    def _counts(self, indicator: Indicator) -> bool:
        if self.framework is Framework.FEDERAL:
            return indicator.federal is not FederalPart.NONE
        return indicator.un_protocol

    def _may_show(self, indicator: Indicator) -> bool:
        return not indicator.forms or self.form in indicator.forms

    @cached_property
    def _under_18(self) -> Ternary:
        """Yes also when a sign of this form says by itself that it happened under 18."""
        early = any(
            sign.seen and sign.indicator.under_18 and self.form in sign.indicator.forms
            for sign in self.signs
        )
        return Ternary.YES if early else self.minor

    @cached_property
    def _means_needed(self) -> Ternary:
        return ~self._under_18 if self._may_go_without_means else Ternary.YES

    @property
    def _may_go_without_means(self) -> bool:
        return self.framework is Framework.UN_PROTOCOL or self._is_sex_limb

    @cached_property
    def _is_sex_limb(self) -> bool:
        return self.form is TraffickingForm.COMMERCIAL_SEX or any(
            sign.seen and sign.indicator.federal is FederalPart.COMMERCIAL_SEX
            for sign in self._pool[Element.PURPOSE]
        )

    def _element(self, element: Element) -> ElementFinding:
        signs = self._pool[element]
        supported = _supported(signs)
        not_needed = ""
        if element is Element.MEANS:
            if self._means_needed is Ternary.NO:
                federal = self.framework is Framework.FEDERAL
                not_needed = NO_MEANS_FEDERAL if federal else NO_MEANS_UN
            elif self._means_needed is Ternary.UNKNOWN and supported is Ternary.NO:
                supported = Ternary.UNKNOWN
        return ElementFinding(
            element=element,
            supported=supported.value,
            because=_once(item for sign in signs if sign.seen for item in sign.positive_items),
            open_items=_once(
                item for sign in signs if sign.value is Ternary.UNKNOWN for item in sign.open_items
            ),
            not_needed_because=not_needed,
        )

    def _band(self) -> Band:
        needed = [
            e for e in ELEMENTS if e is not Element.MEANS or self._means_needed is not Ternary.NO
        ]
        if all(_firm(self._pool[element]) for element in needed):
            return Band.STRONG
        pointing = [sign for sign in self._pool[Element.MEANS] if self.form in sign.indicator.forms]
        purposes = self._pool[Element.PURPOSE]
        if purposes and any(sign.seen for sign in (*purposes, *pointing)):
            return Band.SOME
        return Band.NONE_SEEN if self._all_asked_and_nothing_seen() else Band.NOT_ENOUGH_ASKED

    def _all_asked_and_nothing_seen(self) -> bool:
        """Every sign of the form was asked under either definition; acts alone are no sign."""
        relevant = [s for s in self.signs if self._may_show(s.indicator) and _is_part(s.indicator)]
        means_or_purpose = [s for s in relevant if s.indicator.element is not Element.ACT]
        return (
            bool(means_or_purpose)
            and all(sign.value is not Ternary.UNKNOWN for sign in relevant)
            and all(sign.value is Ternary.NO for sign in means_or_purpose)
        )

    def _citation(self) -> str:
        if self.framework is Framework.UN_PROTOCOL:
            return UN_PROTOCOL
        return FEDERAL_SEX if self._is_sex_limb else FEDERAL_LABOR

    def _notes(self) -> Iterable[str]:
        federal = self.framework is Framework.FEDERAL
        means_seen = _supported(self._pool[Element.MEANS]) is Ternary.YES
        if federal and self.form in OUTSIDE_FEDERAL:
            yield OUTSIDE_FEDERAL[self.form]
        if not federal and self.form in OPEN_LISTED:
            yield UN_AT_LEAST
        if self._means_needed is Ternary.UNKNOWN and not means_seen:
            yield AGE_OPEN
        if not self._may_go_without_means and self._under_18 is Ternary.YES and not means_seen:
            yield MEANS_FOR_CHILD_LABOR
        if self.form is TraffickingForm.COMMERCIAL_SEX and self._under_18 is not Ternary.YES:
            yield SEX_ALONE
        if all(s.value is Ternary.UNKNOWN for s in self.signs if self.form in s.indicator.forms):
            yield NOTHING_ASKED


def _is_part(indicator: Indicator) -> bool:
    return indicator.un_protocol or indicator.federal is not FederalPart.NONE


def _supported(signs: Iterable[_Sign]) -> Ternary:
    """Yes when any is seen; no when there are some, all were asked and none is seen."""
    values = [sign.value for sign in signs]
    return any_of(values) if values else Ternary.UNKNOWN


def _firm(signs: Iterable[_Sign]) -> bool:
    """One strong sign, or two."""
    seen = [sign.indicator.strength for sign in signs if sign.seen]
    return Strength.STRONG in seen or len(seen) >= 2


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
