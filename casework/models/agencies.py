"""Agencies, the people who work in them, and in which role."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class Agency(models.Model):
    """An organisation that uses the system. Its name is public; everything it owns is not."""

    class Kind(models.TextChoices):
        """What sort of organisation it is."""

        NGO = "ngo", "NGO"
        LAW_ENFORCEMENT = "law_enforcement", "Law enforcement"
        SHELTER = "shelter", "Shelter"
        LEGAL_AID = "legal_aid", "Legal aid"
        HOTLINE = "hotline", "Hotline"
        GOVERNMENT = "government", "Government"

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    suspended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Users are known by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":  # noqa: ANN401
        """A user with a hashed password; the address is stored in lower case."""
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Log-in is by e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Someone who works for an agency. There are no superusers: power comes from a membership."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name shown to colleagues."""
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Who works where, in the words of an administrator."""

    def active(self) -> Self:
        """Memberships that still count, of users who still count, in agencies that do."""
        return self.filter(
            ended_at__isnull=True, user__is_active=True, agency__suspended_at__isnull=True
        )


class Membership(models.Model):
    """A user's role in an agency, from when to when."""

    class Role(models.TextChoices):
        """What the person does there; casework.domain.permissions says what each may do."""

        CASEWORKER = "caseworker", "Caseworker"
        SUPERVISOR = "supervisor", "Supervisor"
        ADMINISTRATOR = "administrator", "Administrator"
        AUDITOR = "auditor", "Auditor"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="membership_is_one_at_a_time_per_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} at {self.agency_id}"
