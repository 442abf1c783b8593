"""The panel of screenings on the case page."""

from typing import Any

from django.utils.translation import gettext as _

from casework.models import Case
from casework.web.doors import Visitor
from casework.web.panels import Panel
from casework.web.written_in import page_language
from screening.access import screenings_for
from screening.models import Screening
from screening.services.instruments import instrument_of
from screening.web.results import result_of
from screening.web.sentences import reworded
from screening.web.worded import worded


def build(case: Case, me: Visitor) -> Panel:
    """Every screening of the case, newest first, and a way to begin another."""
    rows = screenings_for(me.by).filter(case=case).order_by("-started_at", "-id")
    return Panel(
        anchor="screenings",
        title=_("Screenings"),
        template="screening/parts/case_panel.html",
        context={"rows": [_row(row) for row in rows]},
    )


def _row(row: Screening) -> dict[str, Any]:
    """One screening: what it is called and, once concluded, what came of it."""
    instrument = instrument_of(row.definition)
    result = result_of(instrument, row.finding) if row.finding else None
    said = reworded(row.finding["outcome_label"]) if row.finding and not result else ""
    title = worded(instrument.title, page_language())
    return {"row": row, "title": title, "result": result, "said": said}
