"""Tokens: given for a secret, for ten minutes, never kept readable, taken back."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from allauth.idp.oidc.models import Client, Token
from django.http import HttpResponse
from django.test import Client as Browser

from casework.access import agency_context
from casework.domain.permissions import Principal, Scope
from casework.models import PartnerClient
from tests import builders
from tests.casework.api.clients import Answer

FORM = "application/x-www-form-urlencoded"
GRANT = "grant_type=client_credentials"


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def ask(body: str = GRANT, *, path: str = "/oauth/token", auth: str | None = None) -> HttpResponse:
    header = basic("test-partner", builders.SECRET) if auth is None else auth
    answer: Answer = Browser().post(
        path, body, content_type=FORM, headers={"Authorization": header}
    )
    response: HttpResponse = answer
    return response


def call(token: str) -> Answer:
    return Browser().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"})


def test_without_a_scope_every_default_scope_is_given(dora: Principal) -> None:
    answer: Answer = ask()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    assert set(body["scope"].split()) == {scope.value for scope in dora.scopes}
    assert call(body["access_token"]).json()["label"] == "Intake of Harbor House"


@pytest.mark.usefixtures("dora")
def test_a_subset_of_scopes_is_all_the_token_grants() -> None:
    answer: Answer = ask(f"{GRANT}&scope=cases:read%20deadlines:read")
    me = call(answer.json()["access_token"]).json()
    assert me["scopes"] == ["cases:read", "deadlines:read"]


@pytest.mark.usefixtures("dora")
def test_a_token_is_kept_as_a_hash_alone() -> None:
    answer: Answer = ask()
    value = answer.json()["access_token"]
    assert value not in str(list(Token.objects.values()))


@pytest.mark.usefixtures("dora")
@pytest.mark.parametrize(
    ("body", "auth", "status", "error"),
    [
        (GRANT, basic("test-partner", "wrong"), 401, "invalid_client"),
        (GRANT, basic("nobody", builders.SECRET), 401, "invalid_client"),
        (GRANT, basic("a\0b", builders.SECRET), 401, "invalid_client"),
        (GRANT, basic("x" * 5_000, builders.SECRET), 401, "invalid_client"),
        (GRANT, "Basic ///", 401, "invalid_client"),
        (GRANT, "Basic", 401, "invalid_client"),
        (GRANT, "", 401, "invalid_client"),
        ("", None, 400, "invalid_request"),
        ("grant_type=password", None, 400, "unsupported_grant_type"),
        (f"{GRANT}&{GRANT}", None, 400, "invalid_request"),
        (f"{GRANT}&scope=openid", None, 400, "invalid_scope"),
        (f"{GRANT}&scope=", None, 400, "invalid_scope"),
        (f"{GRANT}&scope=%00", None, 400, "invalid_request"),
    ],
)
def test_refusals_are_in_the_words_of_oauth(
    body: str, auth: str | None, status: int, error: str
) -> None:
    answer: Answer = ask(body, auth=auth)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.django_db
def test_only_a_form_by_post_is_read() -> None:
    assert Browser().get("/oauth/token").status_code == 405
    assert Browser().post("/oauth/token", "{}", content_type="application/json").status_code == 400


@pytest.mark.usefixtures("dora")
def test_an_endless_form_is_refused() -> None:
    assert ask(f"{GRANT}&scope={'x' * 1_100_000}").status_code == 413


@pytest.mark.usefixtures("dora")
def test_a_revoked_token_opens_nothing() -> None:
    answer: Answer = ask()
    token = answer.json()["access_token"]
    assert ask(f"token={token}", path="/oauth/revoke").status_code == 200
    assert call(token).status_code == 401
    assert ask(f"token={token}", path="/oauth/revoke").status_code == 200


@pytest.mark.usefixtures("dora", "stranger")
def test_nobody_revokes_the_token_of_another() -> None:
    answer: Answer = ask()
    token = answer.json()["access_token"]
    other = basic("test-stranger", builders.SECRET)
    assert ask(f"token={token}", path="/oauth/revoke", auth=other).status_code == 200
    assert call(token).status_code == 200


@pytest.mark.usefixtures("dora")
def test_an_expired_token_is_none() -> None:
    answer: Answer = ask()
    Token.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    refused = call(answer.json()["access_token"])
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused["WWW-Authenticate"]


def test_a_disabled_partner_is_out_at_once(dora: Principal) -> None:
    answer: Answer = ask()
    with agency_context(dora.agency_id):
        PartnerClient.objects.update(disabled_at=datetime.now(UTC))
    assert call(answer.json()["access_token"]).status_code == 401


@pytest.mark.usefixtures("dora")
def test_a_scope_taken_from_the_client_is_gone_from_its_tokens() -> None:
    answer: Answer = ask()
    client = Client.objects.get(pk="test-partner")
    client.set_scopes([Scope.CASES_READ.value])
    client.save()
    assert call(answer.json()["access_token"]).json()["scopes"] == ["cases:read"]


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["", "x", "\N{SNOWMAN}", "x" * 5_000])
def test_a_made_up_token_is_refused(value: str) -> None:
    answer: Answer = Browser().get("/api/v1/me/", headers={"Authorization": f"Bearer {value}"})
    assert answer.status_code == 401
