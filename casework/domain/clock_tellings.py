"""What a clock says, as plain data that commands print."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from casework.domain.clock_rules import ClockRule
from casework.domain.clock_words import in_words
from casework.domain.clocks import missing
from casework.domain.local_time import local, stamp
from casework.domain.readings import Reading, ReadingState, blank

_FIRST = (ReadingState.RUNNING, ReadingState.REVIEW, ReadingState.PAUSED, ReadingState.OPEN)


def told(
    versions: Sequence[ClockRule], readings: Sequence[Reading], notes: Sequence[str] = ()
) -> dict[str, Any]:
    """The reading that matters first: what still runs, soonest due; all of them under `periods`.

    Without any, the answer says that nothing has started and which events would start it.
    """
    if not readings:
        newest = max(versions, key=lambda rule: (rule.in_force_from is not None, rule.version))
        wanted = [kind.value for kind in missing(versions)]
        step = f"Not started: record one of {', '.join(wanted)}, on a day the rule was in force."
        nothing = {**_one(newest, blank(newest, ReadingState.NOT_STARTED)), "steps": [step]}
        return {**nothing, "missing": wanted, "notes": list(notes), "periods": []}
    rules = {rule.version: rule for rule in versions}
    first = min(readings, key=lambda one: (one.state not in _FIRST, str(one.due_at or "9999")))
    return {
        **_one(rules[first.version], first),
        "missing": [],
        "notes": list(notes),
        "periods": [_one(rules[one.version], one) for one in readings],
    }


def _one(rule: ClockRule, reading: Reading) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "version": rule.version,
        "title": rule.title,
        "citation": rule.citation,
        "certainty": rule.certainty.value,
        "reviewed": rule.reviewed,
        "report_reading": rule.report_reading,
        "kind": rule.kind.value,
        "marks": rule.marks.value,
        "state": reading.state.value,
        "period": reading.period,
        "zone": reading.zone,
        "started_at": _stamped(reading.started_at),
        "due_at": _stamped(reading.due_at),
        "due_on": reading.due_on.isoformat() if reading.due_on else None,
        "due_local": _there(reading.due_at, reading.zone),
        "closes_at": _stamped(reading.closes_at),
        "review_on": reading.review_on.isoformat() if reading.review_on else None,
        "met_at": _stamped(reading.met_at),
        "late": reading.late,
        "paused_at": _stamped(reading.paused_at),
        "assumption": reading.assumption,
        "assumed_due_at": _stamped(reading.assumed_due_at),
        "steps": list(reading.steps),
    }


def _stamped(at: datetime | None) -> str | None:
    return stamp(at) if at else None


def _there(at: datetime | None, zone: str) -> str:
    return local(at.replace(microsecond=0), zone) if at else ""


def listed(versions: Sequence[ClockRule]) -> dict[str, Any]:
    """One rule of the list: its newest version in words, and what starts any of its versions."""
    newest = max(versions, key=lambda rule: str(rule.in_force_from or ""))
    return {
        "rule": newest.id,
        "title": newest.title,
        "kind": newest.kind.value,
        "period": in_words(newest),
        "citation": newest.citation,
        "triggers": [kind.value for kind in missing(versions)],
        "met_by": [kind.value for kind in newest.met_by],
        "versions": [rule.version for rule in versions],
    }
