"""Whether a person's written consent covers handing certain fields to a certain agency now.

The rules follow 34 USC 12291(b)(2) and 28 CFR 94.115: informed, written, limited in time, never by
the alleged abuser. What nobody said is no consent.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casework.domain.errors import FieldProblem, InvalidInputError

LONGEST = timedelta(days=366)
"""Our reading of "reasonably time-limited": a year at most; after it, a new consent is asked."""


class SignedBy(StrEnum):
    """Who signed."""

    SELF = "self"
    GUARDIAN = "guardian"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One release: what may go to whom, for what, from when until when. Times in UTC."""

    ref: str
    recipient_agency: str
    """The ref of the one agency that it names."""
    fields: frozenset[str]
    purpose: str
    valid_from: datetime
    valid_until: datetime
    """The first instant at which it no longer holds."""
    withdrawn_at: datetime | None = None
    written: bool
    signed_by: SignedBy
    guardian_is_alleged_abuser: bool
    person_is_minor: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """For each field asked about: the consent it rests on, or that there is none."""

    missing: tuple[str, ...]
    by_field: dict[str, str]
    """Field code → the ref of the consent."""


def covers(
    consents: Iterable[Consent], recipient_agency: str, fields: Iterable[str], at: datetime
) -> Coverage:
    """Which of the fields may go to that agency at the instant `at`, and on which consent.

    Asked again at the moment of sending. Where several consents cover a field, it rests on the one
    that holds longest.
    """
    holding = [c for c in consents if c.recipient_agency == recipient_agency and _holds(c, at)]
    holding.sort(key=lambda consent: (consent.valid_until, consent.ref))
    granted = {code: consent.ref for consent in holding for code in consent.fields}
    asked = sorted(set(fields))
    return Coverage(
        missing=tuple(code for code in asked if code not in granted),
        by_field={code: granted[code] for code in asked if code in granted},
    )


def check_release(consent: Consent, releasable: Collection[str]) -> None:
    """Refuse a consent that must not be recorded; `releasable` are the codes of fields to choose.

    Raises InvalidInputError with every problem at once and where each of them stands.
    """
    unknown = sorted(consent.fields - frozenset(releasable))
    span = consent.valid_until - consent.valid_from
    checks = (
        (bool(consent.recipient_agency), "recipient_agency", "Name the agency that receives."),
        (bool(consent.fields), "fields", "Name at least one field; nothing is included unnamed."),
        (not unknown, "fields", f"Cannot be released: {', '.join(unknown)}."),
        (bool(consent.purpose.strip()), "purpose", "Say what the release is for."),
        (consent.written, "written", "Only a written consent allows a release."),
        (timedelta(0) < span, "valid_until", "The end has to lie after the beginning."),
        (span <= LONGEST, "valid_until", f"Choose an end within {LONGEST.days} days."),
        (consent.signed_by is not SignedBy.OTHER, "signed_by", "Only the person, or a guardian."),
        (not _abuser_signed(consent), "signed_by", "The alleged abuser cannot sign as guardian."),
    )
    problems = tuple(
        FieldProblem(pointer=f"/{place}", code="not_releasable", detail=detail)
        for accepted, place, detail in checks
        if not accepted
    )
    if problems:
        raise InvalidInputError(problems[0].detail, problems=problems)


def _holds(consent: Consent, at: datetime) -> bool:
    in_time = consent.valid_from <= at < consent.valid_until
    withdrawn = consent.withdrawn_at is not None and consent.withdrawn_at <= at
    return consent.written and in_time and not withdrawn and _may_sign(consent)


def _may_sign(consent: Consent) -> bool:
    return consent.signed_by is not SignedBy.OTHER and not _abuser_signed(consent)


def _abuser_signed(consent: Consent) -> bool:
    return consent.signed_by is SignedBy.GUARDIAN and consent.guardian_is_alleged_abuser
