"""Who may do what: the whole table, written a second time."""

from itertools import product

import pytest

from casework.domain.errors import NotPermittedError
from casework.domain.permissions import (
    RULES,
    SCOPE_CAPABILITIES,
    Capability,
    Principal,
    PrincipalKind,
    Reach,
    Role,
    Scope,
    may,
    reach,
    require,
)
from tests.row_by_row import every

# caseworker, supervisor, administrator, auditor: o = own, a = agency, - = none
TABLE = """
    open_case           o a - -
    read_case           o a - -
    change_case         o a - -
    close_case          o a - -
    assign_case         - a - -
    reveal_identity     o a - -
    search_people       o a - -
    assert_fact         o a - -
    record_event        o a - -
    read_deadlines      o a - -
    change_deadline     o a - -
    screen              o a - -
    conclude_screening  o a - -
    assess_relief       o a - -
    record_consent      o a - -
    draft_referral      o a - -
    approve_referral    - a - -
    answer_referral     a a - -
    read_referrals      o a - -
    read_journal        - - - a
    manage_members      - - a -
    manage_webhooks     - - a -
    read_knowledge      a a a a
    manage_instruments  - a a -
    read_notices        o o o -
    plan_absence        o a a -
"""
REACHES = {"o": Reach.OWN, "a": Reach.AGENCY, "-": Reach.NONE}
EXPECTED = {
    (role, Capability(words[0])): REACHES[letter]
    for words in map(str.split, TABLE.strip().splitlines())
    for role, letter in zip(Role, words[1:], strict=True)
}


def principal(
    kind: PrincipalKind, role: Role | None = None, scopes: frozenset[Scope] = frozenset()
) -> Principal:
    return Principal(
        kind=kind,
        ref="p",
        agency_id=1,
        agency_ref="a",
        role=role,
        scopes=scopes,
        user_id=None,
        label="someone",
    )


@every(product(Role, Capability), " and ".join)
def test_every_role_and_capability(pair: tuple[Role, Capability]) -> None:
    role, capability = pair
    assert reach(principal(PrincipalKind.USER, role), capability) is EXPECTED[role, capability]


@every(Capability)
def test_a_user_without_a_role_may_nothing(capability: Capability) -> None:
    assert not may(principal(PrincipalKind.USER), capability)


@every(product(Scope, Capability), " to ".join)
def test_a_scope_grants_its_capabilities_and_no_others(pair: tuple[Scope, Capability]) -> None:
    scope, capability = pair
    granted = reach(principal(PrincipalKind.CLIENT, scopes=frozenset({scope})), capability)
    expected = capability in SCOPE_CAPABILITIES[scope]
    assert granted is (Reach.AGENCY if expected else Reach.NONE)


@pytest.mark.parametrize(
    "capability",
    [
        Capability.APPROVE_REFERRAL,
        Capability.REVEAL_IDENTITY,
        Capability.READ_JOURNAL,
        Capability.MANAGE_MEMBERS,
        Capability.MANAGE_INSTRUMENTS,
        Capability.PLAN_ABSENCE,
    ],
)
def test_no_client_ever_may_whatever_its_scopes(capability: Capability) -> None:
    assert not may(principal(PrincipalKind.CLIENT, scopes=frozenset(Scope)), capability)


def test_a_role_gives_a_client_nothing() -> None:
    assert not may(principal(PrincipalKind.CLIENT, Role.SUPERVISOR), Capability.READ_CASE)


def test_the_system_watches_deadlines_and_sees_no_case() -> None:
    system = principal(PrincipalKind.SYSTEM, Role.SUPERVISOR, frozenset(Scope))
    allowed = {capability for capability in Capability if may(system, capability)}
    assert {each.value for each in allowed} == {
        "read_deadlines",
        "change_deadline",
        "read_knowledge",
    }


def test_a_refusal_says_what_is_missing() -> None:
    caseworker = principal(PrincipalKind.USER, Role.CASEWORKER)
    require(caseworker, Capability.SCREEN)
    with pytest.raises(NotPermittedError, match="the right to approve referral"):
        require(caseworker, Capability.APPROVE_REFERRAL)


def test_every_role_and_scope_stands_in_the_table() -> None:
    assert set(RULES) == set(Role)
    assert set(SCOPE_CAPABILITIES) == set(Scope)
