"""Clearing a record in the courts of one State: the row of the comparison, and the pathway from it.

A row says what a lawyer asks of each State (¶54, ¶66 of the report): whom the law reaches, for
which offences, after which trafficking, with what tie to it, what it gives, what proof it asks, by
when. `as_pathway` turns it into criteria, so that one conviction is answered one criterion at a
time: the answer, and the gaps.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, model_validator

from casework.domain.jurisdictions import (
    StateRule,
    before_the_first,
    criterion,
    in_scope,
)
from casework.domain.pathways import Criterion, EvidenceItem, EvidenceNeed, Pathway, PathwayKind
from casework.domain.vacatur_terms import Presumption, Proof, Relief, Terms, TimeKind


class Law(StrEnum):
    """Whether there is a law, as far as our sources go."""

    ENACTED = "enacted"
    NARROW = "narrow"
    PARTIAL = "partial"
    JUVENILES_ONLY = "juveniles_only"
    NONE_FOUND = "none_found"
    """Nobody found one; that is less than knowing that there is none."""
    UNSETTLED = "unsettled"
    """Bills were seen, and whether they became law was not."""
    NONE = "none"
    """It is certain that there is none."""


_IN_WORDS = {
    Relief.VACATE: "The judgment is vacated: it no longer stands",
    Relief.VACATE_ON_MERITS_OR_DEFECT: (
        "The judgment is vacated on the merits or for a legal defect, which is the form that "
        "immigration law looks for"
    ),
    Relief.EXPUNGE: "The record is expunged",
    Relief.DESTROY: "The papers and entries of the record are destroyed",
    Relief.SEAL: "The record is sealed: the public no longer sees it",
    Relief.NONDISCLOSURE: "Agencies may no longer show the record to the public",
    Relief.SET_ASIDE: "The judgment is set aside",
    Relief.DISMISS_ADJUDICATION: "The juvenile adjudication is dismissed",
    Relief.RESTRICT: "Access to the record is restricted",
}
_HIDES = frozenset({Relief.SEAL, Relief.NONDISCLOSURE, Relief.RESTRICT})
_PROOF = {
    Proof.PREPONDERANCE: "Proof: more likely than not (preponderance of the evidence).",
    Proof.CLEAR_AND_CONVINCING: (
        "Proof: clear and convincing evidence, a high demand; gather papers and statements early."
    ),
    Proof.DISCRETIONARY: "Proof: the court may refuse even when everything is shown.",
    Proof.COURT_FINDING: "Proof: the court has to find it; how sure it must be is not recorded.",
    Proof.UNKNOWN: "Proof: what the court asks is not in our sources.",
}
_PRESUMPTION = {
    Presumption.YES: "An official document of the trafficking is taken as proof of it.",
    Presumption.REBUTTABLE: (
        "An official document of the trafficking is taken as proof unless the other side rebuts it."
    ),
    Presumption.NO: "No document counts as proof by itself.",
    Presumption.UNKNOWN: (
        "Whether an official document counts as proof by itself is not in our sources."
    ),
}


_EVIDENCE = tuple(
    EvidenceItem(id=id_, text=text, needed=needed)
    for id_, text, needed in (
        ("petition", "The petition or motion, with what supports it", EvidenceNeed.REQUIRED),
        (
            "official-document",
            "An official document that shows the trafficking: a certification or eligibility "
            "letter, a grant of T status, a court's record",
            EvidenceNeed.ANY_CREDIBLE,
        ),
        ("own-statement", "The person's own statement", EvidenceNeed.ANY_CREDIBLE),
        (
            "provider-statement",
            "Statement of a service provider or clinician",
            EvidenceNeed.ANY_CREDIBLE,
        ),
        ("record", "The judgment, or the record of the arrest", EvidenceNeed.HELPFUL),
    )
)


class VacaturRule(StateRule):
    """One version of one State's rule for clearing a record."""

    law: Law
    gap: str = ""
    """What was looked for and not found, or what is not settled; only where there are no terms."""
    terms: Terms | None = None

    @model_validator(mode="after")
    def _says_what_or_why_not(self) -> Self:
        without = self.law in (Law.NONE_FOUND, Law.UNSETTLED, Law.NONE)
        if without == (self.terms is not None) or without != bool(self.gap):
            raise ValueError("a law has terms; where none is known, `gap` says so")
        return self


def pathways_of(row: BaseModel) -> Iterator[tuple[str, BaseModel]]:
    """The pathway that follows from a row, and one for the days before the first version."""
    if isinstance(row, VacaturRule):
        pathway = as_pathway(row)
        yield "pathway", pathway
        if row.earliest:
            yield "pathway", before_the_first(row, pathway)


def as_pathway(rule: VacaturRule) -> Pathway:
    """The row as a pathway: one offence, held against the law of the State that recorded it."""
    terms = rule.terms
    return Pathway(
        id=f"vacatur-{rule.state.lower()}",
        version=rule.version,
        title=f"Clearing a criminal record in {rule.place}",
        jurisdiction=rule.jurisdiction,
        in_force_from=rule.in_force_from,
        in_force_to=rule.in_force_to,
        enjoined=rule.enjoined,
        citation=rule.citation,
        law_sources=rule.law_sources,
        certainty=rule.certainty,
        reviewed=rule.reviewed,
        report_rows=rule.report_rows,
        kind=PathwayKind.RECORD_RELIEF,
        per_offence=True,
        scope=in_scope(rule),
        summary=_summary(rule, terms),
        gives=_gives(terms),
        who_acts=terms.who_acts if terms else "A lawyer checks whether a law has come since",
        cost=terms.cost if terms else "Not known",
        criteria=tuple(_criteria(rule, terms)),
        bars=terms.bars if terms else (),
        evidence=_EVIDENCE if terms else (),
        advisories=(*(_advisories(terms) if terms else ()), *rule.cautions()),
    )


def _summary(rule: VacaturRule, terms: Terms | None) -> str:
    if terms is None:
        return rule.gap
    partly = {
        Law.NARROW: " The law is narrow.",
        Law.PARTIAL: " The law helps only in part.",
        Law.JUVENILES_ONLY: " The law is one for juveniles.",
    }.get(rule.law, "")
    return f"Offences: {terms.offences.text}. Tie to the trafficking: {terms.link.text}.{partly}"


def _gives(terms: Terms | None) -> tuple[str, ...]:
    if terms is None:
        return ("Nothing that our sources show",)
    return (*(_IN_WORDS[kind] for kind in terms.relief), *terms.effects)


def _criteria(rule: VacaturRule, terms: Terms | None) -> Iterator[Criterion]:
    if terms is None:
        literal = "impossible" if rule.law is Law.NONE else "unsettled"
        text = f"A law of {rule.place} clears such a record"
        yield criterion(rule, "law", text, {literal: rule.gap}, gateway=True)
        return
    reaches = terms.reaches.condition(rule.place)
    yield criterion(rule, "record", "The law reaches this sort of record", reaches, gateway=True)
    if terms.trafficking.needed:
        text = "Was subjected to trafficking of a kind that the law accepts"
        when = terms.trafficking.condition(rule.place)
        yield criterion(rule, "trafficked", text, when, gateway=True)
    offence = f"The law reaches the offence ({terms.offences.text})"
    yield criterion(rule, "offence", offence, terms.offences.condition(), gateway=True)
    if terms.link.needed:
        yield criterion(rule, "link", f"Tie: {terms.link.text}", terms.link.condition())
    if terms.time.kind is TimeKind.UNKNOWN:
        yield criterion(
            rule, "time", "It is not too early or too late", {"unsettled": terms.time.text}
        )
    elif terms.time.when is not None:
        yield criterion(rule, "time", terms.time.text, terms.time.when)
    yield from terms.conditions


def _advisories(terms: Terms) -> Iterator[str]:
    yield " ".join(part for part in (_PROOF[terms.proof], terms.proof_note) if part)
    yield _PRESUMPTION[terms.document_presumption]
    if terms.time.kind is TimeKind.NONE:
        yield f"Time: {terms.time.text}."
    if _HIDES.issuperset(terms.relief):
        yield (
            "The record is only closed to view; the judgment stays. The report names this as a gap "
            "(¶66): work, housing or a stay may still be refused because of it."
        )
    if Relief.VACATE_ON_MERITS_OR_DEFECT not in terms.relief:
        yield (
            "For immigration a conviction falls only if it is vacated for a defect or on the "
            "merits: have immigration counsel read the order before it is asked for."
        )
