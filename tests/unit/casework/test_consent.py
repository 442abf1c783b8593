"""Whose consent covers what, for whom, and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework.domain.consent import Consent, SignedBy, check_release, covers
from casework.domain.disclosure import RELEASABLE
from casework.domain.errors import InvalidInputError

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=90)
LATER = START + timedelta(days=1)
ABUSER: dict[str, Any] = {"signed_by": SignedBy.GUARDIAN, "guardian_is_alleged_abuser": True}

CONSENT = Consent(
    ref="c1",
    recipient_agency="legal",
    fields=frozenset({"name", "needs"}),
    purpose="Legal advice",
    valid_from=START,
    valid_until=END,
    written=True,
    signed_by=SignedBy.SELF,
    guardian_is_alleged_abuser=False,
    person_is_minor=None,
)


def test_it_covers_exactly_the_fields_it_names() -> None:
    coverage = covers([CONSENT], "legal", ["phone", "name"], LATER)
    assert (coverage.missing, coverage.by_field) == (("phone",), {"name": "c1"})


@pytest.mark.parametrize(
    "change",
    [
        {"recipient_agency": "shelter"},
        {"written": False},
        {"withdrawn_at": LATER},
        {"withdrawn_at": START},
        {"valid_from": LATER + timedelta(seconds=1)},
        {"valid_until": LATER},
        {"signed_by": SignedBy.OTHER},
        ABUSER,
    ],
)
def test_it_covers_nothing_when(change: dict[str, Any]) -> None:
    assert covers([replace(CONSENT, **change)], "legal", ["name"], LATER).missing == ("name",)


@pytest.mark.parametrize(
    "change",
    [
        {"withdrawn_at": LATER + timedelta(seconds=1)},
        {"valid_from": LATER},
        {"valid_until": LATER + timedelta(seconds=1)},
        {"signed_by": SignedBy.GUARDIAN},
        {"guardian_is_alleged_abuser": True},
    ],
)
def test_it_still_covers_when(change: dict[str, Any]) -> None:
    assert covers([replace(CONSENT, **change)], "legal", ["name"], LATER).missing == ()


def test_a_field_rests_on_the_consent_that_holds_longest() -> None:
    longer = replace(CONSENT, ref="c0", valid_until=END + timedelta(days=1))
    for order in ([CONSENT, longer], [longer, CONSENT]):
        assert covers(order, "legal", ["name"], LATER).by_field == {"name": "c0"}


def test_two_consents_together_cover_what_neither_covers_alone() -> None:
    other = replace(CONSENT, ref="c2", fields=frozenset({"phone"}))
    assert covers([CONSENT, other], "legal", ["name", "phone"], LATER).missing == ()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"recipient_agency": ""}, "/recipient_agency"),
        ({"fields": frozenset()}, "/fields"),
        ({"fields": frozenset({"placement_address"})}, "/fields"),
        ({"purpose": "  "}, "/purpose"),
        ({"written": False}, "/written"),
        ({"valid_until": START}, "/valid_until"),
        ({"valid_until": START + timedelta(days=366, seconds=1)}, "/valid_until"),
        ({"signed_by": SignedBy.OTHER}, "/signed_by"),
        (ABUSER, "/signed_by"),
    ],
)
def test_a_release_that_must_not_be_is_refused(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_release(replace(CONSENT, **change), RELEASABLE)
    assert [problem.pointer for problem in refusal.value.problems] == [pointer]


def test_a_refusal_names_every_problem_at_once() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_release(replace(CONSENT, purpose="", written=False), RELEASABLE)
    assert len(refusal.value.problems) == 2


@pytest.mark.parametrize("change", [{}, {"valid_until": START + timedelta(days=366)}])
def test_a_good_release_passes(change: dict[str, Any]) -> None:
    check_release(replace(CONSENT, **change), RELEASABLE)
