"""The doors of screening: a screening is reached through its case, or by who began it."""

from uuid import UUID

from django.db.models import Q, QuerySet

from casework.access import cases_for
from casework.domain.errors import NotFoundError
from casework.domain.permissions import Capability, Principal, Reach, reach, require
from screening.models import Screening


def screenings_for(principal: Principal) -> "QuerySet[Screening]":
    """Screenings of cases the principal may read, and anonymous ones within their reach."""
    rows = Screening.objects.of_agency(principal.agency_id).for_display()
    of_cases = Q(case__in=cases_for(principal).select_related(None))
    match reach(principal, Capability.SCREEN):
        case Reach.AGENCY:
            return rows.filter(of_cases | Q(case__isnull=True))
        case Reach.OWN if principal.user_id is not None:
            return rows.filter(of_cases | Q(case__isnull=True, started_by_user=principal.user_id))
        case _:
            return rows.filter(of_cases)


def screening_for(
    principal: Principal, ref: UUID | str, capability: Capability | None = None
) -> Screening:
    """One screening. NotFoundError for a stranger; NotPermittedError where the role falls short."""
    try:
        screening = screenings_for(principal).get(ref=UUID(str(ref)))
    except (Screening.DoesNotExist, ValueError) as error:
        raise NotFoundError from error
    if capability is not None:
        require(principal, capability)
    return screening
