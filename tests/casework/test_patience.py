"""A database that does not answer is given up; afterwards a new connection is made."""

import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection

from config.patient_postgresql import options
from config.patient_postgresql.base import PatientConnection


@pytest.fixture
def patient(committed_db: None) -> Iterator[PatientConnection]:  # noqa: ARG001
    connection.close()
    connection.ensure_connection()
    inner = connection.connection
    assert isinstance(inner, PatientConnection)
    yield inner
    connection.close()


def test_an_answer_that_does_not_come_in_time_is_given_up(patient: PatientConnection) -> None:
    patient.patience_seconds = 0.3
    began = time.monotonic()
    with connection.cursor() as cursor, pytest.raises(OperationalError, match="did not answer"):
        cursor.execute("SELECT pg_sleep(5)")
    assert time.monotonic() - began < 3
    assert patient.closed
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_what_the_database_itself_refuses_is_said_as_it_is(patient: PatientConnection) -> None:
    with connection.cursor() as cursor, pytest.raises(OperationalError, match="statement timeout"):
        cursor.execute("SET statement_timeout = 50; SELECT pg_sleep(5)")
    assert not patient.closed


def test_the_servers_limits_are_shorter_than_ours() -> None:
    said = str(options(25)["options"])
    assert "-c statement_timeout=20000 " in said
    assert "-c idle_in_transaction_session_timeout=20000 " in said
