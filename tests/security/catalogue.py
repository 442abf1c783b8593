"""What PostgreSQL itself says about the tables: which are fenced, and who may do what."""

from dataclasses import dataclass

from django.db import connection

GLOBAL = {
    "account_emailaddress": "log-in addresses of staff; no agency owns a user",
    "account_emailconfirmation": "log-in addresses of staff",
    "allauth_idp_oidc_client": "OAuth clients; secrets are hashed, standing is in partnerclient",
    "allauth_idp_oidc_token": "OAuth tokens, hashed; read before the agency is known",
    "auth_group": "Django's, unused",
    "auth_group_permissions": "Django's, unused",
    "auth_permission": "Django's, unused",
    "casework_agency": "agencies address each other; a name and a kind are public",
    "casework_counters": "log-in throttling; keys are digests",
    "casework_definition": "the law and the shared instruments are everyone's; the fence around "
    "what agencies add is tested with the instruments",
    "casework_heartbeat": "when the loops last went round",
    "casework_user": "staff; read at log-in, before the agency is known",
    "django_content_type": "Django's list of models",
    "django_migrations": "Django's list of migrations",
    "django_session": "sessions; read before anybody is known",
    "mfa_authenticator": "second factors of staff, read at log-in",
}
"""Tables without a fence, each with the reason why none is needed."""

NEEDED = {"r", "a", "w", "d"}
"""A policy for each of SELECT, INSERT, UPDATE and DELETE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table as the catalogue has it."""

    name: str
    enabled: bool
    forced: bool
    commands: frozenset[str]
    owner: str


def tables() -> list[Table]:
    """Every table of the schema that we use."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
                   coalesce(array_agg(p.polcmd::text) FILTER (WHERE p.oid IS NOT NULL), '{}'),
                   pg_get_userbyid(c.relowner)
            FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            GROUP BY c.oid ORDER BY c.relname
            """
        )
        return [
            Table(name=name, enabled=on, forced=forced, commands=frozenset(commands), owner=owner)
            for name, on, forced, commands, owner in cursor.fetchall()
        ]


def unfenced() -> list[str]:
    """Tables that hold something of an agency and are not, or not wholly, behind row security."""
    return [
        table.name
        for table in tables()
        if table.name not in GLOBAL
        and not (table.enabled and table.forced and table.commands >= NEEDED)
    ]


def fenced() -> list[str]:
    """Tables behind row security."""
    return [table.name for table in tables() if table.name not in GLOBAL]
