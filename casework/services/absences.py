"""Absences: who is away, from when to when, and who is told of their clocks meanwhile."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from casework.domain.errors import (
    InvalidInputError,
    NotAllowedNowError,
    NotFoundError,
    NotPermittedError,
)
from casework.domain.permissions import (
    Capability,
    Principal,
    Reach,
    Role,
    reach,
    require,
)
from casework.models import Absence, Membership, User
from casework.models.absences import AbsenceQuerySet
from casework.services import journal

LONGEST: Final = timedelta(days=366)
"""So long at most, and so far ahead: whoever stays away longer hands the cases over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAbsence:
    """Who is away, from when to when (aware instants), and who stands in, if anybody does."""

    user: User
    from_at: datetime
    until_at: datetime
    stand_in: User | None = None


@transaction.atomic
def record_absence(new: NewAbsence, *, by: Principal, at: datetime) -> Absence:
    """Plan an absence, one's own or, with the right over the agency, that of any member.

    It may have begun already: whoever falls ill is written down afterwards. InvalidInputError
    names the field; NotPermittedError where the role plans for itself alone.
    """
    _require_for(by, new.user)
    User.objects.select_for_update().get(pk=new.user.pk)
    _check_people(new, by)
    _check_time(new, at)
    _check_overlap(new, by)
    absence = Absence.objects.create(
        agency_id=by.agency_id,
        user=new.user,
        stand_in=new.stand_in,
        from_at=new.from_at,
        until_at=new.until_at,
        recorded_by=f"{by.kind}:{by.ref}",
        recorded_at=at,
    )
    journal.record(
        "absence.recorded",
        f"user:{new.user.ref}",
        by=by,
        at=at,
        absence=str(absence.ref),
        from_at=new.from_at.isoformat(),
        until_at=new.until_at.isoformat(),
        stand_in=str(new.stand_in.ref) if new.stand_in else None,
    )
    return absence


@transaction.atomic
def cancel_absence(ref: UUID, *, by: Principal, at: datetime) -> Absence:
    """Take an absence back, or end it now: from here on the person hears for themselves again.

    NotFoundError for one that the principal may not plan.
    """
    require(by, Capability.PLAN_ABSENCE)
    rows = _planned_by(by).select_related(None).select_for_update()
    absence = rows.filter(ref=ref).first()
    if absence is None:
        raise NotFoundError
    if absence.cancelled_at is not None:
        msg = "This absence was already taken back."
        raise NotAllowedNowError(msg)
    if absence.until_at <= at:
        msg = "This absence is over."
        raise NotAllowedNowError(msg)
    absence.cancelled_at = at
    absence.save(update_fields=["cancelled_at"])
    subject = f"user:{User.objects.get(pk=absence.user_id).ref}"
    journal.record("absence.cancelled", subject, by=by, at=at, absence=str(absence.ref))
    return absence


def absences_for(by: Principal, *, at: datetime) -> AbsenceQuerySet:
    """Current and coming absences that concern the principal: those they may plan, and those in
    which they stand in.
    """
    rows = _planned_by(by) | _of_agency(by).filter(stand_in_id=by.user_id)
    return rows.not_over(at)


def away_now(by: Principal, *, at: datetime) -> list[Absence]:
    """Absences at this moment in which the principal is away or stands in."""
    mine = Q(user_id=by.user_id) | Q(stand_in_id=by.user_id)
    return list(_of_agency(by).filter(mine, from_at__lte=at).not_over(at))


def workers_of(by: Principal) -> list[int]:
    """Keys of the members who are told of clocks, and so can be away or stand in."""
    members = Membership.objects.active().filter(agency_id=by.agency_id)
    return list(members.exclude(role=Role.AUDITOR.value).values_list("user_id", flat=True))


def _of_agency(by: Principal) -> AbsenceQuerySet:
    return Absence.objects.filter(agency_id=by.agency_id).select_related("user", "stand_in")


def _planned_by(by: Principal) -> AbsenceQuerySet:
    match reach(by, Capability.PLAN_ABSENCE):
        case Reach.AGENCY:
            return _of_agency(by)
        case Reach.OWN if by.user_id is not None:
            return _of_agency(by).filter(user_id=by.user_id)
        case _:
            return _of_agency(by).none()


def _require_for(by: Principal, user: User) -> None:
    require(by, Capability.PLAN_ABSENCE)
    if reach(by, Capability.PLAN_ABSENCE) is not Reach.AGENCY and user.pk != by.user_id:
        msg = "You may plan an absence of your own only."
        raise NotPermittedError(msg)


def _check_people(new: NewAbsence, by: Principal) -> None:
    workers = workers_of(by)
    if new.user.pk not in workers:
        raise InvalidInputError.at("/user", "not_a_member", "Choose a member of this agency.")
    if new.stand_in is None:
        return
    if new.stand_in.pk == new.user.pk:
        detail = "Nobody stands in for themselves; choose a colleague."
        raise InvalidInputError.at("/stand_in", "same_person", detail)
    if new.stand_in.pk not in workers:
        detail = "Choose a member of this agency who is told of clocks."
        raise InvalidInputError.at("/stand_in", "not_a_member", detail)


def _check_time(new: NewAbsence, at: datetime) -> None:
    if new.from_at.tzinfo is None or new.until_at.tzinfo is None:
        pointer = "/until" if new.from_at.tzinfo else "/from"
        raise InvalidInputError.at(pointer, "no_offset", "Give the moment with its offset.")
    if new.until_at <= new.from_at:
        detail = "The end has to lie after the beginning."
        raise InvalidInputError.at("/until", "ends_before_start", detail)
    if new.until_at <= at:
        raise InvalidInputError.at("/until", "in_the_past", "This lies in the past.")
    if new.from_at > at + LONGEST:
        detail = "Choose a beginning within a year."
        raise InvalidInputError.at("/from", "too_far_ahead", detail)
    if new.until_at > new.from_at + LONGEST:
        detail = f"Choose an end within {LONGEST.days} days."
        raise InvalidInputError.at("/until", "too_long", detail)


def _check_overlap(new: NewAbsence, by: Principal) -> None:
    others = Absence.objects.standing().filter(agency_id=by.agency_id, user=new.user)
    if others.filter(from_at__lt=new.until_at, until_at__gt=new.from_at).exists():
        detail = "This overlaps another absence of the same person."
        raise InvalidInputError.at("/from", "overlaps", detail)
