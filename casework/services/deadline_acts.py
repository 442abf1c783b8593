"""What people do about deadlines: each with a reason, in the journal, and at most undone.

None of it sets a moment: an act is one more thing the clock is derived from. What the rule gives
no ground for is refused, whoever asks.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from casework.domain.clock_rules import ClockRule
from casework.domain.errors import InvalidInputError, NotAllowedNowError
from casework.domain.permissions import Capability, Principal, Role, require
from casework.models import Case, Deadline, DeadlineAct
from casework.services import journal
from casework.services.deadline_grounds import checked_grounds, checked_moment
from casework.services.deadlines import derive_deadlines, rule_of
from casework.services.notices import notify_members
from casework.services.sealing import seal_value
from casework.services.wording import clean_text

Kind = DeadlineAct.Kind
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


REOPEN, TAKE_BACK = "reopen", "take_back"
_SUPERVISED = (Kind.PAUSE, Kind.EXTEND, Kind.WAIVE, Kind.REOPEN, Kind.TAKE_BACK)
"""Of which supervisors hear when they did not do it themselves."""
_OVER_BY_HAND = (Kind.MEET, Kind.WAIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Why something is done, and from when it counts (an aware datetime); None: from now."""

    reason: str
    since: datetime | None = None
    until: date | None = None
    """Of an extension whose length the rule does not name: the new last day."""
    entry: UUID | None = None
    """Of what is taken back: the entry that is meant, so that it is not another's, made since."""


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
    if any(act.kind in _OVER_BY_HAND for act in standing):
        return (*kinds, REOPEN)
    return (*kinds, TAKE_BACK) if standing else tuple(kinds)


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


def reopen_deadline(row: Deadline, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    """Take back what met or waived it by hand; what met it by an event is the event's to mend."""
    return _undo(row, Kind.REOPEN, deed, by=by, at=at)


def take_back(row: Deadline, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    """Take back what was done about it last by hand, as an extension of the wrong clock."""
    return _undo(row, Kind.TAKE_BACK, deed, by=by, at=at)


@transaction.atomic
def _undo(row: Deadline, kind: Kind, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    require(by, Capability.CHANGE_DEADLINE)
    case, row = _locked(row)
    reason = _checked_reason(deed)
    undone = undone_by(row, kind)
    _check_undone(row, kind, undone, deed.entry)
    for act in undone:
        act.undone_at = at
        act.save(update_fields=["undone_at"])
    # Kept for its reason; in itself it moves nothing, so that it counts as undone.
    act = DeadlineAct(deadline=row, kind=kind, at=at, undone_at=at)
    return _derived(case, row, _store(act, case, reason, by, at), by=by, at=at)


def undone_by(row: Deadline, kind: Kind) -> list[DeadlineAct]:
    """The entries that reopening, or taking back, would undo as it stands, oldest first."""
    standing = list(row.acts.filter(undone_at__isnull=True).order_by("id"))
    over = [act for act in standing if act.kind in _OVER_BY_HAND]
    if kind is Kind.REOPEN:
        return over
    return [] if over else standing[-1:]


def _check_undone(row: Deadline, kind: Kind, undone: list[DeadlineAct], entry: UUID | None) -> None:
    if kind is Kind.REOPEN and not undone:
        raise NotAllowedNowError(
            "Nobody met or waived it by hand. What an event met is reopened by amending or "
            "retracting that event."
        )
    if not undone and row.acts.filter(undone_at__isnull=True).exists():
        raise NotAllowedNowError("It was met or waived by hand: reopen it first.")
    if not undone:
        raise NotAllowedNowError("Nothing was done about it by hand.")
    if entry and entry != undone[-1].ref:
        detail = "Something else was recorded about it meanwhile. Look at it again."
        raise InvalidInputError.at("/entry", "not_the_last", detail)


@transaction.atomic
def _act(row: Deadline, kind: Kind, deed: Deed, *, by: Principal, at: datetime) -> Deadline:
    require(by, Capability.CHANGE_DEADLINE)
    case, row = _locked(row)
    reason = _checked_reason(deed)
    if row.status not in _ALLOWED[kind]:
        raise NotAllowedNowError(_refusal(row, kind))
    since = checked_moment(row, deed.since or at, at)
    rule = rule_of(row)
    until = checked_grounds(row, rule, kind, deed.until, since)
    act = DeadlineAct(deadline=row, kind=kind, at=since, until=until)
    return _derived(case, row, _store(act, case, reason, by, at), by=by, at=at)


def _store(act: DeadlineAct, case: Case, reason: str, by: Principal, at: datetime) -> DeadlineAct:
    act.agency_id, act.recorded_by, act.recorded_at = case.agency_id, f"{by.kind}:{by.ref}", at
    act.reason = seal_value(act, "reason", reason, key=case.person.key) or b""
    act.save(force_insert=True)
    return act


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


def _derived(
    case: Case, row: Deadline, act: DeadlineAct, *, by: Principal, at: datetime
) -> Deadline:
    """Journal the deed, derive the clock anew, and tell the supervisors where it was not one."""
    journal.record(
        f"deadline.act.{act.kind}",
        f"case:{case.ref}",
        by=by,
        at=at,
        deadline=str(row.ref),
        rule=row.rule,
        period=row.period,
    )
    derive_deadlines(case, by=by, at=at, rules={row.rule})
    row = Deadline.objects.for_display().get(pk=row.pk)
    if by.role is not Role.SUPERVISOR and act.kind in _SUPERVISED:
        notify_members(
            case.agency,
            [Role.SUPERVISOR.value],
            key=f"act:{act.ref}",
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
