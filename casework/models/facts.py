"""The ledger of facts: asserted and retracted, never edited."""

import uuid
from typing import ClassVar

from django.db import models

from casework.models.agencies import Agency
from casework.models.cases import Case


class Fact(models.Model):
    """One assertion about a person's situation, or the retraction of one."""

    class Source(models.TextChoices):
        """Where the assertion came from."""

        SCREENING = "screening", "Screening"
        WORKER = "worker", "Caseworker"
        PARTNER = "partner", "Partner system"
        RETRACTION = "retraction", "Retraction"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="facts")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    """The value of a coded fact; null where it is sealed or nothing is known."""
    sealed = models.BinaryField(null=True)
    """The value of a personal fact (a date of birth, free text), under the person's key."""
    standing = models.CharField(max_length=20)
    source = models.CharField(max_length=12, choices=Source.choices)
    source_ref = models.CharField(max_length=80, blank=True)
    asserted_by = models.CharField(max_length=80)
    asserted_at = models.DateTimeField()
    retracts = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="retracted_by"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(sealed__isnull=True),
                name="fact_is_plain_or_sealed_not_both",
            ),
            models.UniqueConstraint(
                fields=["retracts"],
                condition=models.Q(retracts__isnull=False),
                name="fact_is_retracted_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "asserted_at", "id"], name="fact_ledger_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.standing})"
