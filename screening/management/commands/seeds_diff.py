"""Show what a change of the knowledge changes, and for whom: the demo cases under both."""

import io
import json
import subprocess
import tarfile
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.domain.errors import CaseworkError
from casework.gateways.json_files import day, refusal
from casework.services.seed_rows import Row, read_rows
from casework.services.seeds import read_document
from screening.services.seed_diff import Effect, RowChange, changed_rows, effects

_PLACES = 12


class Command(BaseCommand):
    """manage.py seeds_diff OLD NEW [--on DATE] [--json]; each a folder or a revision of git."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which two, and for which day."""
        parser.add_argument("old", help="a folder of seeds, or a revision, e.g. HEAD~1")
        parser.add_argument("new", help="the same; the word `seeds` is the folder as it stands")
        parser.add_argument("--on", type=day, default=None, help="for which day; today if left out")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--cases", default=str(Path(settings.BASE_DIR) / "fixtures/demo.yaml"))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """The rows that differ, then the conclusions that differ."""
        on: date = options["on"] or datetime.now(UTC).date()
        try:
            old, new = _rows(options["old"]), _rows(options["new"])
            cases = read_document(Path(options["cases"]))["cases"]
            changes = changed_rows(old, new)
            found = list(effects(cases, old, new, on=on))  # type: ignore[arg-type]
        except CaseworkError as error:
            raise CommandError(refusal(error)) from error
        if options["json"]:
            document = {
                "on": on.isoformat(),
                "changes": [asdict(change) for change in changes],
                "effects": [asdict(effect) for effect in found],
            }
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            self._show(changes, found)

    def _show(self, changes: list[RowChange], found: list[Effect]) -> None:
        for change in changes:
            self.stdout.write(f"{change.what:<10}{change.kind} {change.code} {change.version}")
            for place in change.places[:_PLACES]:
                self.stdout.write(f"    {place.where}: {_short(place.old)} → {_short(place.new)}")
        for effect in found:
            was, now = effect.old or "nothing", effect.new or "nothing"
            self.stdout.write(f"{effect.case}: {effect.about}: {was} → {now}")
        cases = len({effect.case for effect in found})
        self.stdout.write(
            f"{len(changes)} definitions differ; {cases} demo cases come out otherwise"
        )


def _rows(name: str) -> list[Row]:
    folder = Path(name)
    if folder.is_dir():
        return read_rows(folder)
    with _of_revision(name) as unpacked:
        return read_rows(unpacked)


@contextmanager
def _of_revision(name: str) -> Iterator[Path]:
    """The seeds as they were at a revision. CommandError when git does not know it."""
    if name.startswith("-"):
        raise CommandError(f"{name} is neither a folder nor a revision.")
    command = ["git", "-C", str(settings.BASE_DIR), "archive", name, "seeds"]
    packed = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if packed.returncode:
        raise CommandError(f"{name} is neither a folder nor a revision that holds seeds.")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder) / "seeds"


def _short(value: object) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
