"""Referrals: an envelope both agencies see, and an origin that only the sender sees."""

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from casework.models.agencies import Agency
from casework.models.cases import Case


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Referrals in the words of the two sides."""

    def sent_by(self, agency_id: int) -> Self:
        """Written by this agency, in whatever state."""
        return self.filter(sender_id=agency_id)

    def received_by(self, agency_id: int) -> Self:
        """Sent to this agency; drafts are not received."""
        return self.filter(recipient_id=agency_id, sent_at__isnull=False)

    def waiting_for_review(self) -> Self:
        """Submitted to the supervisor, oldest first."""
        return self.filter(status="submitted").order_by("submitted_at", "id")

    def locked(self) -> Self:
        """Rows held until the end of the transaction."""
        return self.select_for_update(of=("self",))


class Referral(models.Model):
    """What both agencies may see: who asks whom for what, its state, and the frozen packet.

    Row security shows it to the recipient only once it was sent.
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sender = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)
    urgency = models.CharField(max_length=10, default="routine")
    status = models.CharField(max_length=12, default="draft")
    packet = models.BinaryField(null=True)
    """The released fields, sealed under `packet_key`; written once, when sent."""
    packet_key = models.BinaryField(null=True)
    packet_wrapping_key = models.CharField(max_length=16, blank=True)
    packet_until = models.DateTimeField(null=True, blank=True)
    """When the consent behind it ends; the packet closes then."""
    packet_closed_at = models.DateTimeField(null=True, blank=True)
    """When a consent it rests on was withdrawn: from then on nobody reads it again."""
    answer_note = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(sender=models.F("recipient")),
                name="referral_goes_to_another_agency",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) ^ models.Q(packet_until__isnull=False),
                name="referral_sent_iff_packet_frozen",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sender", "status", "submitted_at"], name="referral_queue"),
            models.Index(fields=["recipient", "sent_at"], name="referral_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} ({self.status})"


class ReferralOrigin(models.Model):
    """The sender's side: which case, which fields, who wrote and who approved it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="origin")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    pathway = models.CharField(max_length=80, blank=True)
    fields = ArrayField(models.CharField(max_length=40))
    texts = models.BinaryField(null=True)
    """Needs and summary as written by the caseworker, under the person's key."""
    drafted_by = models.CharField(max_length=80)
    reviewed_by = models.CharField(max_length=80, blank=True)
    returned_because = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"origin of {self.referral_id}"
