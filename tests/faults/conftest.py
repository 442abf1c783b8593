"""A PostgreSQL of our own for each process of tests, and households on it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.data_folder import make_private
from tests.faults.household import Crew, Household
from tests.faults.servers import OwnPostgres, OwnRedis, django_on

OpenHouse = Callable[..., Household]


@pytest.fixture(scope="session")
def idle_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnPostgres]:
    """One server for all households of this process; it may be crashed, and comes back."""
    folder = tmp_path_factory.mktemp("own-postgres")
    make_private(folder)
    server = OwnPostgres(folder=folder)
    yield server
    server.forget()


@pytest.fixture
def own_postgres(
    idle_postgres: OwnPostgres,
    committed_db: None,  # noqa: ARG001
    superuser_url: str,
) -> OwnPostgres:
    """The server, running, with tables and knowledge as in the test database."""
    idle_postgres.learn(superuser_url)
    return idle_postgres


@pytest.fixture
def open_house(own_postgres: OwnPostgres, tmp_path: Path) -> Iterator[OpenHouse]:
    """Makes the test's household, not yet begun; Django of this process works on its database.

    Ask for it before the people: `open_house, alice`. Then `house = open_house(Crew(sweeps=2))`.
    """
    with ExitStack() as stack:
        database = own_postgres.fresh_database()
        stack.enter_context(django_on(own_postgres.environment(database)))

        def make(crew: Crew | None = None, **extra: str) -> Household:
            house = Household(
                folder=tmp_path,
                postgres=own_postgres,
                database=database,
                redis=OwnRedis(folder=tmp_path / "broker"),
                crew=crew or Crew(),
                extra=extra,
            )
            stack.callback(house.end)
            return house

        yield make


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A table of what each run of the fault tests had, and what was found afterwards."""
    found = [
        (report.nodeid, str(value))
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in report.user_properties
        if name == "faults"
    ]
    if found:
        terminalreporter.section("faults")
    for nodeid, lines in found:
        terminalreporter.write_line(nodeid.rpartition("/")[2])
        for line in lines.splitlines():
            terminalreporter.write_line(f"    {line}")
