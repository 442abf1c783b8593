"""Show what carries each demand of the report; fails when one is carried by nothing."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.domain.errors import SeedError
from casework.services.seed_coverage import Coverage, coverage
from casework.services.seed_rows import read_rows

_NAMED = 6


class Command(BaseCommand):
    """manage.py seeds_coverage [--json] [--all]; exit code 1 when something is missing."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much to show."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--all", action="store_true", help="name every row")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "seeds")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """One block a demand."""
        try:
            found = coverage(read_rows(options["folder"]))
        except SeedError as error:
            raise CommandError(error.detail) from error
        if options["json"]:
            document = {"carried_by": found.carried_by, "gaps": found.gaps}
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            self._show(found, named=None if options["all"] else _NAMED)
            self.stdout.write(f"{len(found.demands)} demands, {len(found.gaps)} gaps")
        if found.gaps:
            raise CommandError("\n".join(found.gaps))

    def _show(self, found: Coverage, *, named: int | None) -> None:
        for name, demand in found.demands.items():
            kinds = found.carried_by[name]
            self.stdout.write(f"{name} {demand.title} ({sum(map(len, kinds.values()))} rows)")
            for kind, codes in kinds.items():
                more = f" and {len(codes) - named} more" if named and len(codes) > named else ""
                self.stdout.write(f"    {kind:<16}{', '.join(codes[:named])}{more}")
