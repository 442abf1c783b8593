"""A vignette told to the rules as they stand in files, the way the commands are told a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from casework.domain.conditions import FactValue
from casework.domain.derived_facts import with_derived
from casework.domain.fact_files import read_facts
from casework.domain.findings import Finding, FormFinding
from casework.domain.ternary import Ternary
from casework.domain.way_finding import Offence
from casework.services.rule_book import RuleBook
from screening.domain.answer_files import WrittenAnswers, read_answers
from screening.domain.determination import determine
from screening.domain.item_facts import UNDER_18
from screening.services.rule_book import ScreeningBook
from tests.golden.reading import Screened, Vignette
from tests.seeds.rows import all_rows


@cache
def rule_book(on: date) -> RuleBook:
    return RuleBook(rows=all_rows(), on=on)


@cache
def screening_book(on: date) -> ScreeningBook:
    return ScreeningBook(rows=all_rows(), on=on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of one invented person on a day."""

    on: date
    facts: Mapping[str, FactValue]
    offences: tuple[Offence, ...] = ()
    screened: Screened | None = None

    @property
    def minor(self) -> Ternary:
        """Under 18 at any act, as a screening within a case takes it over."""
        if with_derived(self.facts, self.on).get("age_now_under_18") is True:
            return Ternary.YES
        then = self.facts.get(UNDER_18)
        return Ternary.of(then if isinstance(then, bool) else None)

    def finding(self) -> Finding | None:
        """What the answers come to, if there are any."""
        if self.screened is None:
            return None
        book = screening_book(self.on)
        _, instrument = book.instrument(self.screened.instrument)
        written = read_answers(dict(self.screened.answers), instrument)
        whole = WrittenAnswers(answers=written.answers, minor=self.minor)
        return book.conclude(self.screened.instrument, whole)

    def forms(self) -> tuple[FormFinding, ...]:
        """By the answers; without any by the facts that are signs."""
        finding = self.finding()
        if finding is not None:
            return finding.forms
        yardstick = screening_book(self.on).yardstick
        signs = {code: value for code, value in self.facts.items() if code in yardstick.indicators}
        values = {code: Ternary.of(value is True) for code, value in signs.items()}
        return determine(values, yardstick, self.minor)

    def known(self) -> dict[str, FactValue]:
        """The facts of the finding, then those stated."""
        finding = self.finding()
        found = finding.facts if finding else ()
        screened = {one.code: one.value for one in found if one.value is not None}
        return {**screened, **self.facts}

    def without(self, codes: Iterable[str]) -> "Told":
        """The same person where the facts, and what they would follow from, were never learned."""
        named = frozenset(codes)
        gone = named.union(
            *[
                _sources({**self.facts, **one}, named, self.on)
                for one in ({}, *(offence.facts for offence in self.offences))
            ]
        )
        return replace(
            self,
            facts=_kept(self.facts, gone),
            offences=tuple(
                Offence(label=one.label, facts=_kept(one.facts, gone)) for one in self.offences
            ),
            screened=self._unanswered(gone),
        )

    def answering(self, otherwise: Mapping[str, object]) -> "Told":
        """The same person with these answers in place of those given."""
        if self.screened is None:
            return self
        answers = {**self.screened.answers, **otherwise}
        return replace(
            self, screened=Screened(instrument=self.screened.instrument, answers=answers)
        )

    def _unanswered(self, gone: frozenset[str]) -> Screened | None:
        """Neither the questions named nor those about the signs named were answered."""
        if self.screened is None:
            return None
        _, instrument = screening_book(self.on).instrument(self.screened.instrument)
        kept = {
            code: said
            for code, said in self.screened.answers.items()
            if code not in gone
            and gone.isdisjoint(instrument.items_by_id[code].signs_named)
            and instrument.items_by_id[code].fact not in gone
        }
        return Screened(instrument=self.screened.instrument, answers=kept)


def told(vignette: Vignette) -> Told:
    """InvalidInputError names every fact that is not in the vocabulary, or takes no such value."""
    document = {"facts": vignette.facts, "offences": [dict(one) for one in vignette.offences]}
    written = read_facts(document, rule_book(vignette.on).facts)
    return Told(
        on=vignette.on,
        facts=written.facts,
        offences=written.offences,
        screened=vignette.screened,
    )


def _sources(facts: Mapping[str, FactValue], named: frozenset[str], on: date) -> set[str]:
    """The facts from which one of those named follows."""
    whole = with_derived(facts, on)
    found = set()
    for code in facts:
        less = with_derived({c: value for c, value in facts.items() if c != code}, on)
        if not named.isdisjoint(whole.keys() - less.keys()):
            found.add(code)
    return found


def _kept(facts: Mapping[str, FactValue], gone: frozenset[str]) -> dict[str, FactValue]:
    return {code: value for code, value in facts.items() if code not in gone}
