"""Load the knowledge from seeds/: shows what changes, changes nothing on error."""

from argparse import ArgumentParser
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from casework.domain.errors import SeedError
from casework.services.knowledge import clock_book
from casework.services.rederiving import rederive, rules_touched
from casework.services.seed_rows import read_rows
from casework.services.seeds import Change, load


class Command(BaseCommand):
    """manage.py load_seeds [--check] [--folder DIR]."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check only says what would change; --folder reads another folder."""
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "seeds")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Load, and say row by row what changed."""
        try:
            changes = load(options["folder"], at=datetime.now(UTC), dry_run=options["check"])
        except SeedError as error:
            raise CommandError(f"Nothing was changed.\n{error.detail}") from error
        except OperationalError:
            if not options["check"]:
                raise
            self.stdout.write(_sound_without_database(options["folder"]))
            return
        if options["verbosity"] > 1 or len(changes) <= 20:
            for change in changes:
                self.stdout.write(f"{change.what:<10}{change.kind} {change.code} {change.version}")
        counts = Counter((change.what, change.kind) for change in changes)
        for (what, kind), number in sorted(counts.items()):
            self.stdout.write(f"{what:<10}{number:>4} {kind}")
        self.stdout.write("would change" if options["check"] else "seeds are loaded")
        if not options["check"]:
            self._rederive(changes)

    def _rederive(self, changes: list[Change]) -> None:
        """Clocks that a changed rule, calendar or ladder moves follow at once, case by case."""
        book = clock_book()
        touched = rules_touched(((change.kind, change.code) for change in changes), book)
        ladders = {change.code for change in changes if change.kind == "ladder"}
        done = rederive(touched, at=datetime.now(UTC), book=book, ladders=ladders)
        if done.cases:
            self.stdout.write(f"{done.cases} cases looked at again, {done.moved} clocks moved")
        if done.failed:
            self.stderr.write(f"{done.failed} cases could not be derived: see the log")


def _sound_without_database(folder: Path) -> str:
    try:
        rows = read_rows(folder)
    except SeedError as error:
        raise CommandError(error.detail) from error
    return f"{len(rows)} rows are sound; there is no database to compare them with"
