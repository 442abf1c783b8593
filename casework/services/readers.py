"""In whose eyes a command looks at a case: never in nobody's, and never in everybody's."""

from casework.access import case_for, cases_for, principal_of_user
from casework.domain.case_numbers import check
from casework.domain.errors import InvalidInputError, NotFoundError
from casework.domain.permissions import Capability, Principal
from casework.models import Case, User

_REF_LENGTH = 36


def reader_called(email: str) -> Principal:
    """Who works under that address. InvalidInputError for one who belongs to no agency here."""
    user = User.objects.filter(email=email).first()
    found = principal_of_user(user) if user else None
    if found is None:
        detail = f"{email} belongs to no agency here."
        raise InvalidInputError.at("/as", "unknown_reader", detail)
    return found


def case_called(name: str, by: Principal, capability: Capability) -> Case:
    """A case by its number or reference, among those that they may use in this way."""
    if len(name) == _REF_LENGTH:
        return case_for(by, name, capability)
    found = cases_for(by, capability).filter(number=check(name)).first()
    if found is None:
        raise NotFoundError
    return found
