"""Consents: what is a release, and that it ends once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from casework.access import agency_context
from casework.domain.consent import SignedBy
from casework.domain.errors import (
    InvalidInputError,
    NotAllowedNowError,
)
from casework.domain.permissions import Principal
from casework.models import Agency, Case, ConsentRecord
from casework.services.consents import NewConsent, record_consent, withdraw_consent

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency) -> Iterator[None]:
    with agency_context(harbor.pk):
        yield


@pytest.fixture
def release(northside: Agency, at: datetime) -> NewConsent:
    return NewConsent(
        recipient=northside,
        fields=("language", "needs"),
        purpose="legal",
        valid_from=at,
        valid_until=at + 30 * DAY,
        written=True,
        signed_by=SignedBy.SELF,
    )


Amend = Callable[[NewConsent], NewConsent]


@pytest.mark.parametrize(
    "amend",
    [
        lambda one: replace(one, written=False),
        lambda one: replace(one, fields=()),
        lambda one: replace(one, fields=("placement_address",)),
        lambda one: replace(one, purpose=" "),
        lambda one: replace(one, valid_until=one.valid_from),
        lambda one: replace(one, valid_until=one.valid_from + 367 * DAY),
        lambda one: replace(one, signed_by=SignedBy.OTHER),
        lambda one: replace(one, signed_by=SignedBy.GUARDIAN, guardian_is_alleged_abuser=True),
    ],
)
def test_what_is_no_release_is_not_recorded(
    case: Case, alice: Principal, at: datetime, release: NewConsent, amend: Amend
) -> None:
    with pytest.raises(InvalidInputError):
        record_consent(case, amend(release), by=alice, at=at)
    assert ConsentRecord.objects.count() == 0


def test_a_release_is_withdrawn_once(
    case: Case, alice: Principal, at: datetime, release: NewConsent
) -> None:
    record = record_consent(case, release, by=alice, at=at)
    assert withdraw_consent(record, by=alice, at=at).withdrawn_at == at
    with pytest.raises(NotAllowedNowError):
        withdraw_consent(record, by=alice, at=at)
    assert str(record) == str(record.ref)
