"""The published instruments that ship as stubs, and one of them as it is shown with its wording."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from casework.access import agency_context
from casework.domain.errors import InvalidInputError
from casework.domain.permissions import Principal
from casework.models import Case, Definition, User
from screening.domain.instrument import Status
from screening.services.instruments import current_instrument, instruments, known_instruments
from tests import builders
from tests.unit.screening.test_accuracy import filled
from tests.unit.screening.test_published_instruments import ASKED

Clients = Callable[[User], Client]
QYIT = "covenant-house-nj-qyit"
WORTH = "about 36 would be right"


@pytest.fixture
def own_qyit(bob: Principal, at: datetime) -> str:
    """QYIT with the wording of Harbor House, which has permission."""
    with agency_context(bob.agency_id):
        stub = next(one for _, one in known_instruments() if one.id == QYIT)
        content = json.loads(filled(stub).model_dump_json(by_alias=True))
        Definition.objects.create(
            agency_id=bob.agency_id,
            kind="instrument",
            code=QYIT,
            version="1",
            digest="own",
            content=content,
            loaded_at=at,
        )
    return QYIT


def test_no_stub_that_ships_is_offered_and_all_are_listed(bob: Principal) -> None:
    with agency_context(bob.agency_id):
        listed = {one.id for _, one in known_instruments() if one.status is Status.STUB}
        assert listed == set(ASKED)
        assert not listed & {one.id for _, one in instruments()}


@pytest.mark.parametrize("code", ASKED)
def test_a_stub_that_ships_cannot_be_begun(bob: Principal, code: str) -> None:
    with agency_context(bob.agency_id), pytest.raises(InvalidInputError) as refusal:
        current_instrument(code)
    assert refusal.value.problems[0].code == "wording_missing"


def test_the_page_of_instruments_shows_the_worth_of_a_positive_result(
    people_client: Clients, bob_user: User
) -> None:
    page = people_client(bob_user).get(reverse("instruments")).content.decode()
    assert WORTH in page
    assert "about 25 would be right" in page


def test_whoever_begins_sees_the_worth_of_a_positive_result_beside_the_instrument(
    own_qyit: str, people_client: Clients, alice_user: User
) -> None:
    page = people_client(alice_user).get(reverse("screening_new")).content.decode()
    beside = page.partition(f'id="f-{own_qyit}"')[2].partition("</ul>")[0]
    assert WORTH in beside
    assert f'aria-describedby="f-{own_qyit}"' in page
    assert 'id="f-palermo-matrix"' not in page


def test_the_outcome_shows_the_worth_of_a_positive_result(
    *,
    own_qyit: str,
    case: Case,
    alice: Principal,
    at: datetime,
    alice_user: User,
    people_client: Clients,
) -> None:
    done = builders.concluded_screening(
        by=alice, at=at, case=case, instrument=own_qyit, values={"q1": "yes"}
    )
    page = people_client(alice_user).get(reverse("screening_outcome", args=[done.ref]))
    caveats, _, studies = page.content.decode().partition("What studies found")
    assert WORTH in caveats.partition("Keep in mind")[2]
    assert WORTH in studies
