"""How far the signs support each form of trafficking, under both definitions side by side.

Federal: a severe form of trafficking in persons, 22 USC 7102. Limb A is sex trafficking and needs
no means when the person was under 18; limb B is labour trafficking and needs force, fraud or
coercion at every age. Beside it article 3 of the UN Trafficking Protocol (2000), which needs no
means for anyone under 18 and counts the removal of organs. Which version applies depends on the
day. Nothing here says that somebody is or is not a victim.
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
from casework.domain.ternary import Ternary
from screening.domain import form_notes
from screening.domain.definition import Strength
from screening.domain.indicators import Evidence
from screening.domain.yardstick import ELEMENTS, Measure, Yardstick


def determine(
    indicators: Mapping[str, Ternary],
    yardstick: Yardstick,
    minor: Ternary,
    evidence: Mapping[str, Evidence] | None = None,
) -> tuple[FormFinding, ...]:
    """One finding for each form under each definition that the yardstick holds.

    `indicators`: value by code; an absent code is unknown. `minor`: whether the person was under
    18 at any act; unknown is never taken for adult. `evidence`: the questions behind the
    indicators; without it the findings name indicator codes in place of question ids.
    """
    seen = frozenset(c for c, value in indicators.items() if value is Ternary.YES)
    absent = frozenset(c for c, value in indicators.items() if value is Ternary.NO)
    asked = yardstick.indicators.keys() if evidence is None else evidence.keys()
    signs = _Signs(
        yardstick=yardstick,
        seen=seen,
        absent=absent,
        known=seen | absent,
        waiting=frozenset(asked) - seen - absent,
        evidence=evidence,
    )
    return tuple(
        _Case(measure=measure, signs=signs, minor=minor).finding() for measure in yardstick.measures
    )


@dataclass(frozen=True, kw_only=True)
class _Signs:
    """Which signs were seen, which are known to be absent; every other one is open."""

    yardstick: Yardstick
    seen: frozenset[str]
    absent: frozenset[str]
    known: frozenset[str]
    waiting: frozenset[str]
    """Those that were asked about and have no answer that tells."""
    evidence: Mapping[str, Evidence] | None

    def supported(self, codes: frozenset[str]) -> Ternary:
        """Yes when any is seen; no when there are some, all were asked and none is seen."""
        if not codes.isdisjoint(self.seen):
            return Ternary.YES
        return Ternary.NO if codes and codes <= self.absent else Ternary.UNKNOWN

    def firm(self, codes: frozenset[str]) -> bool:
        """One strong sign, or two."""
        seen, signs = codes & self.seen, self.yardstick.indicators
        return len(seen) >= 2 or any(signs[code].strength is Strength.STRONG for code in seen)

    @cached_property
    def forms_with_a_purpose(self) -> frozenset[TraffickingForm]:
        """The forms of which a purpose was seen."""
        seen = (self.yardstick.indicators[code] for code in self.seen)
        return frozenset(
            form for one in seen if one.element is Element.PURPOSE for form in one.forms
        )

    def positive_items(self, codes: frozenset[str]) -> tuple[str, ...]:
        """The questions whose answers show the signs, in the order of the vocabulary."""
        seen = self.yardstick.in_order(codes & self.seen)
        if self.evidence is None:
            return tuple(seen)
        return _once(i for c in seen if c in self.evidence for i in self.evidence[c].positive_items)

    def open_items(self, codes: frozenset[str]) -> tuple[str, ...]:
        """The questions about the signs that wait for an answer."""
        waiting = self.yardstick.in_order(codes & self.waiting)
        if self.evidence is None:
            return tuple(waiting)
        return _once(item for code in waiting for item in self.evidence[code].open_items)


@dataclass(frozen=True)
class _Case:
    """One form under one definition."""

    measure: Measure
    signs: _Signs
    minor: Ternary

    def finding(self) -> FormFinding:
        return FormFinding(
            form=self.measure.form,
            framework=self.measure.definition.framework,
            band=self._band(),
            elements=tuple(self._element(element) for element in ELEMENTS),
            citation=self._citation(),
            notes=tuple(self._notes()),
        )

    @cached_property
    def _pool(self) -> Mapping[Element, frozenset[str]]:
        """By element the signs that count. Once the purpose is supported, a means that was seen
        counts whatever other form it points to: a means is a means."""
        pool = self.measure.pool
        if self.signs.supported(pool[Element.PURPOSE]) is not Ternary.YES:
            return pool
        borrowed = self.measure.means_elsewhere & self.signs.seen
        return {**pool, Element.MEANS: pool[Element.MEANS] | borrowed}

    @cached_property
    def _under_18(self) -> Ternary:
        """Yes also when a sign of this form says by itself that it happened under 18."""
        return Ternary.YES if self.measure.early & self.signs.seen else self.minor

    @cached_property
    def _means_needed(self) -> Ternary:
        return ~self._under_18 if self._may_go_without_means else Ternary.YES

    @property
    def _may_go_without_means(self) -> bool:
        return self.measure.every_form_without_means or self._is_sex_limb

    @cached_property
    def _is_sex_limb(self) -> bool:
        shown = self.measure.sex_purposes & self._pool[Element.PURPOSE] & self.signs.seen
        return self.measure.form is TraffickingForm.COMMERCIAL_SEX or bool(shown)

    def _element(self, element: Element) -> ElementFinding:
        codes = self._pool[element]
        supported = self.signs.supported(codes)
        not_needed = ""
        if element is Element.MEANS:
            if self._means_needed is Ternary.NO:
                not_needed = form_notes.no_means_needed(self.measure.definition)
            elif self._means_needed is Ternary.UNKNOWN and supported is Ternary.NO:
                supported = Ternary.UNKNOWN
        return ElementFinding(
            element=element,
            supported=supported.value,
            because=self.signs.positive_items(codes),
            open_items=self.signs.open_items(codes),
            not_needed_because=not_needed,
        )

    def _band(self) -> Band:
        signs = self.signs
        needed = [
            e for e in ELEMENTS if e is not Element.MEANS or self._means_needed is not Ternary.NO
        ]
        if all(signs.firm(self._pool[element]) for element in needed):
            return Band.STRONG
        purposes = self._pool[Element.PURPOSE]
        pointing = self._pool[Element.MEANS] & self.measure.pointing - self._told_elsewhere
        if purposes and (purposes | pointing) & signs.seen:
            return Band.SOME
        return Band.NONE_SEEN if self._all_asked_and_nothing_seen() else Band.NOT_ENOUGH_ASKED

    def _all_asked_and_nothing_seen(self) -> bool:
        """Every sign of the form was asked under either definition; acts alone are no sign."""
        measure, signs = self.measure, self.signs
        return (
            bool(measure.means_or_purpose)
            and measure.means_or_purpose <= signs.absent | self._told_elsewhere
            and measure.relevant <= signs.known
        )

    @cached_property
    def _told_elsewhere(self) -> frozenset[str]:
        """Signs seen that speak of another form and not of this one.

        Every purpose of this form was asked about and is known to be absent, and a purpose was
        seen of another form to which the sign points. As long as no form explains it, a sign goes
        on pointing wherever it may.
        """
        signs, purposes = self.signs, self.measure.purposes
        if not purposes or not purposes <= signs.absent:
            return frozenset()
        vocabulary, shown = signs.yardstick.indicators, signs.forms_with_a_purpose
        forms = {code: frozenset(vocabulary[code].forms) or shown for code in signs.seen}
        return frozenset(code for code, pointed in forms.items() if pointed & shown)

    def _citation(self) -> str:
        definition = self.measure.definition
        return definition.sex_citation if self._is_sex_limb else definition.labor_citation

    def _notes(self) -> Iterable[str]:
        measure, signs = self.measure, self.signs
        federal = measure.definition.framework is Framework.FEDERAL
        means_seen = signs.supported(self._pool[Element.MEANS]) is Ternary.YES
        yield from form_notes.of_the_definition(measure.form, measure.definition)
        if self._means_needed is Ternary.UNKNOWN and not means_seen:
            yield form_notes.AGE_OPEN
        for_labor = federal and not self._may_go_without_means
        if for_labor and self._under_18 is Ternary.YES and not means_seen:
            yield form_notes.means_for_child_labor(measure.definition)
        if measure.form is TraffickingForm.COMMERCIAL_SEX and self._under_18 is not Ternary.YES:
            yield form_notes.SEX_ALONE
        if measure.pointing.isdisjoint(signs.known):
            yield form_notes.NOTHING_ASKED


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
