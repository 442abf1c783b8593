"""After a restore: mark as sent what the send journal says has left; before the loops start."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.services.send_journal import replay


class Command(BaseCommand):
    """manage.py replay_sends FILE."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE is what SEND_JOURNAL_FILE named while the messages left."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Replay every line, and say what came of them."""
        try:
            with options["file"].open(encoding="ascii", errors="replace") as lines:
                done = replay(lines)
        except OSError as problem:
            msg = f"{options['file']} cannot be read: {problem.strerror}"
            raise CommandError(msg) from problem
        self.stdout.write(
            f"marked {done.marked} as sent, {done.known} were, {done.unread} lines not understood"
        )
