"""Add a single holiday to a calendar, or take one back; every open clock it moves moves at once."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.domain.errors import InvalidInputError
from casework.services.knowledge import clock_book
from casework.services.rederiving import add_holiday, remove_holiday


class Command(BaseCommand):
    """manage.py holiday list|add|remove [CALENDAR DAY] [--title T --citation C]."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, the calendar and the day; a day that is added needs a title and a source."""
        parser.add_argument("what", choices=["list", "add", "remove"])
        parser.add_argument("calendar", nargs="?", default="federal")
        parser.add_argument("day", nargs="?", type=date.fromisoformat)
        parser.add_argument("--title", default="")
        parser.add_argument("--citation", default="")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Do it, and say how many clocks moved."""
        if options["what"] == "list":
            self._list(options["calendar"])
            return
        if options["day"] is None:
            raise CommandError("Give the day, as in 2026-12-24.")
        name, day, at = options["calendar"], options["day"], datetime.now(UTC)
        try:
            if options["what"] == "remove":
                done = remove_holiday(name, day, at=at)
            else:
                title, citation = options["title"], options["citation"]
                done = add_holiday(name, day, title=title, citation=citation, at=at)
        except InvalidInputError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{done.cases} cases looked at again, {done.moved} clocks moved")
        if done.failed:
            self.stderr.write(f"{done.failed} cases could not be derived: see the log")

    def _list(self, name: str) -> None:
        work = clock_book().calendars.get(name)
        if work is None:
            raise CommandError(f"There is no calendar “{name}”.")
        for day, title in work.kept_in(datetime.now(UTC).year):
            self.stdout.write(f"{day} {day:%a} {title}")
