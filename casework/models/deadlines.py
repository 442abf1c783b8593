"""Deadlines and their reminders: derived from events, indexed so that none is overlooked."""

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from casework.models.agencies import Agency
from casework.models.cases import Case
from casework.models.events import Event
from casework.models.knowledge import Definition


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Deadlines in the words of someone who answers for them."""

    def running(self) -> Self:
        """With a moment to meet, not yet met."""
        return self.filter(status="running")

    def soonest_first(self) -> Self:
        """Oldest due first; those that cannot be computed last."""
        return self.order_by(models.F("due_at").asc(nulls_last=True), "id")

    def for_display(self) -> Self:
        """With what lists show, in one query."""
        return self.select_related("case", "definition", "trigger_event")


class Deadline(models.Model):
    """One legal clock of one case. `due_at` is derived; `version` moves whenever it does."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.CharField(max_length=40)
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=16)
    """running, met, cannot_compute, not_computed, or stopped (its trigger was retracted)."""
    trigger_event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    assumption = models.TextField(blank=True)
    assumed_due_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64, default="UTC")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "rule"], name="deadline_is_one_per_case_and_rule"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="running") | models.Q(due_at__isnull=False),
                name="deadline_running_has_a_due_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="met") | models.Q(met_at__isnull=False),
                name="deadline_met_says_when",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["agency", "due_at"],
                condition=models.Q(status="running"),
                name="deadline_running_by_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} v{self.version}"


class Reminder(models.Model):
    """One rung of one version of one deadline: to be fired exactly once."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="reminders")
    deadline_version = models.PositiveIntegerField()
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rung = models.CharField(max_length=20)
    fire_at = models.DateTimeField()
    audience = ArrayField(models.CharField(max_length=20))
    repeat_minutes = models.PositiveIntegerField(null=True)
    """Set on a rung that comes again until the clock is met."""
    status = models.CharField(max_length=12, default="scheduled")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["deadline", "deadline_version", "rung"],
                name="reminder_is_one_per_rung_and_version",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["scheduled", "fired", "superseded"]),
                name="reminder_status_is_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["agency", "fire_at"],
                condition=models.Q(status="scheduled"),
                name="reminder_schedule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rung} ({self.status})"


class Heartbeat(models.Model):
    """When a loop last went round, on the database's clock; readiness asks for it."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at.isoformat()}"
