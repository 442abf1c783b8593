"""The journal: who did what to what and when. Append-only by privilege, chained by hash."""

import uuid
from typing import ClassVar

from django.db import models

from casework.models.agencies import Agency


class JournalEntry(models.Model):
    """One deed. Written in the transaction of the deed; carries references, never names."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "journal entries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agency", "id"], name="journal_of_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class JournalPending(models.Model):
    """An entry that waits to be chained. Writers never queue on the head of the chain."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"pending {self.entry_id}"


class JournalLink(models.Model):
    """The place of an entry in its agency's chain: hash of the one before and of the entry."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveBigIntegerField()
    entry_ref = models.UUIDField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["agency", "position"], name="journal_place_taken_once"),
            models.UniqueConstraint(fields=["entry_ref"], name="journal_entry_chained_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}#{self.position}"
