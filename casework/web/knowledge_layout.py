"""In which order a definition of each kind is laid out; what is named nowhere comes at the end."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Layout: TypeAlias = tuple[tuple["StrOrPromise", tuple[str, ...]], ...]
"""Title of a section, and the parts that stand in it."""

IN_THE_HEAD = frozenset(
    {
        *("id", "code", "version", "title", "jurisdiction", "in_force_from", "in_force_to"),
        *("enjoined", "citation", "law_sources", "certainty", "reviewed", "report_rows"),
        *("translations", "translations_reviewed"),
    }
)
"""What stands on top of every page, or is shown beside the words it is about."""
_ASKED = ("question", "why_we_ask", "how_to_ask", "label")
_MIND = _("Keep in mind")
_LAYOUTS: Mapping[str, Layout] = {
    "pathway": (
        (
            _("What it is"),
            ("summary", "kind", "per_offence", "scope", "gives", "who_acts", "cost"),
        ),
        (_("What it asks"), ("criteria",)),
        (_("What stands in the way"), ("bars",)),
        (_("What it collides with"), ("conflicts",)),
        (_("What to gather"), ("evidence",)),
        (_("Family"), ("family",)),
        (_MIND, ("advisories",)),
    ),
    "clock": (
        (
            _("How it runs"),
            (
                *("kind", "hours", "days", "months", "years", "age_years", "window"),
                *("review_every_days", "trigger", "counts", "marks", "first_day_counts", "roll"),
                *("calendar", "zone", "mailing_extra_days", "opens_days_before", "recurs", "cap"),
            ),
        ),
        (
            _("What ends, stops or stretches it"),
            (
                *(
                    "met_by",
                    "one_meets",
                    "ends_with",
                    "cut_short_by",
                    "tolling",
                    "extension",
                    "exceptions",
                ),
                "fallback",
            ),
        ),
        (_("Whom it binds"), ("binds", "only_if", "only_when_known")),
        (
            _MIND,
            ("report_reading", "practice", "unsettled", "before", "in_force_note", "notes"),
        ),
        (_("Reminders"), ("rungs",)),
    ),
    "vacatur_rule": (
        (_("The law"), ("law", "gap", "begins", "earliest")),
        (_("What it reaches"), ("reaches", "trafficking", "link")),
        (_("Which offences"), ("offences",)),
        (_("What it gives"), ("relief", "effects")),
        (_("Proof and time"), ("proof", "proof_note", "document_presumption", "time")),
        (_("Further conditions"), ("conditions",)),
        (_("What stands in the way"), ("bars",)),
        (_("Who acts, and what it costs"), ("who_acts", "cost")),
        (_MIND, ("notes", "history")),
    ),
    "safe_harbor_rule": (
        (
            _("What it protects from"),
            (
                *("protected", "protected_note", "approach", "age_limit", "offences"),
                *("finding_needed", "begins", "earliest"),
            ),
        ),
        (_MIND, ("notes", "history")),
    ),
    "fact": (
        (_("How it is asked"), _ASKED),
        (_("What it is"), ("meaning", "type", "options", "unit", "pattern", "group", "personal")),
    ),
    "indicator": (
        (_("How it is asked"), _ASKED),
        (
            _("What it points to"),
            (
                *("forms", "element", "strength", "federal", "un_protocol", "under_18", "group"),
                "paragraphs",
            ),
        ),
        (_("In other standards"), ("codes",)),
    ),
    "instrument": (
        (
            _("What it is"),
            (
                *("status", "administration", "population", "languages", "source"),
                *("before_first_question", "disclaimer"),
            ),
        ),
        (_("Questions"), ("sections",)),
        (_("How the answers add up"), ("scoring",)),
    ),
    "statistic": ((_("Figures"), ("unit", "counted_by", "points", "notes")),),
    "mission": ((_("What the report asks"), ("demand", "paragraphs")),),
    "source": ((_("What it is"), ("kind", "dated", "notes")),),
    "ladder": ((_("Reminders"), ("rungs", "repeat", "time_of_day", "quiet_hours")),),
    "calendar": (
        (_("Holidays"), ("holidays", "saturday_to_friday", "sunday_to_monday")),
        (_MIND, ("notes",)),
    ),
    "holiday": ((_("What it is"), ("calendar", "day")),),
    "legal_definition": (
        (
            _("What it says"),
            (
                *("framework", "acts", "under_18_without_means", "sex_citation"),
                *("labor_citation", "under_18_citation"),
            ),
        ),
    ),
}


def layout_of(kind: str, content: Mapping[str, Any]) -> Layout:
    """Sections for everything that the definition says."""
    known = _LAYOUTS.get(kind, ())
    named = {name for _title, names in known for name in names}
    rest = tuple(name for name in content if name not in named | IN_THE_HEAD)
    return (*known, (_("Further details"), rest)) if rest else known


def laid_flat(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as a page shows it: the words of every language side by side, terms unwrapped."""
    flat = dict(content)
    if kind == "fact":
        for name in _ASKED:
            others = {tag: words[name] for tag, words in content.get("translations", {}).items()}
            flat[name] = {"en": content[name], **others}
        if called := flat.pop("option_labels", None):
            flat["options"] = [{"code": code, "label": called[code]} for code in content["options"]]
    if kind == "vacatur_rule":
        flat |= flat.pop("terms", None) or {}
        flat["offences"] = _reach(flat.get("offences", {}))
    return flat


def _reach(offences: Mapping[str, Any]) -> dict[str, Any]:
    """Which offences; why some are not settled only where some are not."""
    some_open = offences.get("open") or offences.get("otherwise") == "unknown"
    return {k: v for k, v in offences.items() if some_open or k != "open_because"}
