"""Hold a file of facts against every form of relief in force on a day; needs no database."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.domain.errors import CaseworkError
from casework.domain.explaining import explained
from casework.domain.fact_files import WrittenFacts, read_facts
from casework.domain.relief import Assessment
from casework.domain.way_finding import Relief, facts_about
from casework.gateways.json_files import day, read_json, refusal
from casework.services.rule_book import RuleBook
from casework.services.seed_rows import read_rows

NOTE = "How far what is known supports each form of relief. A person decides."


class Command(BaseCommand):
    """manage.py assess FACTS.json [--on DATE] [--pathway ID] [--json]; `-` reads standard input."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the day, and which pathway."""
        parser.add_argument("facts", help="a JSON file: {code: value}; - for standard input")
        parser.add_argument("--on", type=day, default=None, help="for which day; today if left out")
        parser.add_argument("--pathway", action="append", default=[], help="only this one")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "seeds")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Read, assess, show."""
        on: date = options["on"] or datetime.now(UTC).date()
        try:
            book = RuleBook(rows=read_rows(options["folder"]), on=on)
            written = read_facts(read_json(options["facts"], sys.stdin), book.facts)
        except CaseworkError as error:
            raise CommandError(refusal(error)) from error
        relief = book.relief(written.facts, written.offences)
        show = self._as_json if options["json"] else self._as_text
        show(book, written, relief, frozenset(options["pathway"]))

    def _as_json(
        self, book: RuleBook, _written: WrittenFacts, relief: Relief, only: frozenset[str]
    ) -> None:
        assessments = [
            {
                **asdict(one),
                "digest": book.pathways[one.pathway][0].digest,
                "citations": sorted(
                    {one.citation, *(r.citation for r in (*one.criteria, *one.bars))}
                ),
            }
            for one in relief.assessments
            if not only or one.pathway in only
        ]
        answer = {
            "on": book.on.isoformat(),
            "note": NOTE,
            "assessments": assessments,
            "unplaced": [asdict(one) for one in relief.unplaced],
        }
        self.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False, default=_plain))

    def _as_text(
        self, book: RuleBook, written: WrittenFacts, relief: Relief, only: frozenset[str]
    ) -> None:
        for one in relief.assessments:
            if only and one.pathway not in only:
                continue
            facts = facts_about(written.facts, written.offences, one.offence, on=book.on)
            pathway = book.pathways[one.pathway][1]
            if one.offence:
                self.stdout.write(f"Offence: {one.offence}")
            for line in explained(pathway, one, facts, book.facts):
                self.stdout.write(line)
            self.stdout.write("")
        for waiting in relief.unplaced:
            about = f"Offence: {waiting.offence}. " if waiting.offence else ""
            self.stdout.write(
                f"{about}Not placed until {' and '.join(waiting.facts)} is known: "
                f"{', '.join(waiting.pathways)}"
            )
        self.stdout.write(NOTE)


def _citations(one: Assessment) -> list[str]:
    return sorted({one.citation, *(row.citation for row in (*one.criteria, *one.bars))})


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value.model_dump(mode="json", by_alias=True)  # type: ignore[attr-defined]
