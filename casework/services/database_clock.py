"""The database's clock: the one clock that reminders and leases go by."""

from datetime import datetime

from django.db.backends.utils import CursorWrapper


def database_now(cursor: CursorWrapper) -> datetime:
    """The moment this transaction began, in UTC."""
    cursor.execute("select now()")
    moment: datetime = cursor.fetchone()[0]
    return moment
