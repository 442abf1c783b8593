"""Cases: opened, changed, handed over, closed, reopened."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from casework.domain.case_flow import CaseAction, CaseStatus, next_status
from casework.domain.case_numbers import number_from
from casework.domain.errors import InvalidInputError, StaleVersionError
from casework.domain.permissions import Capability, Principal, Role, require
from casework.models import Agency, Case, Membership, User
from casework.services import journal
from casework.services.people import add_person, change_person
from casework.services.sealing import seal_value
from casework.services.wording import clean_text

DOORS = (
    "hotline",
    "ngo",
    "shelter",
    "police",
    "labor_inspector",
    "immigration_judge",
    "child_welfare",
    "health",
    "border",
    "consulate",
    "court",
    "self",
    "other",
)
"""Which door a person came through (A/HRC/35/37/Add.2 ¶40-48)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What is needed to open a case. Nothing about the person is required."""

    door: str = "other"
    person: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic
def open_case(new: NewCase, *, by: Principal, at: datetime) -> Case:
    """Open a case. A caseworker who opens one is given it; a partner's waits to be assigned."""
    require(by, Capability.OPEN_CASE)
    if new.door not in DOORS:
        raise InvalidInputError.at(
            "/door", "not_an_option", f"The door must be one of: {', '.join(DOORS)}."
        )
    agency = Agency.objects.get(pk=by.agency_id)
    person = add_person(agency, new.person, at=at)
    case = Case.objects.create(
        agency=agency,
        number=_free_number(agency),
        person=person,
        door=new.door,
        assignee_id=by.user_id if by.role is Role.CASEWORKER else None,
        opened_at=at,
        opened_by=f"{by.kind}:{by.ref}",
        updated_at=at,
    )
    journal.record("case.opened", f"case:{case.ref}", by=by, at=at, door=new.door)
    return case


def _free_number(agency: Agency) -> str:
    """A number the agency has not used; 32^7 of them make a second try rare."""
    number = number_from(os.urandom(8))
    while Case.objects.filter(agency=agency, number=number).exists():
        number = number_from(os.urandom(8))
    return number


def _locked(case: Case, version: int | None) -> Case:
    """The row, held; StaleVersionError if it moved since the caller read `version`."""
    row = Case.objects.locked().for_display().get(pk=case.pk)
    if version is not None and row.version != version:
        raise StaleVersionError
    return row


@transaction.atomic
def change_case(
    case: Case,
    changes: Mapping[str, object],
    *,
    by: Principal,
    at: datetime,
    version: int | None = None,
) -> Case:
    """Change the door or the person's details. `version` is the one the caller read."""
    require(by, Capability.CHANGE_CASE)
    row = _locked(case, version)
    door = changes.get("door", row.door)
    if door not in DOORS:
        raise InvalidInputError.at(
            "/door", "not_an_option", f"The door must be one of: {', '.join(DOORS)}."
        )
    person = changes.get("person")
    if isinstance(person, Mapping) and person:
        row.person = change_person(row, person, by=by, at=at)
    row.door = str(door)
    _save(row, at, "door")
    journal.record("case.changed", f"case:{row.ref}", by=by, at=at, fields=sorted(changes))
    return row


@transaction.atomic
def assign_case(case: Case, assignee: User, *, by: Principal, at: datetime) -> Case:
    """Hand the case to a caseworker or supervisor of the same agency."""
    require(by, Capability.ASSIGN_CASE)
    row = _locked(case, None)
    members = Membership.objects.active().filter(
        agency_id=by.agency_id, user=assignee, role__in=[Role.CASEWORKER, Role.SUPERVISOR]
    )
    if not members.exists():
        raise InvalidInputError.at(
            "/assignee", "not_a_colleague", "Choose a caseworker or supervisor of this agency."
        )
    row.assignee = assignee
    _save(row, at, "assignee")
    journal.record(
        "case.assigned", f"case:{row.ref}", by=by, at=at, assignee=f"user:{assignee.ref}"
    )
    return row


@transaction.atomic
def close_case(
    case: Case, *, reason: str, by: Principal, at: datetime, version: int | None = None
) -> Case:
    """Close with a reason. Clocks that still run keep running: closing is not meeting."""
    require(by, Capability.CLOSE_CASE)
    row = _locked(case, version)
    row.status = next_status(CaseStatus(row.status), CaseAction.CLOSE).value
    text = clean_text(reason, "/reason")
    if not text:
        raise InvalidInputError.at("/reason", "required", "Say why the case is closed.")
    row.closed_at = at
    row.closing_reason = seal_value(row, "closing_reason", text, key=row.person.key)
    _save(row, at, "status", "closed_at", "closing_reason")
    journal.record("case.closed", f"case:{row.ref}", by=by, at=at)
    return row


@transaction.atomic
def reopen_case(case: Case, *, by: Principal, at: datetime, version: int | None = None) -> Case:
    """Open a closed case again."""
    require(by, Capability.CLOSE_CASE)
    row = _locked(case, version)
    row.status = next_status(CaseStatus(row.status), CaseAction.REOPEN).value
    row.closed_at = None
    _save(row, at, "status", "closed_at")
    journal.record("case.reopened", f"case:{row.ref}", by=by, at=at)
    return row


def _save(row: Case, at: datetime, *columns: str) -> None:
    row.version += 1
    row.updated_at = at
    row.save(update_fields=[*columns, "version", "updated_at"])
