"""Reminders planted by the thousand, and what became of them: told by the rows and by the sinks."""

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString

from casework.domain.permissions import Principal
from casework.gateways.email import message_id
from casework.models import Case
from tests import builders
from tests.faults.mail_house import MailHouse
from tests.faults.servers import Records
from tests.faults.sockets import wait_until

RULE = "UAC-TRANSFER-72H"
_PLANT = """
    INSERT INTO casework_reminder
        (agency_id, deadline_id, deadline_version, ref, rung, fire_at, audience, status)
    SELECT d.agency_id, d.id, d.version, gen_random_uuid(), 'test_' || %(mark)s::text || n,
           now() + make_interval(secs => %(begin)s + %(span)s * n / %(number)s::float),
           '{assignee}', 'scheduled'
    FROM casework_deadline d, generate_series(1, %(number)s) n
    WHERE d.rule = 'UAC-TRANSFER-72H' AND d.status = 'running'
    RETURNING id
"""
_OUTCOME = """
    WITH planted AS (SELECT * FROM casework_reminder WHERE rung LIKE 'test_%'),
    notices AS (
        SELECT n.recipient_id, n.key FROM casework_notice n
        JOIN planted ON n.key = 'reminder:' || planted.ref
    )
    SELECT (SELECT count(*) FROM planted),
           (SELECT count(*) FROM planted WHERE status = 'fired'),
           (SELECT count(*) FROM notices),
           (SELECT count(*) FROM (SELECT DISTINCT recipient_id, key FROM notices) AS each),
           (SELECT count(*) FROM casework_journalentry j JOIN planted
            ON j.detail ->> 'reminder' = planted.ref::text WHERE j.action = 'reminder.fired')
"""
_WAITING = """
    SELECT count(*) FROM casework_reminder WHERE rung LIKE 'test_%' AND status = 'scheduled'
"""
_SLOWEST = """
    SELECT max(extract(epoch FROM settled_at - fire_at)) FROM casework_reminder
    WHERE rung LIKE 'test_%' AND status = 'fired'
"""


def running_clock(by: Principal) -> Case:
    """A case with a clock of 72 hours that began just now, for reminders to be planted on."""
    then = datetime.now(UTC)
    case = builders.open_case(by=by, at=then)
    builders.record_event(case=case, by=by, at=then, kind="uac_determined")
    return case


def plant(
    records: Records, number: int, *, begin: float = 0.0, span: float = 0.0, mark: str = ""
) -> int:
    """So many on each running clock, coming due one after another over `span` seconds.

    `begin` is when the first does, seconds from now. Gives how many there are altogether.
    """
    values = {"number": number, "begin": begin, "span": span, "mark": mark}
    return len(records.rows(_PLANT, values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What stands in the database about the planted reminders."""

    planted: int
    fired: int
    notices: int
    told: int
    """Notices but for repeats to the same reader."""
    journaled: int

    @property
    def faults(self) -> dict[str, int]:
        """Whatever is not as it has to be, once all is over."""
        return {
            "lost": self.planted - self.told,
            "not fired": self.planted - self.fired,
            "told twice": self.notices - self.told,
            "journaled otherwise": self.journaled - self.planted,
        }


NO_FAULTS = {"lost": 0, "not fired": 0, "told twice": 0, "journaled otherwise": 0}


def outcome(records: Records) -> Outcome:
    """As it is now; each planted reminder has the one reader."""
    planted, fired, notices, told, journaled = records.rows(_OUTCOME)[0]
    return Outcome(planted=planted, fired=fired, notices=notices, told=told, journaled=journaled)


def all_fired(records: Records, *, seconds: float) -> bool:
    """Wait until none of the planted is waiting any more."""
    return wait_until(lambda: records.count(_WAITING) == 0, seconds=seconds)


def all_sent(records: Records, *, seconds: float) -> bool:
    """Wait until the outbox is empty."""
    waiting: LiteralString = "SELECT count(*) FROM casework_outboxmessage WHERE sent_at IS NULL"
    return wait_until(lambda: records.count(waiting) == 0, seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """What the mail server has of the letters that the notices of planted reminders call for."""

    missing: int
    repeats: int
    """The same message once more, under the same Message-ID."""
    strange: int
    """Under a Message-ID that no reminder explains."""


def letters(records: Records, mail: MailHouse) -> Letters:
    """Compare the sink's folder with the rows."""
    rows = records.rows(
        "SELECT r.rung, 'reminder:' || r.ref || ':email:' || n.recipient_id FROM casework_notice n"
        " JOIN casework_reminder r ON n.key = 'reminder:' || r.ref"
    )
    known = {message_id(key) for _, key in rows}
    wanted = {message_id(key) for rung, key in rows if rung.startswith("test_")}
    came = Counter(mail.message_ids())
    return Letters(
        missing=len(wanted - set(came)),
        repeats=came.total() - len(came),
        strange=len(set(came) - known),
    )


def say(row: str, **figures: object) -> None:
    """One line of figures for a row of the fault matrix."""
    told = ", ".join(f"{name.replace('_', ' ')} {figure}" for name, figure in figures.items())
    sys.stdout.write(f"\n{row:<4} {told}\n")


def slowest(records: Records) -> float:
    """Seconds from the instant of a planted reminder to its firing; the longest."""
    return records.number(_SLOWEST)
