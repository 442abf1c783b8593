"""Webhooks: where a partner's system wants to hear that something happened, by reference only."""

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from casework.models.agencies import Agency
from casework.models.people import SubjectKey


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Webhooks in the words of whoever sends to them."""

    def enabled(self) -> Self:
        """Neither ended by the partner nor switched off for answering that it is gone."""
        return self.filter(disabled_at__isnull=True)


class Webhook(models.Model):
    """One address of one partner, its secrets sealed under a key of its own."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    url = models.URLField(max_length=500)
    events = ArrayField(models.CharField(max_length=40))
    """What it wants to hear of, e.g. deadline.overdue."""
    key = models.ForeignKey(SubjectKey, on_delete=models.PROTECT, related_name="+")
    secret = models.BinaryField()
    old_secret = models.BinaryField(null=True)
    """After a change of secret both sign, until `old_until`."""
    old_until = models.DateTimeField(null=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=40, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["agency"],
                condition=models.Q(disabled_at__isnull=True),
                name="webhook_enabled_of_agency",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)
