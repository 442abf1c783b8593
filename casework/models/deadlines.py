"""Deadlines, what people did about them, and reminders: indexed so that none is overlooked."""

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
    """One period of one legal clock of one case. All but `version` is derived; it moves with it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="deadlines", db_index=False
    )
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.CharField(max_length=40)
    period = models.CharField(max_length=80, blank=True, default="", db_default="")
    """Which of several periods of the rule: empty for the only one, else e.g. 2026-H1."""
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=16)
    """As `casework.domain.clocks.ReadingState`; stopped where its trigger was retracted."""
    marks = models.CharField(max_length=8, default="due", db_default="due")
    """What the moment is: due, opens or ends."""
    trigger_event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    """Where the clock counts days: the last of them, which ends at `due_at` in `zone`."""
    closes_at = models.DateTimeField(null=True)
    """When the window closes, recorded ahead of its day."""
    review_on = models.DateField(null=True)
    """When a person looks again, where the law puts the period in no number."""
    paused_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False, db_default=False)
    """Met after its moment, or over without having been met in time. It stays."""
    met_at = models.DateTimeField(null=True)
    assumption = models.TextField(blank=True)
    assumed_due_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64, default="UTC")
    version = models.PositiveIntegerField(default=1)
    steps = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    """How the moment follows, in sentences that name events and days and nobody."""
    look_again_at = models.DateTimeField(null=True)
    """When the reading changes by time alone: a window closes, a further period begins."""
    updated_at = models.DateTimeField()

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "rule", "period"], name="deadline_is_one_per_period"
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
            models.Index(
                fields=["agency", "look_again_at"],
                condition=models.Q(look_again_at__isnull=False),
                name="deadline_to_look_at_again",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} v{self.version}"


class DeadlineAct(models.Model):
    """What a person did about one deadline, with the reason; never edited, at most undone."""

    class Kind(models.TextChoices):
        """What can be done by hand."""

        MEET = "meet", "Met"
        PAUSE = "pause", "Paused"
        RESUME = "resume", "Resumed"
        EXTEND = "extend", "Extended"
        WAIVE = "waive", "Waived"
        EXCEPTION = "exception", "Exception relied on"
        REVIEW = "review", "Looked at again"
        REOPEN = "reopen", "Reopened"
        TAKE_BACK = "take_back", "Taken back"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="acts")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    """From when it counts."""
    until = models.DateField(null=True)
    """Of an extension whose length the rule does not name: the new last day."""
    reason = models.BinaryField()
    """Sealed: reasons are about people."""
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["deadline", "id"], name="deadline_act_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at.isoformat()}"


REMINDED = ("running", "review", "open", "no_deadline")
"""States of a deadline in which somebody is told something."""


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Reminders in the words of whoever checks them."""

    def loose(self) -> Self:
        """Hung on a deadline that has moved on, or that nobody is to be told of."""
        moved = ~models.Q(deadline_version=models.F("deadline__version"))
        return self.filter(moved | ~models.Q(deadline__status__in=REMINDED))


class Reminder(models.Model):
    """One rung of one version of one deadline: to be fired exactly once.

    Written by the thousand, and so without an index that another one makes unneeded.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, related_name="reminders", db_index=False
    )
    deadline_version = models.PositiveIntegerField()
    ref = models.UUIDField(default=uuid.uuid4, editable=False)
    """Names its messages; nobody looks a reminder up by it."""
    rung = models.CharField(max_length=20)
    fire_at = models.DateTimeField()
    audience = ArrayField(models.CharField(max_length=20))
    repeat_minutes = models.PositiveIntegerField(null=True)
    """Set on a rung that comes again until the clock is met."""
    status = models.CharField(max_length=12, default="scheduled")
    settled_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

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
