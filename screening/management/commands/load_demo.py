"""Load the invented agencies and cases of fixtures/demo.yaml. Refused unless DEMO is set."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from casework.services.seeds import read_document
from screening.services.demo import load_demo

PASSWORD = "demo-only-passphrase"  # noqa: S105 - public on purpose, for a demo of invented people


class Command(BaseCommand):
    """manage.py load_demo; a second run adds nothing."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--file reads another set of invented cases."""
        default = Path(settings.BASE_DIR) / "fixtures" / "demo.yaml"
        parser.add_argument("--file", type=Path, default=default)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """All of it in one transaction."""
        if not settings.DEMO:
            msg = "The demo's passwords are public: load_demo runs only with DEMO=1."
            raise CommandError(msg)
        document = read_document(options["file"])
        added = load_demo(document, password=PASSWORD, at=datetime.now(UTC))
        self.stdout.write(f"demo: {added} cases added" if added else "demo is in place")
