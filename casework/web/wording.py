"""The words that pages use for the codes the work is done in."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _

from casework.services.cases import DOORS
from casework.services.referrals import PURPOSES, URGENCIES
from casework.web.event_words import EVENT_WORDS
from casework.web.knowledge_words import ANSWERS, CRIMES, GROUPS, OFFENCES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words: TypeAlias = "StrOrPromise"

_WORDS: Mapping[str, Words] = {
    **GROUPS,
    **CRIMES,
    **OFFENCES,
    **ANSWERS,
    # Everywhere.
    "yes": _("Yes"),
    "no": _("No"),
    "unknown": _("Unknown"),
    "none": _("None"),
    "other": _("Other"),
    # Who works here, and how a case stands.
    "caseworker": _("Caseworker"),
    "supervisor": _("Supervisor"),
    "administrator": _("Administrator"),
    "auditor": _("Auditor"),
    "open": _("Open"),
    "closed": _("Closed"),
    # Which door a person came through.
    "hotline": _("Hotline"),
    "ngo": _("Another organization"),
    "shelter": _("Shelter"),
    "police": _("Police"),
    "labor_inspector": _("Labor inspector"),
    "immigration_judge": _("Immigration judge"),
    "child_welfare": _("Child welfare"),
    "health": _("Health care"),
    "border": _("Border"),
    "consulate": _("Consulate"),
    "court": _("Court"),
    "self": _("The person themselves"),
    # What happened.
    **EVENT_WORDS,
    # Why a referral is made, and how soon.
    "legal": _("Legal help"),
    "immigration": _("Immigration relief"),
    "medical": _("Medical care"),
    "mental_health": _("Mental health care"),
    "law_enforcement": _("Law enforcement"),
    "employment": _("Employment"),
    "education": _("Education"),
    "language": _("Language"),
    "routine": _("Routine"),
    "soon": _("Soon"),
    "urgent": _("Urgent"),
    # How we stand to an answer or a fact.
    "known": _("Known"),
    "not_asked": _("Not asked"),
    "declined": _("Declined"),
    "does_not_know": _("Does not know"),
    "interpreter_unsure": _("Interpreter unsure"),
    # How far answers or facts go.
    "strong": _("Strong signs"),
    "some": _("Some signs"),
    "none_seen": _("No signs in the answers"),
    "not_enough_asked": _("Not enough asked to say"),
    "likely": _("Likely"),
    "possible": _("Possible"),
    "unlikely": _("Unlikely on what is known"),
    "needs_information": _("More needs to be known"),
    # How sure the source of a rule is.
    "verified": _("read in the source"),
    "secondary": _("from a secondary source"),
    "knowledge": _("from knowledge, not checked again"),
    "low": _("uncertain"),
    # Forms, elements and definitions.
    "commercial_sex": _("Commercial sex"),
    "labor": _("Labor"),
    "domestic_servitude": _("Domestic servitude"),
    "child_begging_or_crime": _("A child made to beg or to commit crime"),
    "organ_removal": _("Removal of organs"),
    "disability_benefit_theft": _("Taking of disability benefits"),
    "forced_marriage": _("Forced marriage"),
    "act": _("Act"),
    "means": _("Means"),
    "purpose": _("Purpose"),
    "us_federal": _("Federal definition"),
    "un_protocol": _("UN Protocol"),
    # How far an instrument has come.
    "draft-transcription": _("draft, its wording not yet checked"),
    "active": _("Active"),
    "retired": _("Retired"),
    # Referrals and clocks.
    "draft": _("Draft"),
    "submitted": _("Submitted"),
    "returned": _("Returned"),
    "approved": _("Approved"),
    "sent": _("Sent"),
    "accepted": _("Accepted"),
    "in_progress": _("In progress"),
    "completed": _("Completed"),
    "withdrawn": _("Withdrawn"),
    "started": _("Started"),
    "running": _("Running"),
    "met": _("Met"),
    "stopped": _("Stopped"),
    "cannot_compute": _("Cannot be computed"),
    "not_computed": _("Not computed: a person has to watch it"),
    # Where a fact came from; who signed; which evidence.
    "worker": _("a person at this agency"),
    "partner": _("a partner system"),
    "screening": _("a screening"),
    "guardian": _("A guardian"),
    "required": _("required"),
    "helpful": _("helpful"),
    "any_credible": _("one way to show it"),
}


def word(code: object) -> Words:
    """The words for a code; a code without words of its own is shown without underscores."""
    text = str(code)
    return _WORDS.get(text) or text.replace("_", " ").capitalize()


def has_words(code: object) -> bool:
    """Whether a code has words of its own, which exist in every language of the pages."""
    return str(code) in _WORDS


def choices(codes: Iterable[str]) -> list[tuple[str, Words]]:
    """Codes with their words, as a form offers them."""
    return [(code, word(code)) for code in codes]


DOOR_CHOICES = choices(DOORS)
PURPOSE_CHOICES = choices(PURPOSES)
URGENCY_CHOICES = choices(URGENCIES)
SENSITIVITY: Mapping[str, Words] = {
    "low": _("low sensitivity"),
    "medium": _("medium sensitivity"),
    "high": _("high sensitivity"),
}
PERSON_LABELS: Mapping[str, Words] = {
    "name": _("Name"),
    "preferred_name": _("Name the person goes by"),
    "date_of_birth": _("Date of birth"),
    "phone": _("Telephone"),
    "email": _("E-mail address"),
    "placement_address": _("Where the person is staying"),
    "safe_contact": _("How to make contact safely"),
    "own_words": _("In the person's own words"),
}
FIELD_LABELS: Mapping[str, Words] = {
    "name": _("Name"),
    "preferred_name": _("Name the person goes by"),
    "date_of_birth": _("Date of birth"),
    "age_band": _("Age band"),
    "phone": _("Telephone"),
    "safe_contact": _("How to make contact safely"),
    "language": _("Language"),
    "interpreter_needed": _("Whether an interpreter is needed"),
    "country_of_nationality": _("Nationality"),
    "needs": _("What the person needs"),
    "summary": _("Summary written for this referral"),
    "forms_indicated": _("Forms the answers point to"),
    "pathway": _("Form of relief in view"),
    "clocks": _("Legal deadlines that are running"),
    "visa_class": _("Visa class"),
}
"""What may leave a case, by code."""
NOTICES: Mapping[str, Words] = {
    "deadline_ahead": _("A clock is running down"),
    "deadline_overdue": _("A clock has run out and is not met"),
    "deadline_to_look_at": _("A clock without a deadline wants to be looked at"),
    "deadline_changed": _(
        "A clock was paused, extended, waived or reopened by hand, or that was taken back"
    ),
    "referral_received": _("A referral has arrived"),
    "referral_answered": _("A referral was answered"),
    "message_undelivered": _("A message could not be delivered after several attempts"),
    "webhook_disabled": _(
        "A partner's system can no longer be told of changes: its webhook is disabled"
    ),
}
LANGUAGES_SPOKEN: tuple[tuple[str, Words], ...] = (
    ("en", _("English")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
    ("am", _("Amharic")),
    ("bn", _("Bengali")),
    ("fa", _("Persian")),
    ("fr", _("French")),
    ("ht", _("Haitian Creole")),
    ("hi", _("Hindi")),
    ("kek", _("Q'eqchi'")),
    ("ko", _("Korean")),
    ("mam", _("Mam")),
    ("ne", _("Nepali")),
    ("ps", _("Pashto")),
    ("pt", _("Portuguese")),
    ("pa", _("Punjabi")),
    ("quc", _("K'iche'")),
    ("ru", _("Russian")),
    ("so", _("Somali")),
    ("sw", _("Swahili")),
    ("tl", _("Tagalog")),
    ("th", _("Thai")),
    ("ti", _("Tigrinya")),
    ("uk", _("Ukrainian")),
    ("ur", _("Urdu")),
    ("vi", _("Vietnamese")),
    ("zh", _("Chinese")),
    ("und", _("Another language")),
)
