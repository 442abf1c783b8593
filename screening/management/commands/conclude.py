"""Conclude a file of answers to an instrument under the law of a day; needs no database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.domain.errors import CaseworkError
from casework.domain.ternary import Ternary
from casework.gateways.json_files import day, read_json, refusal
from casework.services.seed_rows import read_rows
from screening.domain.answer_files import read_answers
from screening.services.rule_book import ScreeningBook, finding_document


class Command(BaseCommand):
    """manage.py conclude INSTRUMENT ANSWERS.json [--on DATE] [--version V] [--json]."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which instrument, the file, the day."""
        parser.add_argument("instrument")
        parser.add_argument("answers", help="a JSON file: {question: value}; - for standard input")
        parser.add_argument("--on", type=day, default=None, help="for which day; today if left out")
        parser.add_argument("--instrument-version", default="")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "seeds")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Read, conclude, show."""
        on: date = options["on"] or datetime.now(UTC).date()
        code, version = options["instrument"], options["instrument_version"]
        try:
            book = ScreeningBook(rows=read_rows(options["folder"]), on=on)
            _, instrument = book.instrument(code, version)
            written = read_answers(read_json(options["answers"], sys.stdin), instrument)
            finding = book.conclude(code, written, version)
        except CaseworkError as error:
            raise CommandError(refusal(error)) from error
        document = finding_document(book, instrument, written, finding)
        if options["json"]:
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
            return
        for line in _lines(document):
            self.stdout.write(line)


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    yield f"{document['instrument']} {document['version']}, on {document['on']}"
    yield f"{document['outcome']}: {document['outcome_label']}"
    for name, value in document["dimensions"].items():
        yield f"  {name}: {value}"
    for form in document["forms"]:
        if form["band"] in ("strong", "some"):
            yield f"{form['form']} under {form['framework']}: {form['band']} ({form['citation']})"
            yield from _elements(form)
    yield from document["caveats"]


def _elements(form: Mapping[str, Any]) -> Iterator[str]:
    for element in form["elements"]:
        reason = _reason(element)
        yield f"  {element['element']}: {element['supported']}" + (f" ({reason})" if reason else "")
    yield from (f"  {note}" for note in form["notes"])


def _reason(element: Mapping[str, Any]) -> str:
    """Why it came out so; what is known to be absent needs no more than its no."""
    if element["not_needed_because"]:
        return str(element["not_needed_because"])
    if element["because"]:
        return f"because of {', '.join(element['because'])}"
    if element["supported"] == Ternary.NO:
        return ""
    return f"open: {', '.join(element['open_items'])}" if element["open_items"] else "open"
