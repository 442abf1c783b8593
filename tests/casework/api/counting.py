"""How many rows there are, to see that a refusal has left none."""

from django.apps import apps

from casework.access import agency_context
from casework.models import Agency

APPS = ("casework", "screening")


def row_counts(agency: Agency) -> dict[str, int]:
    """Rows of every table, as the agency sees them."""
    with agency_context(agency.pk):
        return {
            model._meta.db_table: model._default_manager.count()
            for name in APPS
            for model in apps.get_app_config(name).get_models()
        }
