"""Show one clock of a case whole: rule, events, how it was reckoned, acts, reminders, messages."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from casework.access import enter
from casework.domain.errors import CaseworkError
from casework.domain.permissions import Capability
from casework.gateways.json_files import refusal
from casework.management.commands.explain import in_whose_eyes
from casework.services.clock_explaining import explain_clock
from casework.services.readers import case_called, reader_called


class Command(BaseCommand):
    """manage.py explain_clock CASE CLOCK --as EMAIL; CLOCK is a rule or a deadline's reference."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which case, which clock, in whose eyes."""
        parser.add_argument("case", help="a case number or reference")
        parser.add_argument("clock", help="a rule, as UAC-TRANSFER-72H, or a deadline's reference")
        parser.add_argument("--as", dest="reader", default=None, help="whose cases these are")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """One line for each thing that is known about the clock; reasons and notes stay out."""
        try:
            by = reader_called(in_whose_eyes(options["reader"]))
            enter(by)
            case = case_called(options["case"], by, Capability.READ_DEADLINES)
            lines = explain_clock(case, options["clock"], by=by, at=datetime.now(UTC))
        except CaseworkError as error:
            raise CommandError(refusal(error)) from error
        for line in lines:
            self.stdout.write(line)
