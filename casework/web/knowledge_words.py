"""Words for codes that rows of the knowledge bring along: groups of facts, options to choose."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

GROUPS: Mapping[str, "StrOrPromise"] = {
    "child": _("Child"),
    "control": _("Control"),
    "criminal_record": _("Criminal record"),
    "detention": _("Detention"),
    "disability": _("Disability"),
    "marriage": _("Marriage"),
    "organ": _("Organ"),
    "person": _("Person"),
    "qualifying_crime": _("Qualifying crime"),
    "recruitment": _("Recruitment"),
    "screened_forms": _("Screened forms"),
    "sex": _("Sex"),
    "trafficking": _("Trafficking"),
    "vulnerability": _("Vulnerability"),
    "work": _("Work"),
}
CRIMES: Mapping[str, "StrOrPromise"] = {
    "abduction": _("Abduction"),
    "abusive_sexual_contact": _("Abusive sexual contact"),
    "being_held_hostage": _("Being held hostage"),
    "blackmail": _("Blackmail"),
    "domestic_violence": _("Domestic violence"),
    "extortion": _("Extortion"),
    "false_imprisonment": _("False imprisonment"),
    "felonious_assault": _("Felonious assault"),
    "female_genital_mutilation": _("Female genital mutilation"),
    "fraud_in_foreign_labor_contracting": _("Fraud in foreign labor contracting"),
    "incest": _("Incest"),
    "involuntary_servitude": _("Involuntary servitude"),
    "kidnapping": _("Kidnapping"),
    "manslaughter": _("Manslaughter"),
    "murder": _("Murder"),
    "obstruction_of_justice": _("Obstruction of justice"),
    "peonage": _("Peonage"),
    "perjury": _("Perjury"),
    "prostitution": _("Prostitution"),
    "rape": _("Rape"),
    "sexual_assault": _("Sexual assault"),
    "sexual_exploitation": _("Sexual exploitation"),
    "slave_trade": _("Slave trade"),
    "stalking": _("Stalking"),
    "torture": _("Torture"),
    "unlawful_criminal_restraint": _("Unlawful criminal restraint"),
    "witness_tampering": _("Witness tampering"),
}
