"""Screenings: which instrument, for whom, and what was answered, sealed."""

import uuid
from typing import ClassVar, Self

from django.db import models

from casework.models import Agency, Case, Definition, SubjectKey


class ScreeningQuerySet(models.QuerySet["Screening"]):
    """Screenings in the words of a caseworker."""

    def of_agency(self, agency_id: int) -> Self:
        """The explicit filter that stands in front of row security."""
        return self.filter(agency_id=agency_id)

    def for_display(self) -> Self:
        """With what pages show, in one query."""
        return self.select_related("definition", "case", "case__person", "key")

    def locked(self) -> Self:
        """Rows held until the end of the transaction."""
        return self.select_for_update(of=("self",))


class Screening(models.Model):
    """One sitting with one instrument version, for a case or anonymous."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="screenings")
    key = models.ForeignKey(SubjectKey, on_delete=models.PROTECT, related_name="+")
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=16, default="en")
    interpreter_present = models.BooleanField(null=True)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)
    started_by_user = models.BigIntegerField(null=True)
    updated_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.CharField(max_length=80, blank=True)
    minor = models.CharField(max_length=8, default="unknown")
    """Whether the person is under 18: yes, no, unknown, as it was when concluded."""
    finding = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(concluded_at__isnull=True) ^ models.Q(finding__isnull=False),
                name="screening_concluded_iff_finding",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agency", "-started_at", "-id"], name="screening_newest_first"),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class ScreeningAnswer(models.Model):
    """One answer as it stands: standing, value and note, all sealed under the subject's key."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="answers")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.CharField(max_length=80)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["screening", "item"], name="answer_is_one_per_item_and_screening"
            ),
        ]

    def __str__(self) -> str:
        return self.item
