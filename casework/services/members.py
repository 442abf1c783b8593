"""Agencies, their people and their partner systems: added, given a role, ended."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client
from django.contrib.auth.hashers import make_password
from django.db import transaction

from casework.access import agency_context, system_principal
from casework.domain.permissions import Role, Scope
from casework.models import Agency, Membership, PartnerClient, User
from casework.services import journal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Someone who is to log in with an e-mail address and a password."""

    email: str
    name: str
    password: str
    language: str = "en"


@transaction.atomic
def add_agency(name: str, kind: str, *, time_zone: str, at: datetime) -> Agency:
    """A new agency, its founding the first entry of its journal."""
    agency = Agency.objects.create(name=name, kind=kind, time_zone=time_zone)
    with agency_context(agency.pk):
        journal.record(
            "agency.added", f"agency:{agency.ref}", by=system_principal(agency), at=at, kind=kind
        )
    return agency


@transaction.atomic
def add_member(agency: Agency, new: NewUser, role: Role, *, at: datetime) -> User:
    """A user with a role at the agency. An existing user with that address gets the role too."""
    user = User.objects.filter(email=new.email.lower()).first()
    if user is None:
        user = User.objects.create_user(
            new.email, new.password, name=new.name, language=new.language
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with agency_context(agency.pk):
        Membership.objects.create(agency=agency, user=user, role=role.value, created_at=at)
        journal.record(
            "member.added",
            f"user:{user.ref}",
            by=system_principal(agency),
            at=at,
            role=role.value,
        )
    return user


@transaction.atomic
def add_partner(
    agency: Agency,
    client_id: str,
    secret: str,
    *,
    label: str,
    scopes: frozenset[Scope],
    at: datetime,
) -> PartnerClient:
    """A partner system of the agency, with an OAuth2 client of its own; the secret is hashed."""
    client = Client(
        id=client_id,
        name=label,
        secret=make_password(secret),
        type=Client.Type.CONFIDENTIAL,
    )
    client.set_scopes([scope.value for scope in sorted(scopes)])
    client.default_scopes = client.scopes
    client.grant_types = Client.GrantType.CLIENT_CREDENTIALS
    client.save()
    with agency_context(agency.pk):
        partner = PartnerClient.objects.create(
            agency=agency, client_id=client_id, label=label, created_at=at
        )
        journal.record(
            "partner.added",
            f"client:{partner.ref}",
            by=system_principal(agency),
            at=at,
            scopes=sorted(scope.value for scope in scopes),
        )
    return partner
