"""Row security and least privileges for every table that exists so far."""

import importlib

from django.db import migrations

rls = importlib.import_module("casework.migrations._row_security")

OWNED = [
    "subjectkey", "person", "searchtoken", "case", "fact", "event", "findingrecord",
    "consentrecord", "referralorigin", "deadline", "reminder", "notice", "journalentry",
    "journalpending", "journallink", "outboxmessage", "idempotencyrecord",
]
FENCES = {f"casework_{name}": rls.fence(f"casework_{name}") for name in OWNED}
FENCES["casework_membership"] = rls.fence(
    "casework_membership", seen=f"{rls.OWN} OR user_id = {rls.PERSON}"
)
FENCES["casework_partnerclient"] = rls.fence(
    "casework_partnerclient", seen=f"{rls.OWN} OR client_id = {rls.CLIENT}"
)
FENCES["casework_referral"] = rls.fence(
    "casework_referral",
    seen=f"sender_id = {rls.AGENCY} OR (recipient_id = {rls.AGENCY} AND sent_at IS NOT NULL)",
    written=f"sender_id = {rls.AGENCY}",
)

READ_ADD = "SELECT, INSERT"
CHANGE = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"
GRANTS = {
    # The journal: its rows can be added and read. That is all the application may do to them.
    "casework_journalentry": READ_ADD,
    "casework_journallink": READ_ADD,
    "casework_journalpending": "SELECT, INSERT, DELETE",
    # The ledger and what was concluded are never edited either.
    "casework_fact": READ_ADD,
    "casework_findingrecord": READ_ADD,
    "casework_searchtoken": "SELECT, INSERT, DELETE",
    "casework_idempotencyrecord": ALL,
    "casework_definition": READ_ADD,
    "casework_agency": CHANGE,
    "casework_user": CHANGE,
    "casework_heartbeat": CHANGE,
    **{
        f"casework_{name}": CHANGE
        for name in (
            "subjectkey", "person", "case", "event", "consentrecord", "referral",
            "referralorigin", "deadline", "reminder", "notice", "outboxmessage",
            "membership", "partnerclient",
        )
    },
    "django_session": ALL,
    "django_content_type": "SELECT",
    "django_migrations": "SELECT",
    "auth_permission": "SELECT",
    "auth_group": "SELECT",
    "auth_group_permissions": "SELECT",
    "account_emailaddress": ALL,
    "account_emailconfirmation": ALL,
    "mfa_authenticator": ALL,
    "allauth_idp_oidc_client": ALL,
    "allauth_idp_oidc_token": ALL,
    "casework_counters": ALL,
}

COUNTERS = """
    CREATE TABLE casework_counters (
        cache_key varchar(255) NOT NULL PRIMARY KEY,
        value text NOT NULL,
        expires timestamp with time zone NOT NULL
    );
    CREATE INDEX casework_counters_expires ON casework_counters (expires);
"""

# A definition may be withdrawn by a later load; its content never changes.
WITHDRAW = "GRANT UPDATE (withdrawn_at) ON casework_definition TO {role}"

# Once sent, a packet says for ever what it said, whichever of the two agencies writes the row.
FREEZE = """
    CREATE FUNCTION casework_packet_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.sent_at IS NOT NULL AND (
            NEW.packet, NEW.packet_key, NEW.packet_until, NEW.sent_at, NEW.sender_id,
            NEW.recipient_id, NEW.ref
        ) IS DISTINCT FROM (
            OLD.packet, OLD.packet_key, OLD.packet_until, OLD.sent_at, OLD.sender_id,
            OLD.recipient_id, OLD.ref
        ) THEN
            RAISE EXCEPTION 'a packet that was sent cannot be changed'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_packet_is_frozen';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER packet_is_frozen BEFORE UPDATE ON casework_referral
        FOR EACH ROW EXECUTE FUNCTION casework_packet_is_frozen();
"""


def withdraw(_apps, schema_editor):
    schema_editor.execute(WITHDRAW.format(role=rls.app_role(schema_editor)))


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_foundation"),
        ("account", "__latest__"),
        ("auth", "__latest__"),
        ("allauth_idp_oidc", "__latest__"),
        ("contenttypes", "__latest__"),
        ("mfa", "__latest__"),
        ("sessions", "__latest__"),
    ]
    operations = [
        migrations.RunSQL(COUNTERS, migrations.RunSQL.noop),
        migrations.RunSQL(FREEZE, migrations.RunSQL.noop),
        migrations.RunPython(rls.apply(FENCES, GRANTS), migrations.RunPython.noop),
        migrations.RunPython(withdraw, migrations.RunPython.noop),
    ]
