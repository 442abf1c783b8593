"""What screenings concluded, kept with the version they were concluded under."""

import uuid
from typing import ClassVar

from django.db import models

from casework.models.agencies import Agency
from casework.models.cases import Case


class FindingRecord(models.Model):
    """A finding as it was handed over: codes, bands and item ids; no words of the person."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    screening_ref = models.UUIDField(unique=True)
    instrument = models.CharField(max_length=80)
    instrument_version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=80)
    content = models.JSONField()
    concluded_at = models.DateTimeField()
    concluded_by = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "-concluded_at"], name="finding_newest_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument}: {self.outcome}"
