"""The test database: made, migrated and filled as in production, by the owner and not by us."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from pytest_django import DjangoDbBlocker

from casework.access import agency_context
from casework.services.seeds import load

Database = psycopg.Connection[tuple[object, ...]]
KEPT = frozenset(
    {
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "auth_group",
        "auth_group_permissions",
        "casework_definition",
        "casework_agency",
    }
)
"""Tables that hold no cases and stay as they were loaded; of the last two, what agencies added
goes."""


def url_in(name: str, database: str) -> str:
    """The address that the environment variable names, with that database in it."""
    address = os.environ.get(name)
    if not address:
        pytest.fail(f"{name} is not set; this test needs it")
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))


def _as_owner(database: str) -> Database:
    return psycopg.connect(url_in("DATABASE_OWNER_URL", database), autocommit=True)


def _run(database: str, statement: LiteralString, **names: str) -> None:
    identifiers = {key: sql.Identifier(value) for key, value in names.items()}
    with _as_owner(database) as connection:
        connection.execute(sql.SQL(statement).format(**identifiers))


def _create(home: str, name: str) -> None:
    app = str(settings.DATABASES["default"]["USER"])
    owner = str(settings.DATABASES["owner"]["USER"])
    _run(home, "CREATE DATABASE {name} OWNER {owner} TEMPLATE template0", name=name, owner=owner)
    _run(home, "REVOKE ALL ON DATABASE {name} FROM PUBLIC", name=name)
    _run(home, "GRANT CONNECT ON DATABASE {name} TO {app}", name=name, app=app)
    _run(name, "ALTER SCHEMA public OWNER TO {owner}", owner=owner)
    _run(name, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    _run(name, "GRANT USAGE ON SCHEMA public TO {app}", app=app)


@pytest.fixture(scope="session")
def database_name(worker_id: str) -> str:
    """A database of this process's own."""
    return f"test_casework_{worker_id}_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,  # noqa: ARG001
    django_db_blocker: DjangoDbBlocker,
    database_name: str,
) -> Iterator[None]:
    """Make the database, migrate as the owner, load the seeds as the application; drop it after."""
    home = str(settings.DATABASES["owner"]["NAME"])
    _create(home, database_name)
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database_name
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0)
        load(settings.BASE_DIR / "seeds", at=datetime(2026, 1, 1, tzinfo=UTC))
        connections.close_all()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    _run(home, "DROP DATABASE {name}", name=database_name)


@pytest.fixture
def inside() -> Callable[[int], AbstractContextManager[None]]:
    """`with inside(agency.pk):` works in that agency's context."""
    return agency_context


@pytest.fixture
def committed_db(
    django_db_setup: None,  # noqa: ARG001
    django_db_blocker: DjangoDbBlocker,
    database_name: str,
) -> Iterator[None]:
    """Real commits, for tests with threads and processes; emptied afterwards but for the law."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    empty(database_name)


def empty(database: str) -> None:
    """Remove every row but those of KEPT, as the owner: the application may not."""
    with _as_owner(database) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)",
            [sorted(KEPT)],
        ).fetchall()
        names = sql.SQL(", ").join(sql.Identifier(str(table)) for (table,) in tables)
        connection.execute("SET lock_timeout = '20s'")
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(names))
        _empty_agencies(connection)


def _empty_agencies(connection: Database) -> None:
    """Agencies and the instruments they added, from between the law that stays."""
    for (agency,) in connection.execute("SELECT id FROM casework_agency").fetchall():
        connection.execute("SELECT set_config('casework.agency', %s, false)", [str(agency)])
        connection.execute("DELETE FROM casework_definition WHERE agency_id IS NOT NULL")
    connection.execute("DELETE FROM casework_agency")
    connection.execute("ALTER SEQUENCE casework_agency_id_seq RESTART")


@pytest.fixture
def as_owner(committed_db: None, database_name: str) -> Iterator[Database]:  # noqa: ARG001
    """A connection of the role that owns the tables; row security still holds for it."""
    with _as_owner(database_name) as connection:
        yield connection


@pytest.fixture
def as_superuser(committed_db: None, superuser_url: str) -> Iterator[Database]:  # noqa: ARG001
    """A connection to which nothing is forbidden: what someone with the disk in hand can do."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def superuser_url(database_name: str) -> str:
    """The test database, addressed as the superuser."""
    return url_in("DATABASE_SUPERUSER_URL", database_name)


@pytest.fixture
def process_environment(committed_db: None, database_name: str) -> dict[str, str]:  # noqa: ARG001
    """The environment of a process of ours that works on the test database."""
    return environment_of(database_name)


def environment_of(database: str) -> dict[str, str]:
    """Our environment, but on that database."""
    return {
        **os.environ,
        "DATABASE_URL": url_in("DATABASE_URL", database),
        "DATABASE_OWNER_URL": url_in("DATABASE_OWNER_URL", database),
    }
