"""What waits in the outbox, as tests look at it in an agency's context."""

from datetime import timedelta

from django.db.models import F

from casework.models import Notice
from casework.models.outbox import OutboxMessage


def rows() -> list[OutboxMessage]:
    """Everything, in the order in which it was written."""
    return list(OutboxMessage.objects.order_by("pk"))


def left() -> int:
    """How many have not left yet."""
    return OutboxMessage.objects.filter(sent_at__isnull=True).count()


def the_pause_is_over() -> None:
    """The same as waiting, seen from the rows: the database's own clock cannot be set."""
    OutboxMessage.objects.update(not_before=F("not_before") - timedelta(hours=1))


def alarms(template: str = "message_undelivered") -> int:
    """How many notices of that kind there are."""
    return Notice.objects.filter(template=template).count()
