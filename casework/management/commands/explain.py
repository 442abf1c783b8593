"""Show a form of relief for a case as a tree: each part, how it came out, and because of what."""

import sys
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from casework.access import enter
from casework.domain.errors import CaseworkError
from casework.domain.fact_files import read_facts
from casework.domain.permissions import Capability
from casework.gateways.json_files import day, read_json, refusal
from casework.services.readers import case_called, reader_called
from casework.services.relief import explain_case, explain_facts
from casework.services.rule_book import RuleBook
from casework.services.seed_rows import read_rows

DEMO_READER = "bob@demo.example"


class Command(BaseCommand):
    """manage.py explain CASE PATHWAY --as EMAIL [--on DATE]; CASE may be a file of facts."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which case, which pathway, in whose eyes."""
        parser.add_argument(
            "case", help="a case number or ref, or a JSON file of facts; - for standard input"
        )
        parser.add_argument("pathway")
        parser.add_argument("--as", dest="reader", default=None, help="whose cases these are")
        parser.add_argument("--on", type=day, default=None, help="for which day; today if left out")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """A tree of lines. What is personal is never shown."""
        on: date = options["on"] or datetime.now(UTC).date()
        name, pathway = options["case"], options["pathway"]
        try:
            if name == "-" or name.endswith(".json"):
                lines = _of_file(name, pathway, on)
            else:
                lines = _of_case(name, pathway, options["reader"], on)
        except CaseworkError as error:
            raise CommandError(refusal(error)) from error
        for line in lines:
            self.stdout.write(line)


def _of_file(name: str, pathway: str, on: date) -> list[str]:
    book = RuleBook(rows=read_rows(Path(settings.BASE_DIR) / "seeds"), on=on)
    written = read_facts(read_json(name, sys.stdin), book.facts)
    ways = [way for _, way in book.pathways.values()]
    return explain_facts(written.facts, ways, book.facts, pathway, on=on, offences=written.offences)


@transaction.atomic
def _of_case(name: str, pathway: str, reader: str | None, on: date) -> list[str]:
    by = reader_called(in_whose_eyes(reader))
    enter(by)
    case = case_called(name, by, Capability.ASSESS_RELIEF)
    return explain_case(case, pathway, by=by, on=on)


def in_whose_eyes(reader: str | None) -> str:
    """The address of whoever asks; in the demo its supervisor, where nobody is named."""
    email = reader or (DEMO_READER if settings.DEMO else None)
    if email is None:
        raise CommandError("Say in whose eyes: --as EMAIL. Only what they may see is shown.")
    return email
