"""What people do about deadlines: each with a reason, in the journal, and at most undone.

None of it sets a moment: an act is one more thing the clock is derived from. What the rule gives
no ground for is refused, whoever asks.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from casework.domain.clock_rules import ClockRule
from casework.domain.errors import InvalidInputError, NotAllowedNowError
from casework.domain.local_time import day_of
from casework.domain.permissions import Capability, Principal, Role, require
from casework.models import Case, Deadline, DeadlineAct
from casework.services import journal
from casework.services.deadlines import Moved, derive_deadlines, rule_of
from casework.services.events import EARLIEST, FARTHEST_AHEAD
from casework.services.notices import notify_members
from casework.services.sealing import seal_value
from casework.services.wording import clean_text

Kind = DeadlineAct.Kind
_SKEW = timedelta(minutes=5)
_STARTED = ("running", "paused", "review", "open", "cannot_compute", "not_computed", "no_deadline")
_ALLOWED: dict[str, tuple[str, ...]] = {
    Kind.MEET: (*_STARTED, "ended"),
    Kind.PAUSE: ("running",),
    Kind.RESUME: ("paused",),
    Kind.EXTEND: ("running", "paused"),
    Kind.WAIVE: (*_STARTED, "ended"),
    Kind.EXCEPTION: (*_STARTED, "ended"),
    Kind.REVIEW: ("review",),
}


REOPEN = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Why something is done, and from when it counts (an aware datetime); None: from now."""

    reason: str
    since: datetime | None = None
    until: date | None = None
    """Of an extension whose length the rule does not name: the new last day."""


def meet_deadline(row: Deadline, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    """Record by hand when it was met. Met after its moment stays late."""
    return _act(row, Kind.MEET, deed, by=by, at=at)


def pause_deadline(row: Deadline, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    """Days stop counting, where the rule knows grounds for that."""
    return _act(row, Kind.PAUSE, deed, by=by, at=at)


def resume_deadline(row: Deadline, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    """Days count again; its moment moves by as many as were lost."""
    return _act(row, Kind.RESUME, deed, by=by, at=at)


def extend_deadline(row: Deadline, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    """Lengthen it by what the rule allows, as often as the rule allows."""
    return _act(row, Kind.EXTEND, deed, by=by, at=at)


def waive_deadline(row: Deadline, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    """It need not be met; reminders end. Waived after its moment stays late."""
    return _act(row, Kind.WAIVE, deed, by=by, at=at)


def rely_on_exception(row: Deadline, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    """Record that somebody relies on an exception; the clock goes on running."""
    return _act(row, Kind.EXCEPTION, deed, by=by, at=at)


def review_deadline(row: Deadline, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    """Somebody looked; the next look is counted from that day."""
    return _act(row, Kind.REVIEW, deed, by=by, at=at)


def allowed_acts(row: Deadline, rule: ClockRule) -> tuple[str, ...]:
    """What its state and its rule leave to be done by hand; for lists, prefetch `acts`."""
    standing = [act for act in row.acts.all() if act.undone_at is None]
    kinds = [
        kind.value
        for kind in Kind
        if row.status in _ALLOWED.get(kind, ()) and _has_grounds(kind, rule, standing)
    ]
    by_hand = any(act.kind in (Kind.MEET, Kind.WAIVE) for act in standing)
    return (*kinds, REOPEN) if by_hand else tuple(kinds)


def _has_grounds(kind: Kind, rule: ClockRule, standing: list[DeadlineAct]) -> bool:
    """Whether the rule, and what was done already, leave room for it."""
    done = [act.kind for act in standing]
    if kind is Kind.PAUSE:
        return bool(rule.tolling)
    if kind is Kind.RESUME:
        return done.count(Kind.PAUSE) > done.count(Kind.RESUME)
    if kind is Kind.EXTEND and rule.extension:
        return rule.extension.times is None or done.count(kind) < rule.extension.times
    return kind is not Kind.EXTEND


@transaction.atomic
def reopen_deadline(row: Deadline, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    """Take back what met or waived it by hand; what met it by an event is the event's to mend."""
    require(by, Capability.CHANGE_DEADLINE)
    case, row = _locked(row)
    reason = _checked_reason(deed)
    acts = row.acts.filter(kind__in=[Kind.MEET, Kind.WAIVE], undone_at__isnull=True)
    if not acts.exists():
        raise NotAllowedNowError(
            "Nobody met or waived it by hand. What an event met is reopened by amending or "
            "retracting that event."
        )
    for act in acts:
        act.undone_at = at
        act.save(update_fields=["undone_at"])
    # Kept for its reason; in itself it moves nothing, so that it counts as undone.
    _store(DeadlineAct(deadline=row, kind=Kind.REOPEN, at=at, undone_at=at), case, reason, by, at)
    return _derived(case, row, "reopen", by=by, at=at)


@transaction.atomic
def _act(row: Deadline, kind: Kind, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    require(by, Capability.CHANGE_DEADLINE)
    case, row = _locked(row)
    reason = _checked_reason(deed)
    if row.status not in _ALLOWED[kind]:
        raise NotAllowedNowError(_refusal(row, kind))
    since = _checked_moment(row, deed.since or at, at)
    rule = rule_of(row)
    until = _checked_grounds(row, rule, kind, deed, since)
    _store(DeadlineAct(deadline=row, kind=kind, at=since, until=until), case, reason, by, at)
    return _derived(case, row, kind.value, by=by, at=at)


def _store(act: DeadlineAct, case: Case, reason: str, by: Principal, at: datetime) -> None:
    act.agency_id, act.recorded_by, act.recorded_at = case.agency_id, f"{by.kind}:{by.ref}", at
    act.reason = seal_value(act, "reason", reason, key=case.person.key) or b""
    act.save(force_insert=True)


def _locked(row: Deadline) -> tuple[Case, Deadline]:
    case = Case.objects.locked().for_display().get(pk=row.case_id)
    return case, Deadline.objects.select_related("definition").get(pk=row.pk)


def _checked_reason(deed: Deed) -> str:
    reason = clean_text(deed.reason, "/reason")
    if not reason:
        raise InvalidInputError.at("/reason", "required", "Say why; it stays with the deadline.")
    return reason


def _refusal(row: Deadline, kind: Kind) -> str:
    if kind is Kind.PAUSE and row.status == "paused":
        return "It is paused already."
    if kind is Kind.RESUME:
        return "It is not paused."
    return f"Not possible while it is {row.status.replace('_', ' ')}."


def _checked_moment(row: Deadline, since: datetime, now: datetime) -> datetime:
    if since.utcoffset() is None:
        raise InvalidInputError.at("/at", "no_offset", "Give the moment with its offset.")
    if since > now + _SKEW:
        raise InvalidInputError.at("/at", "in_the_future", "This lies in the future.")
    if since < EARLIEST:
        raise InvalidInputError.at("/at", "too_long_ago", "This lies before 1970.")
    if row.started_at and not _after_start(row, since):
        detail = "This lies before the clock began."
        raise InvalidInputError.at("/at", "before_start", detail)
    return since


def _after_start(row: Deadline, since: datetime) -> bool:
    """Days compare dates, hours instants; a count back begins with its moment."""
    start = row.started_at or since
    if row.due_at and row.due_at < start:
        start = row.due_at
    if row.due_on or row.review_on:
        return day_of(since, row.zone) >= day_of(start, row.zone)
    return since >= start


def _checked_grounds(
    row: Deadline, rule: ClockRule, kind: Kind, deed: Deed, since: datetime
) -> date | None:
    """The law's own grounds for stopping or stretching a clock. Returns the new last day if any."""
    if kind is Kind.PAUSE:
        _check_pause(row, rule, since)
    if kind is Kind.RESUME:
        _check_resume(row, since)
    if kind is Kind.EXTEND:
        return _checked_extension(row, rule, deed, since)
    if deed.until is not None:
        raise InvalidInputError.at("/until", "not_wanted", "Only an extension has a new last day.")
    return None


def _check_pause(row: Deadline, rule: ClockRule, since: datetime) -> None:
    if not rule.tolling:
        raise NotAllowedNowError(
            f"Our sources name no ground on which this clock stops ({rule.citation}). It goes on "
            "running; an exception can be recorded instead."
        )
    if row.due_on and day_of(since, row.zone) > row.due_on:
        detail = "It had run out before that moment."
        raise InvalidInputError.at("/at", "after_the_end", detail)
    last = row.acts.filter(kind=Kind.RESUME, undone_at__isnull=True).order_by("-at").first()
    if last and since < last.at:
        detail = "It was paused and resumed after that moment already."
        raise InvalidInputError.at("/at", "before_last_resume", detail)


def _check_resume(row: Deadline, since: datetime) -> None:
    last = row.acts.filter(kind=Kind.PAUSE, undone_at__isnull=True).order_by("-at").first()
    over = row.acts.filter(kind=Kind.RESUME, undone_at__isnull=True).order_by("-at").first()
    if last is None or (over and over.at >= last.at):
        raise NotAllowedNowError("An event paused it; record the event that ends the pause.")
    if since < last.at:
        raise InvalidInputError.at("/at", "before_pause", "This lies before the pause began.")


def _checked_extension(row: Deadline, rule: ClockRule, deed: Deed, since: datetime) -> date | None:
    extension = rule.extension
    if extension is None:
        raise NotAllowedNowError(f"Our sources know no extension of this clock ({rule.citation}).")
    before = row.acts.filter(kind=Kind.EXTEND, undone_at__isnull=True).count()
    if extension.times is not None and before >= extension.times:
        raise NotAllowedNowError("It was extended as often as the rule allows.")
    if extension.by is not None:
        if deed.until is not None:
            detail = "The rule names the length; give no day."
            raise InvalidInputError.at("/until", "not_wanted", detail)
        return None
    if deed.until is None:
        detail = "Our sources name no length: give the new last day."
        raise InvalidInputError.at("/until", "required", detail)
    if deed.until > day_of(since + FARTHEST_AHEAD, row.zone):
        detail = "This lies more than 25 years ahead; check the year."
        raise InvalidInputError.at("/until", "too_far_ahead", detail)
    if row.due_on and deed.until <= row.due_on:
        raise InvalidInputError.at("/until", "too_early", "This is not after the present last day.")
    return deed.until


def _derived(case: Case, row: Deadline, what: str, *, by: Principal, at: datetime) -> Deadline:
    """Journal the deed, derive the clock anew, and tell the supervisors where it was not one."""
    journal.record(
        f"deadline.act.{what}",
        f"case:{case.ref}",
        by=by,
        at=at,
        deadline=str(row.ref),
        rule=row.rule,
        period=row.period,
    )
    moved: list[Moved] = derive_deadlines(case, by=by, at=at, rules={row.rule})
    row = Deadline.objects.for_display().get(pk=row.pk)
    if by.role is not Role.SUPERVISOR and what in ("pause", "extend", "waive", "reopen"):
        notify_members(
            case.agency,
            [Role.SUPERVISOR.value],
            key=f"act:{row.ref}:{what}:{row.version}:{len(moved)}",
            template="deadline_changed",
            params={
                "case": str(case.ref),
                "number": case.number,
                "deadline": str(row.ref),
                "rule": row.rule,
            },
            at=at,
        )
    return row
