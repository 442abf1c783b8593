"""Row security and least privileges for the tables of screening."""

import importlib

from django.db import migrations

rls = importlib.import_module("casework.migrations._row_security")

TABLES = ["screening_screening", "screening_screeninganswer"]


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_screenings"), ("casework", "0002_row_security")]
    operations = [
        migrations.RunPython(
            rls.apply(
                {table: rls.fence(table) for table in TABLES},
                {table: "SELECT, INSERT, UPDATE" for table in TABLES},
            ),
            migrations.RunPython.noop,
        ),
    ]
