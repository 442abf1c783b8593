"""Partner systems: which OAuth client belongs to which agency, and answers given to repeats."""

import uuid
from typing import ClassVar

from django.db import models

from casework.models.agencies import Agency


class PartnerClient(models.Model):
    """A partner system's standing at an agency. Its secret and tokens are kept hashed elsewhere."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client_id = models.CharField(max_length=100, unique=True)
    label = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class IdempotencyRecord(models.Model):
    """The first answer to a POST that named a key; a repeat gets it again, sealed meanwhile."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    principal = models.CharField(max_length=80)
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    fingerprint = models.BinaryField()
    status = models.PositiveSmallIntegerField(null=True)
    response = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["principal", "route", "key"], name="idempotency_key_once_per_route"
            ),
        ]

    def __str__(self) -> str:
        return self.route
