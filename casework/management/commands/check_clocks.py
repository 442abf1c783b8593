"""The nightly check, now: stuck cases, clocks without rungs, rungs without clocks, and the rest."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from casework.services.checking import check_all


class Command(BaseCommand):
    """manage.py check_clocks [--quiet]; what can be mended is mended, the rest is told."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--quiet says only how many."""
        parser.add_argument("--quiet", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """One line a finding: its kind, the case by number, the rule; nothing of any person."""
        found = [one for findings in check_all(at=datetime.now(UTC)).values() for one in findings]
        if not options["quiet"]:
            for one in found:
                mended = " (mended)" if one.mended else ""
                self.stdout.write(f"{one.kind:<22}{one.case:<11}{one.what}{mended}".rstrip())
        left = sum(not one.mended for one in found)
        self.stdout.write(f"{len(found)} found, {len(found) - left} mended, {left} for a person")
