"""What partners' systems can hear of, and what they are told: a type, references and moments."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class WebhookEvent(StrEnum):
    """What a webhook can be told."""

    DEADLINE_STARTED = "deadline.started"
    DEADLINE_MOVED = "deadline.moved"
    DEADLINE_AHEAD = "deadline.ahead"
    DEADLINE_OVERDUE = "deadline.overdue"
    DEADLINE_MET = "deadline.met"
    DEADLINE_LATE = "deadline.late"
    REFERRAL_RECEIVED = "referral.received"
    REFERRAL_ANSWERED = "referral.answered"


_REFS = ("case", "deadline", "referral")
_MOMENTS = ("started_at", "due_at", "met_at")


def moment_in(params: Mapping[str, Any], name: str) -> datetime | None:
    """A moment that stands among the parameters in ISO form, in UTC; None where there is none."""
    try:
        moment = datetime.fromisoformat(str(params.get(name) or ""))
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.astimezone(UTC)


def is_overdue(params: Mapping[str, Any], now: datetime) -> bool:
    """Whether what was written ahead of a due moment leaves at it or after it."""
    due = moment_in(params, "due_at")
    return due is not None and due <= now


def event_at_sending(event: WebhookEvent, params: Mapping[str, Any], now: datetime) -> WebhookEvent:
    """What is true when it leaves: a word of warning that is late is a word of being overdue."""
    ahead = event is WebhookEvent.DEADLINE_AHEAD
    return WebhookEvent.DEADLINE_OVERDUE if ahead and is_overdue(params, now) else event


def payload(event: WebhookEvent, params: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What leaves. Whatever is no reference and no moment stays here, by whatever name it came."""
    refs = {name: str(params[name]) for name in _REFS if _is_ref(params.get(name))}
    moments = {name: moment_in(params, name) for name in _MOMENTS}
    told = {name: _written(moment) for name, moment in moments.items() if moment}
    return {"type": event.value, "timestamp": _written(at), "data": {**refs, **told}}


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _is_ref(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
