"""One agency with a clock that runs, on a PostgreSQL that keeps what it is told."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from casework.domain.permissions import Principal, Role
from casework.models import Agency, User
from casework.services.seeds import load
from casework.services.sweep import sweep_all
from tests import builders
from tests.benchmarks.clocks.planting import Field
from tests.benchmarks.clocks.servers import durable_postgres
from tests.database import Database, _create

COLLEAGUES = 5


@pytest.fixture(scope="package")
def django_db_setup(
    django_test_environment: None,  # noqa: ARG001
    django_db_blocker: DjangoDbBlocker,
    database_name: str,
) -> Iterator[None]:
    """The test database as everywhere, but on a server that does not give up durability."""
    with durable_postgres():
        _create(str(settings.DATABASES["owner"]["NAME"]), database_name)
        for alias in ("default", "owner"):
            connections[alias].settings_dict["NAME"] = database_name
        with django_db_blocker.unblock():
            call_command("migrate", database="owner", verbosity=0)
            load(settings.BASE_DIR / "seeds", at=datetime(2026, 1, 1, tzinfo=UTC))
            connections.close_all()
        yield


@pytest.fixture
def staffed(harbor: Agency, bob_user: User, ada_user: User, at: datetime) -> Agency:  # noqa: ARG001
    """An agency with as many people as an agency has."""
    for number in range(COLLEAGUES):
        builders.member(agency=harbor, name=f"Col {number}", role=Role.CASEWORKER, at=at)
    return harbor


@pytest.fixture
def field(committed_db: None, staffed: Agency, alice: Principal, as_superuser: Database) -> Field:  # noqa: ARG001
    """Room for clocks of alice's, whose pattern was made by the services."""
    now = datetime.now(UTC)
    case = builders.open_case(by=alice, at=now)
    builders.record_event(case=case, by=alice, at=now, kind="uac_determined")
    sweep_all()
    return Field(database=as_superuser, agency=staffed.pk)
