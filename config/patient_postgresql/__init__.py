"""PostgreSQL with an end to waiting: a server that fell silent is given up and asked anew.

A cut cable, a frozen host or a firewall that forgot us sends no farewell. Django loads its backend
from `base` in here; these are the limits that go with it.
"""

_SERVER_END = {
    "timezone": "UTC",
    # Our own end may be the one that is gone: what it held is let go by the server, too.
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
    "client_connection_check_interval": 5_000,
}


def options(patience_seconds: int) -> dict[str, str | int]:
    """Connection options under which both ends notice within that time that the other is gone.

    The server's limits are a fifth shorter than ours, so that of the two it is the one that speaks.
    """
    limit = patience_seconds * 800
    server = {
        "statement_timeout": limit,
        "idle_in_transaction_session_timeout": limit,
        **_SERVER_END,
    }
    return {
        "application_name": "casework",
        "connect_timeout": min(10, patience_seconds),
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": patience_seconds * 1_000,
        "options": " ".join(f"-c {name}={value}" for name, value in server.items()),
    }
