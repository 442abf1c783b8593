"""Calendar feeds: one person's clocks for their own calendar program, behind a long secret."""

import uuid
from typing import ClassVar, Self

from django.db import models

from casework.models.agencies import Agency, User


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Feeds in the words of their owner."""

    def standing(self) -> Self:
        """Not revoked."""
        return self.filter(revoked_at__isnull=True)


class CalendarFeed(models.Model):
    """The address of one feed; only a hash of its secret is kept."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    secret_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "user"],
                condition=models.Q(revoked_at__isnull=True),
                name="calendar_feed_is_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)
