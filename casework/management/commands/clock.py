"""Compute a legal clock by hand, step by step; needs no database."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.domain.circumstances import Circumstances
from casework.domain.clock_arguments import (
    DEFAULT_ZONE,
    check_year,
    near,
    read_acts,
    read_events,
    read_facts,
)
from casework.domain.clock_tellings import listed, told
from casework.domain.clocks import ClockKind, ClockRule, Reading, derive
from casework.domain.errors import CaseworkError, InvalidInputError
from casework.domain.local_time import end_of_day, place
from casework.gateways.json_files import day, refusal
from casework.services.seed_rows import read_rows
from casework.services.written_clocks import WrittenClocks, written_clocks


class Command(BaseCommand):
    """manage.py clock RULE --event NAME=WHEN --fact NAME=VALUE [--zone Z] [--on DATE] [--json]."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The rule and all that it follows from; or --list for the rules and what starts them."""
        parser.add_argument("rule", nargs="?", help="the id of a rule, as UAC-TRANSFER-72H")
        parser.add_argument("--list", action="store_true", help="every rule and its triggers")
        parser.add_argument(
            *("-e", "--event"), action="append", default=[], metavar="NAME=WHEN",
            help="2026-03-07T10:00:00-06:00, a local time with --zone, or a day",
        )  # fmt: skip
        parser.add_argument("--fact", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--act", action="append", default=[], metavar="KIND=WHEN")
        parser.add_argument("--zone", default=None, help="an IANA zone, as America/Chicago")
        parser.add_argument("--agency-zone", default=None, help="the same zone if left out")
        parser.add_argument("--on", type=day, default=None, help="as seen at the end of which day")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "seeds")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Read, compute, show."""
        try:
            clocks = written_clocks(read_rows(options["folder"]))
            answer = self._list(clocks) if options["list"] else self._compute(clocks, options)
        except CaseworkError as error:
            raise CommandError(refusal(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            self._show(answer)

    def _list(self, clocks: WrittenClocks) -> dict[str, Any]:
        return {"rules": [listed(versions) for _, versions in sorted(clocks.versions.items())]}

    def _compute(self, clocks: WrittenClocks, options: dict[str, Any]) -> dict[str, Any]:
        versions = _named(clocks, options["rule"])
        zone = options["zone"]
        agency_zone = options["agency_zone"] or zone or DEFAULT_ZONE
        place(agency_zone)
        facts, by_mail = read_facts(options["fact"], clocks.facts)
        hours = any(rule.kind is ClockKind.ELAPSED_HOURS for rule in versions)
        events, notes = read_events(options["event"], zone, by_mail=by_mail, to_the_hour=hours)
        case = Circumstances(
            events=tuple(events),
            facts=facts,
            acts=tuple(read_acts(options["act"], versions, zone)),
            calendars=clocks.calendars,
            agency_zone=agency_zone,
            as_of=_as_of(options["on"], agency_zone),
        )
        readings = derive(versions, case)
        _check_reached(case, readings)
        return told(versions, readings, notes)

    def _show(self, answer: dict[str, Any]) -> None:
        for rule in answer.get("rules", ()):
            self.stdout.write(f"{rule['rule']}: {rule['period']} [{', '.join(rule['triggers'])}]")
        if "rules" in answer:
            return
        self.stdout.write(f"{answer['rule']}: {answer['title']} ({answer['citation']})")
        for note in answer["notes"]:
            self.stdout.write(f"  note: {note}")
        for one in answer["periods"] or [answer]:
            moment = one["due_on"] or one["due_at"] or one["review_on"] or one["assumed_due_at"]
            label = f" {one['period']}" if one["period"] else ""
            self.stdout.write(f"{one['state']}{label}: {moment or '-'} {one['due_local']}".rstrip())
            for step in (*one["steps"], *filter(None, [one["assumption"]])):
                self.stdout.write(f"  {step}")


def _named(clocks: WrittenClocks, rule: str | None) -> list[ClockRule]:
    if not rule:
        raise CommandError("Name a rule, or ask for --list.")
    if rule not in clocks.versions:
        raise CommandError(f"There is no clock “{rule}”.{near(rule, clocks.versions)}")
    return clocks.versions[rule]


def _check_reached(case: Circumstances, readings: Sequence[Reading]) -> None:
    """Of several periods it is not said which one is meant: nothing is left out silently."""
    if case.acts and readings and all(one.period for one in readings):
        detail = "This clock runs once for each event or period; an act cannot say on which."
        raise InvalidInputError.at("/act", "several_periods", detail)


def _as_of(on: date | None, zone: str) -> datetime:
    if on is None:
        return datetime.now(UTC)
    check_year(on, "/on")
    return end_of_day(on, zone)
