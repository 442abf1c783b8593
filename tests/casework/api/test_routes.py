"""Every address asks for a right, and tells nobody anything before it knows who asks."""

import pytest
from rest_framework.test import APIClient

from casework.domain.permissions import Principal
from tests.casework.api.clients import Partners
from tests.casework.api.policy import POLICY, PUBLIC
from tests.casework.api.routes import address, resources, routes

ALL = sorted((method, route) for method, route, _ in resources())


def test_every_route_stands_in_the_policy_table_with_its_rights() -> None:
    asked = {
        (method, route): " ".join(right.value for right in view.needs[method])
        for method, route, view in resources()
    }
    assert asked == POLICY


def test_only_the_contract_itself_is_open_to_everyone() -> None:
    kept = {route for _, route, _ in resources()}
    assert {route for _, route, _ in routes()} - kept == PUBLIC


READ = sorted(route for method, route in POLICY if method == "GET" and POLICY[method, route])


@pytest.mark.parametrize("route", READ)
def test_asking_for_the_head_needs_the_same_right(
    partner_client: Partners, dora: Principal, route: str
) -> None:
    bare = partner_client(dora, scopes=frozenset())
    assert bare.head(address(route)).status_code == 403


def test_nothing_is_told_by_asking_what_can_be_asked(
    partner_client: Partners, dora: Principal
) -> None:
    answer = partner_client(dora).options("/api/v1/cases/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "route"), ALL)
def test_without_a_principal_the_answer_is_401(method: str, route: str) -> None:
    response = APIClient().generic(method, address(route))
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == 'Bearer realm="casework"'
    assert response.json()["code"] == "not_authenticated"
