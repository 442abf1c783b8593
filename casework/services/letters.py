"""The fixed wording of every e-mail: whoever reads over a shoulder learns nothing from it."""

from django.utils.translation import gettext as _

from casework.domain.errors import NotFoundError


def letter_for(template: str) -> tuple[str, str]:
    """Subject and body in the active language. No name, number, agency or link with a reference."""
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
    if template not in texts:
        raise NotFoundError
    return texts[template]
