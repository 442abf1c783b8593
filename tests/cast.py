"""The people of the tests: two agencies, who works there, and their clients' log-ins."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.idp.oidc.models import Token
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from rest_framework.test import APIClient

from casework import access
from casework.domain.permissions import Principal, Role, Scope
from casework.models import Agency, Case, PartnerClient, User
from casework.services.members import NewUser, add_agency, add_member, add_partner
from tests import builders
from tests.builders import MOMENT


@pytest.fixture
def at() -> datetime:
    """The moment at which the story of a test begins."""
    return MOMENT


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> None:
    """A database to play on: rolled back, or with real commits where the test asks for them."""
    request.getfixturevalue("committed_db" if _commits(request) else "db")


def _commits(request: pytest.FixtureRequest) -> bool:
    return "committed_db" in request.fixturenames


@contextmanager
def without_context() -> Iterator[None]:
    """Begin as a request does, knowing nobody; afterwards the context is what it was.

    In a rolled-back test all requests share one transaction; in production none do.
    """
    if not connection.in_atomic_block:
        yield
        return
    settings = ("casework.agency", "casework.person", "casework.client")
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"current_setting('{s}', true)" for s in settings))
        found = dict(zip(settings, cursor.fetchone(), strict=True))
        access.set_context(agency_id=None)
        yield
        for name, value in found.items():
            cursor.execute("select set_config(%s, %s, true)", [name, value or ""])


def _user(agency: Agency, name: str, role: Role) -> User:
    address = f"{name.lower()}@example.org"
    new = NewUser(email=address, name=name, password=builders.PASSWORD)
    return add_member(agency, new, role, at=MOMENT)


def principal_of(user: User) -> Principal:
    """Who the user is now; the context is left as it was found."""
    with transaction.atomic(), without_context():
        principal = access.principal_of_user(user)
    if principal is None:
        raise LookupError(user.email)
    return principal


def _partner(agency: Agency, client_id: str) -> Principal:
    add_partner(
        agency,
        client_id,
        builders.SECRET,
        label=f"Intake of {agency.name}",
        scopes=frozenset(Scope),
        at=MOMENT,
    )
    with transaction.atomic(), without_context():
        principal = access.principal_of_client(client_id, frozenset(Scope))
    if principal is None:
        raise LookupError(client_id)
    return principal


@pytest.fixture
def harbor(stage: None) -> Agency:  # noqa: ARG001
    """A non-governmental organisation in New York."""
    return add_agency("Harbor House", "ngo", time_zone="America/New_York", at=MOMENT)


@pytest.fixture
def northside(stage: None) -> Agency:  # noqa: ARG001
    """Legal aid in Chicago."""
    return add_agency("Northside Legal", "legal_aid", time_zone="America/Chicago", at=MOMENT)


@pytest.fixture
def alice_user(harbor: Agency) -> User:
    """Caseworker at Harbor House."""
    return _user(harbor, "Alice", Role.CASEWORKER)


@pytest.fixture
def bob_user(harbor: Agency) -> User:
    """Supervisor at Harbor House."""
    return _user(harbor, "Bob", Role.SUPERVISOR)


@pytest.fixture
def ada_user(harbor: Agency) -> User:
    """Administrator at Harbor House."""
    return _user(harbor, "Ada", Role.ADMINISTRATOR)


@pytest.fixture
def olga_user(harbor: Agency) -> User:
    """Auditor at Harbor House."""
    return _user(harbor, "Olga", Role.AUDITOR)


@pytest.fixture
def charlie_user(northside: Agency) -> User:
    """Caseworker at Northside Legal."""
    return _user(northside, "Charlie", Role.CASEWORKER)


@pytest.fixture
def nora_user(northside: Agency) -> User:
    """Supervisor at Northside Legal."""
    return _user(northside, "Nora", Role.SUPERVISOR)


@pytest.fixture
def alice(alice_user: User) -> Principal:
    """Caseworker at Harbor House."""
    return principal_of(alice_user)


@pytest.fixture
def carol(harbor: Agency) -> Principal:
    """Another caseworker at Harbor House; the case is not hers."""
    return principal_of(_user(harbor, "Carol", Role.CASEWORKER))


@pytest.fixture
def bob(bob_user: User) -> Principal:
    """Supervisor at Harbor House."""
    return principal_of(bob_user)


@pytest.fixture
def ada(ada_user: User) -> Principal:
    """Administrator at Harbor House."""
    return principal_of(ada_user)


@pytest.fixture
def olga(olga_user: User) -> Principal:
    """Auditor at Harbor House."""
    return principal_of(olga_user)


@pytest.fixture
def charlie(charlie_user: User) -> Principal:
    """Caseworker at Northside Legal."""
    return principal_of(charlie_user)


@pytest.fixture
def nora(nora_user: User) -> Principal:
    """Supervisor at Northside Legal."""
    return principal_of(nora_user)


@pytest.fixture
def dora(harbor: Agency) -> Principal:
    """Harbor House's partner system, with every scope."""
    return _partner(harbor, "test-partner")


@pytest.fixture
def stranger(northside: Agency) -> Principal:
    """Northside Legal's partner system, with every scope."""
    return _partner(northside, "test-stranger")


@pytest.fixture
def case(alice: Principal, at: datetime) -> Case:
    """Opened by Alice, about a person of whom a name is known."""
    return builders.open_case(by=alice, at=at, person={"name": "Rosa Fuentes"})


class PersonClient(Client):
    """A browser; each request begins knowing nobody."""

    def request(self, **request: Any) -> Any:  # noqa: ANN401
        """Send one request."""
        with without_context():
            return super().request(**request)


class PartnerApi(APIClient):
    """A partner system with a bearer token; bodies are JSON."""

    default_format = "json"
    token = ""

    def request(self, **kwargs: Any) -> Any:  # noqa: ANN401
        """Send one request."""
        with without_context():
            return super().request(**kwargs)


@pytest.fixture
def people_client(stage: None) -> Callable[[User], PersonClient]:  # noqa: ARG001
    """Makes a browser in which the user is logged in, second factor included."""

    def make(user: User) -> PersonClient:
        client = PersonClient()
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.session
        _record_both_factors(session, user)
        session.save()
        return client

    return make


def _record_both_factors(session: Any, user: User) -> None:  # noqa: ANN401
    now = time.time()
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": now, "email": user.email},
        {"method": "mfa", "type": "totp", "at": now},
    ]


@pytest.fixture
def partner_client(stage: None) -> Callable[..., PartnerApi]:  # noqa: ARG001
    """Makes an API client for a partner principal, optionally with fewer scopes."""

    def make(principal: Principal, *, scopes: frozenset[Scope] | None = None) -> PartnerApi:
        with access.agency_context(principal.agency_id):
            partner = PartnerClient.objects.get(ref=principal.ref)
        value = f"test-{partner.client_id}-{time.monotonic_ns()}"
        granted = principal.scopes if scopes is None else scopes
        client = PartnerApi()
        client.token = issue_token(partner.client_id, value, granted)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {client.token}")
        return client

    return make


def issue_token(client_id: str, value: str, scopes: frozenset[Scope]) -> str:
    """An access token as the token endpoint keeps it: hashed, for ten minutes."""
    token = Token(
        type=Token.Type.ACCESS_TOKEN,
        client_id=client_id,
        expires_at=datetime.now(UTC) + timedelta(minutes=10),
    )
    token.set_value(value)
    token.set_scopes([scope.value for scope in sorted(scopes)])
    token.save()
    return value
