"""Written releases: to whom, which fields, from when until when, and withdrawn when."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from casework.models.agencies import Agency
from casework.models.cases import Case


class ConsentRecord(models.Model):
    """One release for one recipient agency (34 USC 12291(b)(2); one release per recipient)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consents")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    fields = ArrayField(models.CharField(max_length=40))
    purpose = models.CharField(max_length=40)
    written = models.BooleanField()
    signed_by = models.CharField(max_length=20)
    guardian_is_alleged_abuser = models.BooleanField(null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")),
                name="consent_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=models.Q(written=True), name="consent_is_in_writing"),
        ]

    def __str__(self) -> str:
        return str(self.ref)
