"""Django's own backend, on connections that do not wait for ever."""

import time
from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

_Result = TypeVar("_Result")


class PatientConnection(psycopg.Connection[TupleRow]):
    """Gives up on an answer that does not come. The kernel's keepalives see only a dead line,
    not a server behind it that is frozen.
    """

    patience_seconds: float = 25.0

    def wait(
        self, gen: PQGen[_Result], interval: float = 0.1, timeout: float | None = None
    ) -> _Result:
        """Wait for one exchange with the server; OperationalError when it takes too long."""
        limit = self.patience_seconds if timeout is None else timeout
        began = time.monotonic()
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError as error:
            if timeout is None and time.monotonic() - began >= limit:
                # Whatever the server still says belongs to a question that nobody asks any more.
                self.pgconn.finish()
                msg = f"the database did not answer within {limit:g} s"
                raise psycopg.OperationalError(msg) from error
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes PATIENCE_SECONDS from the settings of the database."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> PatientConnection:
        """A connection of ours instead of psycopg's."""
        self.isolation_level = IsolationLevel.READ_COMMITTED
        connection = PatientConnection.connect(**conn_params)
        connection.patience_seconds = float(self.settings_dict["PATIENCE_SECONDS"])
        return connection
