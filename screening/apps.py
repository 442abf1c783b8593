"""Screening: instruments, answers, conclusions. It calls casework; casework never calls it."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Instruments and the conclusions drawn from answers."""

    name = "screening"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Screening"
