"""Alarms in the application about what cannot be delivered: for whoever can put it right."""

from django.db import connection

from casework.access import agency_context
from casework.domain.permissions import Role
from casework.models import Agency
from casework.services.database_clock import database_now
from casework.services.notices import notify_members

_WHO = (Role.SUPERVISOR.value, Role.ADMINISTRATOR.value)


def tell_undelivered(agency: Agency, message_key: str) -> None:
    """A message waits and somebody should look; told once a message."""
    _tell(agency, f"undelivered:{message_key}", "message_undelivered", {})


def tell_disabled(agency: Agency, webhook_ref: str) -> None:
    """A webhook is no more, and with it an ear; told once a webhook."""
    _tell(agency, f"webhook:{webhook_ref}:disabled", "webhook_disabled", {"webhook": webhook_ref})


def _tell(agency: Agency, key: str, template: str, params: dict[str, str]) -> None:
    with agency_context(agency.pk), connection.cursor() as cursor:
        at = database_now(cursor)
        notify_members(agency, _WHO, key=key[:120], template=template, params=params, at=at)
