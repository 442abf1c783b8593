"""Recompute every chain of the journal and name the first broken entry of each agency."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.access import agency_context
from casework.models import Agency
from casework.services.journal import verify


class Command(BaseCommand):
    """manage.py verify_journal; exit code 1 when a chain is broken."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """One line an agency."""
        broken = 0
        for agency in Agency.objects.order_by("pk"):
            with agency_context(agency.pk):
                result = verify(agency)
            state = f"BROKEN: {result.broken}" if result.broken else "whole"
            self.stdout.write(
                f"{agency.ref} {result.entries} chained, {result.waiting} waiting, {state}"
            )
            broken += bool(result.broken)
        if broken:
            msg = f"{broken} chain(s) broken."
            raise CommandError(msg)
