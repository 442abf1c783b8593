"""Casework: cases, facts, relief, clocks, referrals, and the ground they stand on."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The ground floor; it knows nothing of screening."""

    name = "casework"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Casework"
