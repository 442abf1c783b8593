"""Who is away, from when to when, and who stands in meanwhile."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from casework.models.agencies import Agency, User


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences in the words of whoever plans."""

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(cancelled_at__isnull=True)

    def not_over(self, now: datetime) -> Self:
        """Now or still to come, soonest first."""
        return self.standing().filter(until_at__gt=now).order_by("from_at", "id")


class Absence(models.Model):
    """Reminders of someone who is away go to the one who stands in, else to the supervisors."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")),
                name="absence_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["agency", "user"],
                condition=models.Q(cancelled_at__isnull=True),
                name="absence_of_member",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} until {self.until_at.isoformat()}"
