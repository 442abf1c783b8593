"""The panel of screenings on the case page."""

from django.utils.translation import gettext as _

from casework.models import Case
from casework.web.doors import Visitor
from casework.web.panels import Panel
from casework.web.written_in import page_language
from screening.access import screenings_for
from screening.services.instruments import instrument_of
from screening.web.worded import worded


def build(case: Case, me: Visitor) -> Panel:
    """Every screening of the case, newest first, and a way to begin another."""
    rows = screenings_for(me.by).filter(case=case).order_by("-started_at", "-id")
    return Panel(
        anchor="screenings",
        title=_("Screenings"),
        template="screening/parts/case_panel.html",
        context={
            "rows": [
                {"row": row, "title": worded(instrument_of(row.definition).title, page_language())}
                for row in rows
            ],
        },
    )
