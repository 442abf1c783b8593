"""Screening: instruments, answers, conclusions. It calls casework; casework never calls it."""

from django.apps import AppConfig

from screening.domain.kinds import register


class ScreeningConfig(AppConfig):
    """Instruments and the conclusions drawn from answers."""

    name = "screening"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Screening"

    def ready(self) -> None:
        """Tell casework's knowledge which kinds of definition screening adds."""
        register()
