"""Screening: instruments, answers, conclusions. It calls casework; casework never calls it."""

from django.apps import AppConfig

from casework.web.knowledge_tellers import register_teller
from casework.web.panels import register_case_panel
from screening.domain.kinds import register


class ScreeningConfig(AppConfig):
    """Instruments and the conclusions drawn from answers."""

    name = "screening"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Screening"

    def ready(self) -> None:
        """Tell casework which kinds of definition, which panel and which words screening adds."""
        register()
        register_case_panel("screening.web.case_panel.build")
        register_teller("screening.web.rule_words.told_rule")
