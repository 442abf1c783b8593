"""The outbox: what must leave, written with the deed that caused it, sent under a lease."""

import uuid
from typing import ClassVar

from django.db import models

from casework.models.agencies import Agency, User
from casework.models.webhooks import Webhook


class OutboxMessage(models.Model):
    """One thing to send. Never capped, never dropped; each repeat carries the same `key`.

    Sent rows are looked for by `key` alone, so only what waits, and calls, have an index.
    """

    class Channel(models.TextChoices):
        """How it leaves."""

        EMAIL = "email", "E-mail"
        AGENCY = "agency", "To another agency's people"
        WEBHOOK = "webhook", "To a partner's system"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=160)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    recipient = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    webhook = models.ForeignKey(
        Webhook, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    template = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    lease_owner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=80, blank=True)
    needs_attention = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], name="outbox_message_once_per_key"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["agency", "not_before"],
                condition=models.Q(sent_at__isnull=True),
                name="outbox_waiting",
            ),
            models.Index(
                fields=["webhook", "not_before"],
                condition=models.Q(webhook__isnull=False),
                name="outbox_of_webhook",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.template}"
