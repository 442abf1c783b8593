"""Dated events of a case: what starts, moves and meets the clocks."""

import uuid
from typing import ClassVar, Self

from django.db import models

from casework.models.agencies import Agency
from casework.models.cases import Case


class EventQuerySet(models.QuerySet["Event"]):
    """Events in the words of the clocks."""

    def standing(self) -> Self:
        """Neither amended nor retracted."""
        return self.filter(superseded_at__isnull=True)


class Event(models.Model):
    """Something that happened at a known moment. Amending one supersedes it with another."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    by_mail = models.BooleanField(null=True)
    """Whether it came by post, which lengthens some periods; None: not known."""
    note = models.BinaryField(null=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    amends = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amended_by"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "at"], name="event_timeline_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at.isoformat()}"
