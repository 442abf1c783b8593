"""The knowledge in force: immutable versions of every definition, each with its digest."""

from datetime import date
from typing import ClassVar, Self

from django.db import models

from casework.models.agencies import Agency


class DefinitionQuerySet(models.QuerySet["Definition"]):
    """Definitions in the words of someone who asks what applied when."""

    def of_kind(self, kind: str) -> Self:
        """Instruments, pathways, clocks …"""
        return self.filter(kind=kind)

    def shared(self) -> Self:
        """What everyone has; row security alone decides which of the agencies' own one sees."""
        return self.filter(agency__isnull=True)

    def of_agency(self, agency_id: int) -> Self:
        """What one agency added for itself."""
        return self.filter(agency_id=agency_id)

    def current(self) -> Self:
        """The newest loaded row of each (kind, code, version)."""
        return self.filter(withdrawn_at__isnull=True)

    def in_force(self, on: date) -> Self:
        """Those in force on a day; a definition without dates is always in force."""
        starts = models.Q(in_force_from__isnull=True) | models.Q(in_force_from__lte=on)
        ends = models.Q(in_force_to__isnull=True) | models.Q(in_force_to__gte=on)
        return self.current().filter(starts, ends)


class Definition(models.Model):
    """One version of one definition, as loaded. A change of content is a new row.

    Without an agency it is everyone's; an agency's own is seen by that agency alone.
    """

    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True)
    certainty = models.CharField(max_length=20, blank=True)
    reviewed = models.BooleanField(default=False)
    citation = models.TextField(blank=True)
    content = models.JSONField()
    loaded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = DefinitionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "code", "version"],
                condition=models.Q(withdrawn_at__isnull=True, agency__isnull=True),
                name="definition_version_is_current_once",
            ),
            models.UniqueConstraint(
                fields=["agency", "kind", "code", "version"],
                condition=models.Q(withdrawn_at__isnull=True, agency__isnull=False),
                name="own_definition_version_is_current_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["digest"], name="definition_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} {self.version}"
