"""The one table that decides who may do what, and how far it reaches.

May-I, which-rows and which-buttons all read it, so a detail, a list and a search cannot differ.

- A caseworker works on cases of their own: those assigned to them, or opened by them. Answering a
  referral reaches the agency, because what comes in from another agency is nobody's own yet.
- A supervisor works on every case of the agency and alone approves a referral: nothing leaves an
  agency on the word of one person.
- An administrator manages members and sees no case: running the house needs no names. They and
  partners' systems say where webhooks lead, which tell references and moments only.
- A supervisor or an administrator adds instruments of the agency's own: questions, never law.
- Everyone who is told of clocks says when they are away and who stands in; a supervisor or an
  administrator says it for others, because whoever falls ill cannot.
- An auditor reads the journal and nothing that the journal is about.
- A partner's client reaches its agency within its scopes. Whatever its scopes, it never approves,
  because approval is a person's judgement; it never reveals an identity or reads the journal,
  because a stolen secret must not open either; and it adds no instrument, because somebody has to
  answer for the wording.
- The system itself watches deadlines. It acts for nobody and sees no case content.

What is not in the table is not allowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casework.domain.errors import NotPermittedError


class Role(StrEnum):
    """What a person is in an agency."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Scope(StrEnum):
    """What a partner's client was granted."""

    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    SCREENINGS_WRITE = "screenings:write"
    RELIEF_ASSESS = "relief:assess"
    REFERRALS_READ = "referrals:read"
    REFERRALS_WRITE = "referrals:write"
    DEADLINES_READ = "deadlines:read"
    PROVIDERS_READ = "providers:read"
    REPORTS_READ = "reports:read"
    WEBHOOKS_MANAGE = "webhooks:manage"


class Capability(StrEnum):
    """What can be done."""

    OPEN_CASE = "open_case"
    READ_CASE = "read_case"
    CHANGE_CASE = "change_case"
    CLOSE_CASE = "close_case"
    ASSIGN_CASE = "assign_case"
    REVEAL_IDENTITY = "reveal_identity"
    SEARCH_PEOPLE = "search_people"
    ASSERT_FACT = "assert_fact"
    RECORD_EVENT = "record_event"
    READ_DEADLINES = "read_deadlines"
    CHANGE_DEADLINE = "change_deadline"
    SCREEN = "screen"
    CONCLUDE_SCREENING = "conclude_screening"
    ASSESS_RELIEF = "assess_relief"
    RECORD_CONSENT = "record_consent"
    DRAFT_REFERRAL = "draft_referral"
    APPROVE_REFERRAL = "approve_referral"
    ANSWER_REFERRAL = "answer_referral"
    READ_REFERRALS = "read_referrals"
    READ_JOURNAL = "read_journal"
    MANAGE_MEMBERS = "manage_members"
    READ_KNOWLEDGE = "read_knowledge"
    MANAGE_INSTRUMENTS = "manage_instruments"
    READ_NOTICES = "read_notices"
    PLAN_ABSENCE = "plan_absence"
    MANAGE_WEBHOOKS = "manage_webhooks"


class Reach(StrEnum):
    """Over which rows."""

    NONE = "none"
    OWN = "own"
    """Cases assigned to or opened by the person, and what belongs to them; one's own notices."""
    AGENCY = "agency"


class PrincipalKind(StrEnum):
    """What sort of actor it is."""

    USER = "user"
    CLIENT = "client"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who acts, for which agency, and by what right."""

    kind: PrincipalKind
    ref: str
    agency_id: int
    agency_ref: str
    role: Role | None
    """Of a user in this agency; None for everyone else."""
    scopes: frozenset[Scope]
    """Of a client; empty for everyone else."""
    user_id: int | None
    label: str


_CASEWORK = (
    Capability.OPEN_CASE,
    Capability.READ_CASE,
    Capability.CHANGE_CASE,
    Capability.CLOSE_CASE,
    Capability.REVEAL_IDENTITY,
    Capability.SEARCH_PEOPLE,
    Capability.ASSERT_FACT,
    Capability.RECORD_EVENT,
    Capability.READ_DEADLINES,
    Capability.CHANGE_DEADLINE,
    Capability.SCREEN,
    Capability.CONCLUDE_SCREENING,
    Capability.ASSESS_RELIEF,
    Capability.RECORD_CONSENT,
    Capability.DRAFT_REFERRAL,
    Capability.READ_REFERRALS,
)

RULES: Mapping[Role, Mapping[Capability, Reach]] = {
    Role.CASEWORKER: {
        **dict.fromkeys(_CASEWORK, Reach.OWN),
        Capability.ANSWER_REFERRAL: Reach.AGENCY,
        Capability.READ_KNOWLEDGE: Reach.AGENCY,
        Capability.READ_NOTICES: Reach.OWN,
        Capability.PLAN_ABSENCE: Reach.OWN,
    },
    Role.SUPERVISOR: {
        **dict.fromkeys(_CASEWORK, Reach.AGENCY),
        Capability.ASSIGN_CASE: Reach.AGENCY,
        Capability.APPROVE_REFERRAL: Reach.AGENCY,
        Capability.ANSWER_REFERRAL: Reach.AGENCY,
        Capability.READ_KNOWLEDGE: Reach.AGENCY,
        Capability.MANAGE_INSTRUMENTS: Reach.AGENCY,
        Capability.READ_NOTICES: Reach.OWN,
        Capability.PLAN_ABSENCE: Reach.AGENCY,
    },
    Role.ADMINISTRATOR: {
        Capability.MANAGE_MEMBERS: Reach.AGENCY,
        Capability.MANAGE_WEBHOOKS: Reach.AGENCY,
        Capability.READ_KNOWLEDGE: Reach.AGENCY,
        Capability.MANAGE_INSTRUMENTS: Reach.AGENCY,
        Capability.READ_NOTICES: Reach.OWN,
        Capability.PLAN_ABSENCE: Reach.AGENCY,
    },
    Role.AUDITOR: {
        Capability.READ_JOURNAL: Reach.AGENCY,
        Capability.READ_KNOWLEDGE: Reach.AGENCY,
    },
}
"""Role → capability → reach. Knowledge is the law itself, without any case: every role reads it."""

SCOPE_CAPABILITIES: Mapping[Scope, frozenset[Capability]] = {
    Scope.CASES_READ: frozenset(
        {Capability.READ_CASE, Capability.SEARCH_PEOPLE, Capability.READ_KNOWLEDGE}
    ),
    Scope.CASES_WRITE: frozenset(
        {
            Capability.OPEN_CASE,
            Capability.CHANGE_CASE,
            Capability.CLOSE_CASE,
            Capability.ASSIGN_CASE,
            Capability.ASSERT_FACT,
            Capability.RECORD_EVENT,
            Capability.CHANGE_DEADLINE,
            Capability.READ_KNOWLEDGE,
        }
    ),
    Scope.SCREENINGS_WRITE: frozenset(
        {Capability.SCREEN, Capability.CONCLUDE_SCREENING, Capability.READ_KNOWLEDGE}
    ),
    Scope.RELIEF_ASSESS: frozenset({Capability.ASSESS_RELIEF, Capability.READ_KNOWLEDGE}),
    Scope.REFERRALS_READ: frozenset({Capability.READ_REFERRALS, Capability.READ_KNOWLEDGE}),
    Scope.REFERRALS_WRITE: frozenset(
        {
            Capability.DRAFT_REFERRAL,
            Capability.ANSWER_REFERRAL,
            Capability.RECORD_CONSENT,
            Capability.READ_KNOWLEDGE,
        }
    ),
    Scope.DEADLINES_READ: frozenset({Capability.READ_DEADLINES, Capability.READ_KNOWLEDGE}),
    Scope.PROVIDERS_READ: frozenset({Capability.READ_KNOWLEDGE}),
    Scope.REPORTS_READ: frozenset({Capability.READ_KNOWLEDGE}),
    Scope.WEBHOOKS_MANAGE: frozenset({Capability.MANAGE_WEBHOOKS, Capability.READ_KNOWLEDGE}),
}
"""Scope → what it grants, always over the client's own agency."""

SYSTEM_CAPABILITIES = frozenset(
    {Capability.READ_DEADLINES, Capability.CHANGE_DEADLINE, Capability.READ_KNOWLEDGE}
)


def reach(principal: Principal, capability: Capability) -> Reach:
    """Over which rows the principal has the capability; none when it has not."""
    if principal.kind is PrincipalKind.USER:
        rules = RULES[principal.role] if principal.role else {}
        return rules.get(capability, Reach.NONE)
    if principal.kind is PrincipalKind.CLIENT:
        granted = (SCOPE_CAPABILITIES[scope] for scope in principal.scopes)
        return Reach.AGENCY if any(capability in some for some in granted) else Reach.NONE
    return Reach.AGENCY if capability in SYSTEM_CAPABILITIES else Reach.NONE


def may(principal: Principal, capability: Capability) -> bool:
    """Whether the principal has the capability over any row at all."""
    return reach(principal, capability) is not Reach.NONE


def require(principal: Principal, capability: Capability) -> None:
    """Raise NotPermittedError unless the principal may."""
    if not may(principal, capability):
        words = capability.value.replace("_", " ")
        raise NotPermittedError(f"This needs the right to {words}, which you do not have.")
