"""Everything between an empty database and a first log-in: tables, knowledge, demo, assets."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """manage.py prepare [--demo]; a second run changes nothing and is quick."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--demo also loads the invented agencies and cases."""
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """In one process, because starting Python is half of the time."""
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        self.stdout.write("tables are in place")
        call_command("load_seeds", verbosity=options["verbosity"])
        if options["demo"]:
            call_command("load_demo")
        call_command("collectstatic", verbosity=0, interactive=False)
        self.stdout.write("assets are in place")
