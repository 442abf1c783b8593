"""The calendar: clocks by day, on a page, on paper, and in one's own calendar program."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.domain.clocks import ClockState
from casework.domain.errors import NotFoundError
from casework.domain.permissions import Capability, require
from casework.gateways.icalendar import CONTENT_TYPE
from casework.services.calendar_feeds import (
    dated_deadlines,
    feed_for,
    feed_text,
    make_feed,
    moment_of,
    own_feed,
    revoke_feed,
)
from casework.web.clocks import ClockView, clock_views
from casework.web.doors import Visitor, for_people, show

DAYS: Final = 60
MOST: Final = 500
"""So many clocks at most, the soonest: a page that can still be read and printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """The clocks of one day."""

    day: date
    clocks: list[ClockView]

    @property
    def title(self) -> str:
        """`Wednesday 25 November 2026`."""
        return date_format(self.day, "l j F Y")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSheet:
    """What lies behind, and the days that come, those without a clock left out."""

    overdue: list[ClockView]
    passed: list[ClockView]
    """Not overdue, because their moment is an assumption or a day to look again."""
    days: list[CalendarDay]


def sheet(clocks: Iterable[ClockView], today: date) -> CalendarSheet:
    """The clocks by the day of their own place, as their cards show it."""
    overdue, passed = [], []
    days: dict[date, list[ClockView]] = {}
    for clock in clocks:
        day = _day_of(clock)
        if clock.state is ClockState.OVERDUE:
            overdue.append(clock)
        elif not clock.running and day < today:
            passed.append(clock)
        elif _lies_ahead(clock) and day <= today + timedelta(days=DAYS):
            days.setdefault(day, []).append(clock)
    return CalendarSheet(
        overdue=overdue,
        passed=passed,
        days=[CalendarDay(day=day, clocks=days[day]) for day in sorted(days)],
    )


def _lies_ahead(clock: ClockView) -> bool:
    """Not so where something merely opened: that is no appointment any more."""
    return not clock.row.due_at or clock.row.due_at >= clock.now


def _day_of(clock: ClockView) -> date:
    moment = moment_of(clock.row)
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo(clock.row.zone)).date()
    return moment


@for_people
@require_safe
def calendar(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Clocks by day."""
    return _page(request, me)


@for_people
@require_POST
def feed_make(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Make the feed or replace it; the answer alone carries its address."""
    made = make_feed(by=me.by, at=me.at)
    path = reverse("calendar_feed", args=[me.by.ref, made.secret])
    return _page(request, me, {"address": request.build_absolute_uri(path)})


@for_people
@require_POST
def feed_revoke(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Take the feed back."""
    if revoke_feed(by=me.by, at=me.at):
        messages.success(request, _("The address no longer works."))
    return redirect("calendar")


@require_safe
def feed(request: HttpRequest, user: UUID, secret: str) -> HttpResponse:  # noqa: ARG001
    """The feed itself, for a program that has its address and nothing else."""
    try:
        owner, by = feed_for(user, secret)
    except NotFoundError as error:
        raise Http404 from error
    return HttpResponse(feed_text(owner, by, at=datetime.now(UTC)), content_type=CONTENT_TYPE)


def _page(request: HttpRequest, me: Visitor, more: dict[str, Any] | None = None) -> HttpResponse:
    require(me.by, Capability.READ_DEADLINES)
    today = me.at.astimezone(ZoneInfo(me.zone)).date()
    # A day more than is shown: elsewhere that day may still be one of ours.
    end = datetime.combine(today + timedelta(days=DAYS + 2), time.min, ZoneInfo(me.zone))
    rows = list(dated_deadlines(me.by, at=me.at, before=end)[: MOST + 1])
    context = {
        "sheet": sheet(clock_views(rows[:MOST], me.at), today),
        "days_shown": DAYS,
        "most": MOST if len(rows) > MOST else 0,
        "feed": own_feed(me.by),
        **(more or {}),
    }
    return show(request, me, "casework/calendar.html", context)
