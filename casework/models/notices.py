"""In-app notices: codes and references only, so that nothing in them identifies anyone."""

import uuid
from typing import ClassVar, Self

from django.db import models

from casework.models.agencies import Agency, User


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices in the words of their reader."""

    def for_reader(self, user_id: int) -> Self:
        """One person's notices, newest first."""
        return self.filter(recipient_id=user_id).order_by("-created_at", "-id")

    def unread(self) -> Self:
        """Not yet acknowledged."""
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing to tell one user, exactly once: `key` names the cause."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=120)
    template = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["recipient", "key"], name="notice_once_per_cause_and_reader"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["recipient", "-created_at"], name="notice_newest_of_reader"),
        ]

    def __str__(self) -> str:
        return self.template
