"""Cases: one person, one agency, one file."""

import uuid
from typing import ClassVar, Self

from django.db import models

from casework.models.agencies import Agency, User
from casework.models.people import Person


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases in the words of a caseworker."""

    def of_agency(self, agency_id: int) -> Self:
        """The explicit filter that stands in front of row security."""
        return self.filter(agency_id=agency_id)

    def open(self) -> Self:
        """Not closed."""
        return self.filter(status="open")

    def own_to(self, user_id: int, user_ref: str) -> Self:
        """Cases assigned to a person, or opened by them."""
        opened = models.Q(opened_by=f"user:{user_ref}")
        return self.filter(models.Q(assignee_id=user_id) | opened)

    def locked(self) -> Self:
        """Rows held until the end of the transaction."""
        return self.select_for_update(of=("self",))

    def for_display(self) -> Self:
        """With what lists and pages show, in one query."""
        return self.select_related("person", "person__key", "assignee", "agency")


class Case(models.Model):
    """The file of one person at one agency."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=9)
    """A short name for people to say aloud; it means nothing (`K7QF-2M9D`)."""
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    status = models.CharField(max_length=10, default="open")
    door = models.CharField(max_length=40, default="other")
    """Which door the person came through: hotline, shelter, police, court …"""
    assignee = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.BinaryField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "number"], name="case_number_is_unique_per_agency"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "closed"]), name="case_is_open_or_closed"
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", closed_at__isnull=True)
                | models.Q(status="closed", closed_at__isnull=False),
                name="case_closed_iff_closed_at",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agency", "-opened_at", "-id"], name="case_newest_first"),
            models.Index(fields=["agency", "assignee", "-opened_at"], name="case_by_assignee"),
        ]

    def __str__(self) -> str:
        return self.number
