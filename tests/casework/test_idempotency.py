"""Repeats: the first answer again, never the deed again."""

from datetime import datetime, timedelta

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, IdempotencyRecord
from casework.services.idempotency import (
    Answer,
    Attempt,
    InFlightError,
    KeyReusedError,
    begin,
    finish,
)

ANSWER = Answer(status=201, body={"ref": "1", "name": "Rosa"}, headers={"ETag": '"1"'})


def attempt(by: Principal, body: bytes = b"{}", key: str = "k") -> Attempt:
    return Attempt.of(by, "POST /api/v1/cases/", key, body)


def test_a_repeat_gets_the_first_answer_which_lies_sealed(
    harbor: Agency, dora: Principal, at: datetime
) -> None:
    with agency_context(harbor.pk):
        claimed = begin(attempt(dora), by=dora, at=at)
        assert isinstance(claimed, IdempotencyRecord)
        finish(claimed, ANSWER)
        assert b"Rosa" not in bytes(IdempotencyRecord.objects.get().response or b"")
        assert begin(attempt(dora), by=dora, at=at + timedelta(hours=1)) == ANSWER
    assert str(claimed) == "POST /api/v1/cases/"


def test_the_same_key_with_another_body_is_refused(
    harbor: Agency, dora: Principal, at: datetime
) -> None:
    with agency_context(harbor.pk):
        begin(attempt(dora), by=dora, at=at)
        with pytest.raises(KeyReusedError):
            begin(attempt(dora, b'{"door": "court"}'), by=dora, at=at)


def test_a_first_request_that_is_still_under_way_is_waited_for(
    harbor: Agency, dora: Principal, at: datetime
) -> None:
    with agency_context(harbor.pk):
        begin(attempt(dora), by=dora, at=at)
        with pytest.raises(InFlightError):
            begin(attempt(dora), by=dora, at=at + timedelta(seconds=1))


def test_two_clients_may_use_the_same_key(
    harbor: Agency, northside: Agency, dora: Principal, stranger: Principal, at: datetime
) -> None:
    for agency, by in ((harbor, dora), (northside, stranger)):
        with agency_context(agency.pk):
            assert isinstance(begin(attempt(by), by=by, at=at), IdempotencyRecord)


def test_a_key_that_was_claimed_unseen_is_refused_for_now(
    harbor: Agency, northside: Agency, dora: Principal, at: datetime
) -> None:
    """Whoever holds it belongs to another agency, so its record cannot even be looked at."""
    with agency_context(harbor.pk):
        begin(attempt(dora), by=dora, at=at)
    elsewhere = Principal(
        kind=dora.kind,
        ref=dora.ref,
        agency_id=northside.pk,
        agency_ref=dora.agency_ref,
        role=None,
        scopes=dora.scopes,
        user_id=None,
        label="",
    )
    with agency_context(northside.pk), pytest.raises(InFlightError):
        begin(attempt(elsewhere), by=elsewhere, at=at)
