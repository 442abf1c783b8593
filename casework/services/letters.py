"""The fixed wording of every e-mail: whoever reads over a shoulder learns nothing from it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from casework.domain.errors import NotFoundError
from casework.domain.webhook_events import is_overdue


def letter_for(template: str, params: Mapping[str, Any], now: datetime) -> tuple[str, str]:
    """Subject and body in the active language. No name, number, agency or link with a reference.

    What was written ahead of a due moment (`due_at` among the parameters) and leaves at it or
    after it says that it is overdue. NotFoundError for a template that does not exist.
    """
    texts = {
        "deadline_ahead": (
            _("Reminder"),
            _("Something on your list needs attention soon. Please sign in to see it."),
        ),
        "deadline_overdue": (
            _("Reminder: overdue"),
            _("Something on your list is overdue. Please sign in to see it."),
        ),
    }
    if template == "deadline_ahead" and is_overdue(params, now):
        template = "deadline_overdue"
    if template not in texts:
        raise NotFoundError
    return texts[template]
