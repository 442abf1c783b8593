"""Definitions of an agency's own: a fence around them, and no way to touch what everyone shares.

Shared rows are written where no agency is named, as when the seeds are loaded; an agency adds and
withdraws instruments of its own and no other rows: law and facts are not an agency's to add.
"""

import importlib

import django.db.models.deletion
from django.db import migrations, models

rls = importlib.import_module("casework.migrations._row_security")

TABLE = "casework_definition"
OWN_INSTRUMENT = f"({rls.OWN} AND kind = 'instrument')"
WRITTEN = f"({OWN_INSTRUMENT} OR (agency_id IS NULL AND {rls.AGENCY} IS NULL))"
FENCE = rls.fence(
    TABLE, seen=f"({rls.OWN} OR agency_id IS NULL)", written=WRITTEN, changed=WRITTEN
)


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_close_packets")]
    operations = [
        migrations.AddField(
            model_name="definition",
            name="agency",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.agency",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="definition", name="definition_version_is_current_once"
        ),
        migrations.AddConstraint(
            model_name="definition",
            constraint=models.UniqueConstraint(
                condition=models.Q(agency__isnull=True, withdrawn_at__isnull=True),
                fields=("kind", "code", "version"),
                name="definition_version_is_current_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="definition",
            constraint=models.UniqueConstraint(
                condition=models.Q(agency__isnull=False, withdrawn_at__isnull=True),
                fields=("agency", "kind", "code", "version"),
                name="own_definition_version_is_current_once",
            ),
        ),
        migrations.RunPython(rls.apply({TABLE: FENCE}, {}), migrations.RunPython.noop),
    ]
