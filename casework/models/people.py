"""The people served: every identifying value sealed under a key of that person's own."""

import uuid
from typing import ClassVar

from django.db import models

from casework.models.agencies import Agency


class SubjectKey(models.Model):
    """The key of one person (or of one anonymous screening), wrapped by the key-encryption key.

    Destroying the wrapped bytes makes every value sealed under it unreadable, in backups too.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    wrapping_key = models.CharField(max_length=16)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(destroyed_at__isnull=True) ^ models.Q(wrapped__isnull=True),
                name="subject_key_destroyed_iff_nothing_wrapped",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class Person(models.Model):
    """A person served. The columns hold ciphertext; casework.services.people opens them."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.OneToOneField(SubjectKey, on_delete=models.PROTECT, related_name="person")
    name = models.BinaryField(null=True)
    preferred_name = models.BinaryField(null=True)
    date_of_birth = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    email = models.BinaryField(null=True)
    placement_address = models.BinaryField(null=True)
    safe_contact = models.BinaryField(null=True)
    own_words = models.BinaryField(null=True)
    language = models.CharField(max_length=16, default="en")
    interpreter_needed = models.BooleanField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return str(self.ref)


class SearchToken(models.Model):
    """A keyed, truncated token of a name: equality search without a readable name.

    Under 34 USC 12291(b)(2) a hashed identifier is still personal: tokens never leave the agency.
    """

    class Kind(models.TextChoices):
        """How the token was made."""

        EXACT = "exact", "Exact"
        PREFIX = "prefix", "Prefix"
        PHONETIC = "phonetic", "Phonetic"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="search_tokens")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    token = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "kind", "token"], name="search_token_once_per_person"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agency", "kind", "token"], name="search_token_lookup"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} token"
