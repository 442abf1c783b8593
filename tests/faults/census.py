"""The count afterwards: keys at the sink and rows in PostgreSQL. What the application says of
itself is not asked.
"""

from dataclasses import dataclass
from datetime import datetime

from casework.gateways.email import message_id
from casework.gateways.webhooks import call_id
from tests.faults.household import Household
from tests.faults.planting import Field

Outage = tuple[datetime, datetime]

_SETTLED = """
    SELECT r.ref::text, r.status, r.fire_at, r.settled_at,
           array(SELECT n.recipient_id FROM casework_notice n WHERE n.key = 'reminder:' || r.ref),
           array(SELECT w.ref::text FROM casework_webhook w WHERE w.agency_id = r.agency_id)
    FROM casework_reminder r WHERE r.ref::text = ANY(%(refs)s)
"""
_TOLD_TWICE = """
    SELECT count(*) - count(DISTINCT (recipient_id, params->>'deadline', params->>'rung'))
    FROM casework_notice WHERE key LIKE 'reminder:%'
"""
_JOURNALED_TWICE = """
    SELECT (SELECT count(*) FROM casework_journalentry WHERE action = 'reminder.fired')
         - (SELECT count(*) FROM casework_reminder WHERE status = 'fired')
"""
_UNSENT = """
    SELECT (SELECT count(*) FROM casework_reminder r
            WHERE r.ref::text = ANY(%(refs)s) AND r.status = 'scheduled')
         + (SELECT count(*) FROM casework_outboxmessage WHERE sent_at IS NULL)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What was found."""

    planted: int
    lost: int
    """Planted, and without a notice, or a notice without its letter, or a webhook not called."""
    told_twice: int
    journaled_twice: int
    unknown: int
    """Keys at the sink that the outbox does not know."""
    repeats: int
    """The same letter once more at the sink."""
    calls: int
    """What a partner's system was told, each once."""
    calls_repeated: int
    early: int
    lags: tuple[float, ...]
    """Seconds from falling due to being told, in order; outages of the database cut out."""

    @property
    def wrong(self) -> dict[str, int]:
        """What must be nought, where it is not."""
        counts = {
            "lost": self.lost,
            "told twice": self.told_twice,
            "journaled twice": self.journaled_twice,
            "unknown": self.unknown,
            "early": self.early,
        }
        return {name: count for name, count in counts.items() if count}

    def lag(self, share: float) -> float:
        """The lag that this share of the reminders keeps within."""
        return self.lags[min(len(self.lags) - 1, int(share * len(self.lags)))] if self.lags else 0.0

    def line(self) -> str:
        """One row of the report."""
        return (
            f"{self.planted:>6} planted  lost {self.lost}  in-app twice {self.told_twice}"
            f"  journal twice {self.journaled_twice}  unknown keys {self.unknown}"
            f"  repeats {self.repeats}  calls {self.calls} (+{self.calls_repeated})"
            f"  early {self.early}"
            f"  lag p50 {self.lag(0.5):.1f} p99 {self.lag(0.99):.1f} max {self.lag(1):.1f} s"
        )


def is_drained(field: Field) -> bool:
    """Whether all that was planted is fired, and everything sent."""
    return field.house.records.count(_UNSENT, {"refs": sorted(field.refs)}) == 0


def count(field: Field, outages: list[Outage] | None = None) -> Census:
    """Look at the database and at the sink; call it when nobody is at work any more."""
    house = field.house
    rows = house.records.rows(_SETTLED, {"refs": sorted(field.refs)})
    ids, calls = house.mail.message_ids(), house.hooks.counts()
    arrived, told = set(ids), set(calls)
    fired = [row for row in rows if row[1] == "fired"]
    return Census(
        planted=len(field.refs),
        lost=len(field.refs)
        - sum(
            _is_told(ref, to, arrived) and _are_called(ref, hooks, told)
            for ref, _, _, _, to, hooks in fired
        ),
        told_twice=house.records.count(_TOLD_TWICE),
        journaled_twice=house.records.count(_JOURNALED_TWICE),
        unknown=len(arrived - _known(house)) + len(told - _called(house)),
        repeats=len(ids) - len(arrived),
        calls=len(told),
        calls_repeated=calls.total() - len(told),
        early=sum(settled < due for _, _, due, settled, *_ in fired),
        lags=tuple(sorted(_lag(due, settled, outages or []) for _, _, due, settled, *_ in fired)),
    )


def _is_told(ref: str, recipients: list[int], arrived: set[str]) -> bool:
    keys = {message_id(f"reminder:{ref}:email:{recipient}") for recipient in recipients}
    return bool(keys) and keys <= arrived


def _are_called(ref: str, webhooks: list[str], told: set[str]) -> bool:
    return {call_id(f"reminder:{ref}:webhook:{webhook}") for webhook in webhooks} <= told


def _known(house: Household) -> set[str]:
    rows = house.records.rows("SELECT key FROM casework_outboxmessage WHERE channel = 'email'")
    return {message_id(str(key)) for (key,) in rows}


def _called(house: Household) -> set[str]:
    rows = house.records.rows("SELECT key FROM casework_outboxmessage WHERE webhook_id IS NOT NULL")
    return {call_id(str(key)) for (key,) in rows}


def _lag(due: datetime, settled: datetime, outages: list[Outage]) -> float:
    """From falling due, or from the end of the outage in which it fell."""
    for began, ended in outages:
        if began <= due <= ended:
            due = ended
    return max((settled - due).total_seconds(), 0.0)
