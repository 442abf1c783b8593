"""Calendar feeds: a person's clocks for their own calendar program, read by a secret address.

A calendar program logs in nowhere, so its address is the key: long, shown once, kept as a hash,
and taken back with one button. What comes through it is neutral, because calendars are shared,
synchronised and read over shoulders.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, Q
from django.db.models.functions import Cast, Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from casework.access import deadlines_for, enter, principal_of_user, set_context
from casework.domain.clock_rules import Mark
from casework.domain.clocks import ClockState
from casework.domain.errors import NotFoundError
from casework.domain.permissions import Capability, Principal, may, require
from casework.gateways.icalendar import CalendarEntry, calendar_of
from casework.models import CalendarFeed, Deadline, User
from casework.models.deadlines import DeadlineQuerySet
from casework.services import journal
from casework.services.deadline_states import state_at

LONGEST: Final = 500
"""So many entries at most, the soonest; and as many that are gone, the newest."""
TOLD_AFTERWARDS: Final = timedelta(days=30)
"""How long a clock that is over is told as cancelled, so that every program drops it."""
_SECRET_BYTES: Final = 32
_SHOWN: Final = ("running", "cannot_compute", "review")
_OVER: Final = ("met", "stopped", "waived", "ended", "paused")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """A feed on its only way out: the secret is kept nowhere."""

    feed: CalendarFeed
    secret: str = field(repr=False)


@transaction.atomic
def make_feed(*, by: Principal, at: datetime) -> NewFeed:
    """A feed for the person who asks; an earlier one stops working at once."""
    require(by, Capability.READ_DEADLINES)
    owner = _locked_owner(by)
    _revoke_standing(by, at)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    feed = CalendarFeed.objects.create(
        agency_id=by.agency_id, user=owner, secret_hash=_hash_of(secret), created_at=at
    )
    journal.record("calendar_feed.made", f"user:{by.ref}", by=by, at=at, feed=str(feed.ref))
    return NewFeed(feed=feed, secret=secret)


@transaction.atomic
def revoke_feed(*, by: Principal, at: datetime) -> bool:
    """Take back the feed of the person who asks. Whether there was one."""
    _locked_owner(by)
    return _revoke_standing(by, at)


def own_feed(by: Principal) -> CalendarFeed | None:
    """The feed that works now for the person who asks."""
    feeds = CalendarFeed.objects.standing().filter(agency_id=by.agency_id)
    return feeds.filter(user_id=by.user_id).first() if by.user_id else None


def _locked_owner(by: Principal) -> User:
    """Held until the transaction ends, so that two requests do not both make one."""
    if by.user_id is None:
        raise NotFoundError
    return User.objects.select_for_update().get(pk=by.user_id)


def _revoke_standing(by: Principal, at: datetime) -> bool:
    feed = own_feed(by)
    if feed is None:
        return False
    feed.revoked_at = at
    feed.save(update_fields=["revoked_at"])
    journal.record("calendar_feed.revoked", f"user:{by.ref}", by=by, at=at, feed=str(feed.ref))
    return True


def feed_for(user_ref: UUID, secret: str) -> tuple[User, Principal]:
    """Whose feed it is and who that is at the feed's agency, whose context is then entered.

    NotFoundError, always the same, whatever does not fit: the person, the secret, a feed that was
    taken back, a membership that ended, a role that reads no clocks, an agency that is suspended.
    Every comparison is made, each in constant time.
    """
    user = User.objects.filter(ref=user_ref).first()
    set_context(agency_id=None, user_id=user.pk if user else None)
    feeds = CalendarFeed.objects.standing().filter(user=user).select_related("agency")
    given, found = _hash_of(secret), None
    for feed in feeds.order_by("pk"):
        if secrets.compare_digest(feed.secret_hash, given):
            found = feed
    if user is None or found is None:
        raise NotFoundError
    principal = principal_of_user(user, str(found.agency.ref))
    if principal is None or not may(principal, Capability.READ_DEADLINES):
        raise NotFoundError
    enter(principal)
    return user, principal


def dated_deadlines(
    by: Principal, *, at: datetime, before: datetime | None = None
) -> DeadlineQuerySet:
    """The clocks on the person's list that have a day or a moment, soonest first.

    What is overdue is the soonest and stays. What merely opened is told for a while afterwards.
    """
    dated = (
        deadlines_for(by)
        .filter(status__in=_SHOWN)
        .annotate(moment=Coalesce("due_at", "assumed_due_at", Cast("review_on", DateTimeField())))
    )
    wanted = Q(moment__isnull=False) if before is None else Q(moment__lt=before)
    opened = Q(marks=Mark.OPENS.value, due_at__lt=at - TOLD_AFTERWARDS)
    return dated.filter(wanted).exclude(opened).order_by("moment", "pk")


def feed_text(user: User, by: Principal, *, at: datetime) -> bytes:
    """The feed in the person's language: the clocks they would see on their list, neutrally."""
    dated = dated_deadlines(by, at=at).select_related(None)[:LONGEST]
    with translation.override(user.language):
        shown = [_entry(row, at) for row in dated]
        over = [_gone(row) for row in _over(by, since=at - TOLD_AFTERWARDS)]
        return calendar_of([*shown, *over], name=_("Reminders"))


def _over(by: Principal, *, since: datetime) -> DeadlineQuerySet:
    rows = deadlines_for(by).select_related(None)
    return rows.filter(status__in=_OVER, updated_at__gte=since).order_by("-updated_at")[:LONGEST]


def _entry(row: Deadline, at: datetime) -> CalendarEntry:
    overdue = state_at(row, at) is ClockState.OVERDUE
    return CalendarEntry(
        key=str(row.ref),
        version=row.version,
        when=moment_of(row),
        changed_at=max(row.updated_at, row.due_at) if overdue and row.due_at else row.updated_at,
        summary=_summary(row, overdue=overdue),
        description=_("Please sign in to see what this is about."),
    )


def _summary(row: Deadline, *, overdue: bool) -> str:
    if row.status == "cannot_compute":
        return _("Assumed reminder")
    return _("Reminder: overdue") if overdue else _("Reminder")


def _gone(row: Deadline) -> CalendarEntry:
    return CalendarEntry(
        key=str(row.ref),
        version=row.version,
        when=moment_of(row),
        changed_at=row.updated_at,
        summary=_("Reminder"),
        description=_("This is no longer due."),
        gone=True,
    )


def moment_of(row: Deadline) -> date | datetime:
    """The day of a clock that counts days, the instant of one that counts hours."""
    if row.status == "review" and row.review_on:
        return row.review_on
    known = row.due_on or row.due_at or row.assumed_due_at
    # What a stopped clock once came to is known no more; an entry needs some moment to be dropped.
    return known or row.updated_at


def _hash_of(secret: str) -> str:
    """Fast on purpose: the secret is 256 random bits, which nobody guesses."""
    return hashlib.sha256(secret.encode()).hexdigest()
