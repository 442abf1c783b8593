"""The doors: who is asking, in which agency's context, and the only ways to a row.

A stranger's answer is the same as for a thing that is not there. The row filters below and the
question 'may I' come from one rule table (casework.domain.permissions); row security in
PostgreSQL stands behind both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models, transaction
from django.db.models import QuerySet

from casework.domain.errors import NotFoundError
from casework.domain.permissions import (
    Capability,
    Principal,
    PrincipalKind,
    Reach,
    Role,
    Scope,
    reach,
    require,
)
from casework.models import (
    Agency,
    Case,
    ConsentRecord,
    Deadline,
    Event,
    Fact,
    Membership,
    Notice,
    PartnerClient,
    Referral,
    User,
)
from casework.models.cases import CaseQuerySet
from casework.models.deadlines import DeadlineQuerySet
from casework.models.notices import NoticeQuerySet
from casework.models.referrals import ReferralQuerySet

_Row = TypeVar("_Row", bound=models.Model)


def set_context(*, agency_id: int | None, user_id: int | None = None, client_id: str = "") -> None:
    """Tell PostgreSQL whose rows the rest of this transaction may see. Needs a transaction."""
    if not connection.in_atomic_block:
        msg = "Row security is set for a transaction: open one first."
        raise RuntimeError(msg)
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('casework.agency', %s, true),"
            " set_config('casework.person', %s, true), set_config('casework.client', %s, true)",
            [str(agency_id or ""), str(user_id or ""), client_id],
        )


def enter(principal: Principal) -> None:
    """Work in the context of who is asking until the transaction ends."""
    set_context(agency_id=principal.agency_id, user_id=principal.user_id)


@contextmanager
def agency_context(agency_id: int) -> Iterator[None]:
    """One transaction in one agency's context; cleared again on leaving, also when nested."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "select current_setting('casework.agency', true),"
                " current_setting('casework.person', true)"
            )
            agency, person = cursor.fetchone()
        set_context(agency_id=agency_id)
        yield
        set_context(agency_id=int(agency or 0), user_id=int(person or 0))


def principal_of_user(user: User, agency_ref: str = "") -> Principal | None:
    """Who a logged-in person is at one of their agencies (the named one, else the first).

    None when no membership counts any more: a change of role or a suspension holds at once.
    """
    set_context(agency_id=None, user_id=user.pk)
    memberships = Membership.objects.active().filter(user=user).select_related("agency")
    if agency_ref:
        memberships = memberships.filter(agency__ref=agency_ref)
    membership = memberships.order_by("pk").first()
    if membership is None:
        return None
    return Principal(
        kind=PrincipalKind.USER,
        ref=str(user.ref),
        agency_id=membership.agency_id,
        agency_ref=str(membership.agency.ref),
        role=Role(membership.role),
        scopes=frozenset(),
        user_id=user.pk,
        label=user.name,
    )


def principal_of_client(client_id: str, scopes: frozenset[Scope]) -> Principal | None:
    """Who a partner system is. None when it is disabled or its agency suspended."""
    set_context(agency_id=None, client_id=client_id)
    client = (
        PartnerClient.objects.filter(
            client_id=client_id, disabled_at__isnull=True, agency__suspended_at__isnull=True
        )
        .select_related("agency")
        .first()
    )
    if client is None:
        return None
    return Principal(
        kind=PrincipalKind.CLIENT,
        ref=str(client.ref),
        agency_id=client.agency_id,
        agency_ref=str(client.agency.ref),
        role=None,
        scopes=scopes,
        user_id=None,
        label=client.label,
    )


def system_principal(agency: Agency) -> Principal:
    """The loops that act for an agency: the sweep, the relay, the sealer."""
    return Principal(
        kind=PrincipalKind.SYSTEM,
        ref="sweep",
        agency_id=agency.pk,
        agency_ref=str(agency.ref),
        role=None,
        scopes=frozenset(),
        user_id=None,
        label="the system",
    )


def _one(rows: QuerySet[_Row], ref: UUID | str) -> _Row:
    """The row, or the one refusal that tells nothing."""
    try:
        return rows.get(ref=UUID(str(ref)))
    except (ObjectDoesNotExist, ValueError) as error:
        raise NotFoundError from error


def cases_for(principal: Principal, capability: Capability = Capability.READ_CASE) -> CaseQuerySet:
    """Every case the principal may use in this way: its rows come from the rule itself."""
    rows = Case.objects.of_agency(principal.agency_id)
    match reach(principal, capability):
        case Reach.AGENCY:
            return rows.for_display()
        case Reach.OWN if principal.user_id is not None:
            return rows.own_to(principal.user_id, principal.ref).for_display()
        case _:
            return rows.none()


def case_for(
    principal: Principal, ref: UUID | str, capability: Capability = Capability.READ_CASE
) -> Case:
    """One case. NotFoundError for a stranger; NotPermittedError for someone who may read it
    and asks for more than their role allows.
    """
    case = _one(cases_for(principal), ref)
    require(principal, capability)
    return case


def locked_case_for(principal: Principal, ref: UUID | str, capability: Capability) -> Case:
    """The same door, with the row held until the transaction ends."""
    case = case_for(principal, ref, capability)
    return Case.objects.locked().get(pk=case.pk)


def deadlines_for(principal: Principal) -> DeadlineQuerySet:
    """The deadlines of every case whose deadlines the principal may read."""
    cases = cases_for(principal, Capability.READ_DEADLINES)
    rows = Deadline.objects.filter(agency_id=principal.agency_id)
    return rows.filter(case__in=cases.select_related(None)).for_display()


def deadline_for(
    principal: Principal, ref: UUID | str, capability: Capability = Capability.READ_DEADLINES
) -> Deadline:
    """One deadline. NotFoundError for a stranger; NotPermittedError for a reader who may not."""
    row = _one(deadlines_for(principal), ref)
    require(principal, capability)
    return row


def event_for(principal: Principal, case: Case, ref: UUID | str) -> Event:
    """One standing event of a case the principal already came to by its door."""
    rows = Event.objects.filter(agency_id=principal.agency_id, case=case).standing()
    return _one(rows, ref)


def fact_for(principal: Principal, case: Case, ref: UUID | str) -> Fact:
    """One assertion of the ledger of a case the principal already came to by its door."""
    return _one(Fact.objects.filter(agency_id=principal.agency_id, case=case), ref)


def referrals_for(principal: Principal) -> ReferralQuerySet:
    """Referrals sent to the agency, and those written from cases the principal may read."""
    require(principal, Capability.READ_REFERRALS)
    written = Referral.objects.sent_by(principal.agency_id)
    if reach(principal, Capability.READ_REFERRALS) is not Reach.AGENCY:
        own = cases_for(principal).select_related(None)
        written = written.filter(origin__case__in=own)
    received = Referral.objects.received_by(principal.agency_id)
    return Referral.objects.filter(
        models.Q(pk__in=written.values("pk")) | models.Q(pk__in=received.values("pk"))
    ).select_related("sender", "recipient", "origin", "origin__case")


def referral_for(principal: Principal, ref: UUID | str) -> Referral:
    """One referral, by whichever side the principal is on."""
    return _one(referrals_for(principal), ref)


def consents_for(principal: Principal) -> "QuerySet[ConsentRecord]":
    """Releases of the cases the principal may read."""
    rows = ConsentRecord.objects.filter(agency_id=principal.agency_id)
    rows = rows.filter(case__in=cases_for(principal).select_related(None))
    return rows.select_related("recipient", "case", "case__person")


def consent_for(principal: Principal, ref: UUID | str) -> ConsentRecord:
    """One release of a case the principal may read."""
    return _one(consents_for(principal), ref)


def notice_for(principal: Principal, ref: UUID | str) -> Notice:
    """One of the principal's own notices."""
    return _one(notices_for(principal), ref)


def notices_for(principal: Principal) -> NoticeQuerySet:
    """The principal's own notices at this agency; partner systems have none."""
    rows = Notice.objects.filter(agency_id=principal.agency_id)
    return rows.for_reader(principal.user_id) if principal.user_id else rows.none()


def agency_by_ref(ref: UUID | str) -> Agency:
    """An agency to address; the list of agencies is no secret among them."""
    return _one(Agency.objects.filter(suspended_at__isnull=True), ref)
