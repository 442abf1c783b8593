"""The second wall: row security and the least privileges, as SQL that migrations apply.

Policies read one scalar setting each, `casework.agency` and the like, set for one transaction;
unset means NULL, and NULL equals nothing: without a context there are no rows.
"""

from collections.abc import Callable
from typing import Any

AGENCY = "(select nullif(current_setting('casework.agency', true), '')::bigint)"
PERSON = "(select nullif(current_setting('casework.person', true), '')::bigint)"
CLIENT = "(select nullif(current_setting('casework.client', true), ''))"

OWN = f"agency_id = {AGENCY}"


def app_role(schema_editor: Any) -> str:
    """The quoted name of the role that web and workers use."""
    from django.conf import settings

    return schema_editor.quote_name(settings.DATABASES["default"]["USER"])


def fence(table: str, *, seen: str = OWN, written: str = OWN, changed: str = "") -> str:
    """SQL that shows rows where `seen` holds and lets rows in where `written` holds.

    A row that is seen can be changed, as far as privileges go, unless `changed` says otherwise.
    """
    changed = changed or seen
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY agency_reads ON {table} FOR SELECT USING ({seen});
        CREATE POLICY agency_adds ON {table} FOR INSERT WITH CHECK ({written});
        CREATE POLICY agency_changes ON {table} FOR UPDATE USING ({changed}) WITH CHECK ({changed});
        CREATE POLICY agency_removes ON {table} FOR DELETE USING ({written});
    """


def apply(fences: dict[str, str], grants: dict[str, str]) -> Callable[[Any, Any], None]:
    """A forward step: fence each table, then grant the app role exactly what is named."""

    def forward(_apps: Any, schema_editor: Any) -> None:
        role = app_role(schema_editor)
        for sql in fences.values():
            schema_editor.execute(sql)
        for table, privileges in grants.items():
            schema_editor.execute(f"GRANT {privileges} ON {table} TO {role}")
        schema_editor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")

    return forward
