"""Pages that hold still, and filters that do what they say."""

from datetime import datetime, timedelta

import pytest

from casework.domain.permissions import Principal
from casework.models import Case, User
from tests import builders
from tests.casework.api.clients import Answer, Partners, People

DAY = timedelta(days=1)


@pytest.fixture
def five(alice: Principal, at: datetime) -> list[Case]:
    """Opened a day apart, the second and the third at the same moment."""
    days = (0, 1, 1, 2, 3)
    return [builders.open_case(by=alice, at=at + day * DAY, door="ngo") for day in days]


def refs(answer: Answer) -> list[str]:
    return [row["ref"] for row in answer.json()["results"]]


def test_pages_go_there_and_back_while_rows_are_added(
    five: list[Case], alice: Principal, at: datetime, partner_client: Partners, dora: Principal
) -> None:
    api = partner_client(dora)
    newest = [str(case.ref) for case in reversed(five)]
    first = api.get("/api/v1/cases/?limit=2")
    builders.open_case(by=alice, at=at + 9 * DAY)
    second = api.get(first.json()["next"])
    third = api.get(second.json()["next"])
    assert refs(first) + refs(second) + refs(third) == newest
    assert third.json()["next"] is None
    assert refs(api.get(third.json()["previous"])) == newest[2:4]


def test_the_order_is_chosen_by_name(
    five: list[Case], partner_client: Partners, dora: Principal
) -> None:
    answer = partner_client(dora).get("/api/v1/cases/?ordering=opened_at&limit=5")
    assert refs(answer) == [str(case.ref) for case in five]


def test_filters_narrow(
    five: list[Case], partner_client: Partners, dora: Principal, alice: Principal, at: datetime
) -> None:
    api = partner_client(dora)
    builders.close_case(case=five[0], by=alice, at=at + 4 * DAY)
    assert refs(api.get("/api/v1/cases/?status=closed")) == [str(five[0].ref)]
    assert refs(api.get("/api/v1/cases/?door=police")) == []
    assert len(refs(api.get(f"/api/v1/cases/?assignee={alice.ref}"))) == 5
    assert refs(api.get("/api/v1/cases/?assignee=me")) == []
    from_, to = (at + DAY).isoformat(), (at + 2 * DAY).isoformat()
    between = api.get("/api/v1/cases/", {"opened_from": from_, "opened_to": to})
    assert set(refs(between)) == {str(case.ref) for case in five[1:3]}
    unescaped = api.get(f"/api/v1/cases/?opened_from={from_}&opened_to={to}")
    assert refs(unescaped) == refs(between)


def test_me_is_whoever_asks(five: list[Case], people_client: People, alice_user: User) -> None:
    assert len(refs(people_client(alice_user).get("/api/v1/cases/?assignee=me"))) == len(five)
