"""Words for codes that mean different things in different parts of a definition."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_FEDERAL: Mapping[str, "StrOrPromise"] = {
    "recruit": _("Recruiting"),
    "harbor": _("Harboring"),
    "transport": _("Transporting"),
    "provide": _("Providing"),
    "obtain": _("Obtaining"),
    "patronize": _("Patronizing"),
    "solicit": _("Soliciting"),
    "force": _("Force"),
    "fraud": _("Fraud"),
    "coercion": _("Coercion"),
    "debt_bondage": _("Debt bondage"),
    "slavery": _("Slavery"),
}
FIELD_WORDS: Mapping[str, Mapping[str, "StrOrPromise"]] = {
    "acts": _FEDERAL,
    "federal": _FEDERAL,
    "strength": {
        "strong": _("Strong"),
        "medium": _("Medium"),
        "weak": _("Weak"),
    },
    "element": {
        "vulnerability": _("Vulnerability"),
    },
    "kind": {
        "relief": _("Relief"),
        "benefit": _("Benefit"),
        "record_relief": _("Clearing a record"),
        "safe_harbor": _("Safe harbor"),
        "redress": _("Redress"),
        "referral": _("Referral"),
        "return": _("Return"),
        "statute": _("Statute"),
        "regulation": _("Regulation"),
        "policy": _("Policy"),
        "guidance": _("Guidance"),
        "study": _("Study"),
        "treaty": _("Treaty"),
        "report": _("Report"),
        "standard": _("Standard"),
        "half_year": _("Half a year"),
        "quarter": _("Quarter of a year"),
        "fiscal_year": _("Fiscal year"),
        "calendar_days": _("Calendar days"),
        "business_days": _("Business days"),
        "calendar_months": _("Calendar months"),
        "calendar_years": _("Calendar years"),
        "elapsed_hours": _("Elapsed hours"),
        "status_window": _("Period before a status ends"),
        "age_event": _("A birthday"),
        "qualitative": _("No fixed time"),
        "direct_result": _("Direct result of the trafficking"),
        "result": _("Result of the trafficking"),
        "coerced": _("Coerced by the trafficker"),
        "while_victim": _("While being trafficked"),
        "not_required": _("Not asked for"),
        "limit": _("Time limit"),
        "wait": _("Waiting time"),
        "due_diligence": _("With due diligence"),
        "none": _("No time limit"),
    },
    "law": {
        "enacted": _("Enacted"),
        "narrow": _("There is one, for few"),
        "partial": _("There is one, for a part"),
        "juveniles_only": _("For juveniles only"),
        "none_found": _("None was found"),
        "none": _("There is none"),
        "unsettled": _("Not settled"),
    },
    "begins": {
        "at_the_latest": _("The law began on this day at the latest"),
        "stated": _("The law names this day"),
        "changing": _("The law changed on this day"),
    },
    "relief": {
        "vacate": _("The conviction is vacated"),
        "vacate_on_merits_or_defect": _("Vacated for a defect or on the merits"),
        "set_aside": _("The conviction is set aside"),
        "expunge": _("The record is expunged"),
        "seal": _("The record is sealed"),
        "destroy": _("The record is destroyed"),
        "restrict": _("Access to the record is restricted"),
        "nondisclosure": _("The record is not disclosed"),
        "dismiss_adjudication": _("The adjudication is dismissed"),
    },
    "proof": {
        "preponderance": _("More likely than not"),
        "clear_and_convincing": _("Clear and convincing evidence"),
        "court_finding": _("The court has to find it"),
        "discretionary": _("The court is free to decide"),
    },
    "document_presumption": {
        "rebuttable": _("Yes, until the contrary is shown"),
    },
    "runs_from": {
        "judgment": _("The judgment"),
    },
    "approach": {
        "not_chargeable": _("The child cannot be charged"),
        "mandatory_referral": _("The child has to be sent to services"),
        "diversion": _("The case is led away from the court"),
        "immunity_if_victim": _("Immunity for a victim"),
        "affirmative_defence": _("A defence that the child has to raise"),
        "definition_excludes_minor": _("The offence cannot be committed by a child"),
        "presumption_of_victim": _("The child is presumed a victim"),
        "none": _("There is none"),
    },
    "offences": {
        "prostitution_only": _("Prostitution alone"),
        "unknown": _("Not settled"),
        "also_other": _("Other offences too"),
    },
    "otherwise": {
        "yes": _("Covered"),
        "no": _("Not covered"),
        "unknown": _("Not settled"),
    },
    "precision": {
        "exact": _("Exact"),
        "over": _("More than"),
        "about": _("About"),
        "up_to": _("Up to"),
        "nearly": _("Nearly"),
        "at_least": _("At least"),
    },
    "category": {
        "female": _("Women and girls"),
        "foreign": _("From abroad"),
        "justice": _("Department of Justice"),
        "state": _("Department of State"),
        "defense": _("Department of Defense"),
    },
    "anchor": {
        "start": _("The start of the clock"),
        "due": _("The end of the clock"),
    },
    "audience": {
        "assignee": _("Whoever has the case"),
    },
    "counts": {
        "after": _("After what starts it"),
        "before": _("Before what starts it"),
    },
    "marks": {
        "due": _("Something has to be done by then"),
        "ends": _("Something ends then"),
        "opens": _("Something becomes possible then"),
    },
    "occurrence": {
        "first": _("The first one"),
        "last": _("The last one"),
        "each": _("Each one"),
    },
    "recurs": {
        "from_meeting": _("From the day on which it was met"),
        "from_due": _("From the day on which it was due"),
    },
    "from": {
        "due": _("The end of the clock"),
    },
    "roll": {
        "next_business_day": _("The next business day"),
        "none": _("It stays as it is"),
    },
    "one_meets": {
        "earliest": _("The one that began first"),
        "all": _("Every one that has begun"),
    },
    "weekday": {
        "monday": _("Monday"),
        "tuesday": _("Tuesday"),
        "wednesday": _("Wednesday"),
        "thursday": _("Thursday"),
        "friday": _("Friday"),
        "saturday": _("Saturday"),
        "sunday": _("Sunday"),
    },
    "nth": {
        "1": _("The first"),
        "2": _("The second"),
        "3": _("The third"),
        "4": _("The fourth"),
        "5": _("The fifth"),
        "-1": _("The last"),
    },
    "unit": {
        "days": _("Days"),
        "months": _("Months"),
        "years": _("Years"),
    },
    "group": {
        "immigration": _("Immigration"),
    },
    "zone": {
        "event": _("That of the event"),
        "agency": _("That of the agency"),
    },
    "type": {
        "boolean": _("Yes or no"),
        "choice": _("One of several answers"),
        "multi_choice": _("Several answers"),
        "integer": _("A whole number"),
        "decimal": _("A number"),
        "date": _("A date"),
        "text": _("A text"),
        "info": _("Only to be read"),
    },
    "administration": {
        "self_report_interview": _("Asked in a talk, in the person's words"),
        "assessor_completed": _("Filled in by a professional"),
        "interview_or_self_report": _("In a talk, or filled in alone"),
    },
    "method": {
        "any_positive": _("One sign is enough"),
        "count_positive": _("The signs are counted"),
        "weighted_sum": _("Weights are added up"),
        "strength_combination": _("Signs are weighed by their strength"),
        "matrix": _("Act, means and purpose side by side"),
        "none": _("Nothing is added up"),
    },
    "status": {
        "stub": _("Waits for its wording"),
    },
    "permission": {
        "free": _("Free to use"),
    },
    "phase": {
        "recruitment": _("Recruitment"),
        "destination": _("At the destination"),
    },
    "required": {
        "always": _("Always"),
        "if_shown": _("Where it shows"),
        "never": _("Never"),
    },
    "positive_when": {
        "true": _("Yes"),
    },
    "under_18_without_means": {
        "every_form": _("Every form"),
    },
    "action": {
        "follow_up": _("Follow up"),
        "supervisor_review": _("A supervisor looks at it"),
        "transfer": _("Transfer"),
    },
    "is": {
        "t": _("T status"),
        "u": _("U status"),
        "felony_c": _("Felony of class C"),
        "felony_d": _("Felony of class D"),
        "felony_e": _("Felony of class E"),
        "felony_4": _("Felony of degree 4"),
        "felony_5": _("Felony of degree 5"),
        "unclassified_up_to_10_years": _("Unclassified, up to 10 years"),
    },
    "scope": {
        "nearly_all": _("Nearly all offences"),
        "non_violent": _("Offences without violence"),
        "prostitution_only": _("Prostitution alone"),
        "listed": _("Offences named in a list"),
    },
    "missing": {
        "not_applicable": _("Does not apply"),
        "unknown": _("Does not know"),
    },
}
"""Name of the part → code → words. Hyphens in codes are written as underscores here."""
