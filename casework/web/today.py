"""Today: clocks first, then what came in, then one's own cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.access import cases_for, deadlines_for, notices_for, referrals_for
from casework.domain.permissions import Capability, may
from casework.models import Notice, Referral
from casework.services.knowledge import clock_rules
from casework.services.notices import acknowledge
from casework.web.absences import absence_notes
from casework.web.clocks import by_urgency, clock_views
from casework.web.doors import Visitor, for_people, show
from casework.web.wording import NOTICES, Words

_CASES_SHOWN = 20
_NOTHING_TO_DO = ("stopped", "met", "waived", "held", "no_deadline")
"""Clocks that nobody has to look at today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGroup:
    """Notices about one thing, told once: the newest, and how often it was said."""

    latest: Notice
    refs: tuple[UUID, ...]
    clock: str = ""
    """The title of the clock it speaks of."""

    @property
    def words(self) -> Words:
        """What happened."""
        template = self.latest.template
        if template == "deadline_ahead" and not self.latest.params.get("due_at"):
            template = "deadline_to_look_at"
        return NOTICES.get(template, template)


def grouped(notices: Iterable[Notice], on: date) -> list[NoticeGroup]:
    """Unread notices by what they are about, newest first: an hourly reminder is one line."""
    titles = {rule.id: rule.title for _row, rule in clock_rules(on)}
    groups: dict[object, list[Notice]] = {}
    for notice in notices:
        about = notice.params.get("deadline") or notice.params.get("referral") or notice.ref
        groups.setdefault((notice.template, about), []).append(notice)
    return [
        NoticeGroup(
            latest=rows[0],
            refs=tuple(row.ref for row in rows),
            clock=titles.get(rows[0].params.get("rule"), ""),
        )
        for rows in groups.values()
    ]


@for_people
@require_safe
def today(request: HttpRequest, me: Visitor) -> HttpResponse:
    """The first page after logging in."""
    rows = deadlines_for(me.by).exclude(status__in=_NOTHING_TO_DO).soonest_first()
    waiting = [clock for clock in clock_views(rows, me.at) if not clock.over]
    mine = cases_for(me.by).open().order_by("-updated_at")
    if me.by.user_id and me.by.role == "supervisor":
        mine = mine.filter(models.Q(assignee_id=me.by.user_id) | models.Q(assignee__isnull=True))
    context = {
        "clocks": by_urgency(waiting, me.at),
        "notices": grouped(notices_for(me.by).unread(), me.at.date()),
        "cases": mine[:_CASES_SHOWN],
        "away": absence_notes(me),
        **_referrals(me),
    }
    return show(request, me, "casework/today.html", context)


def _referrals(me: Visitor) -> dict[str, list[Referral]]:
    """What came back, what came in, and what waits for a supervisor."""
    if not may(me.by, Capability.READ_REFERRALS):
        return {}
    rows = referrals_for(me.by).order_by("-updated_at")
    own = models.Q(sender_id=me.by.agency_id)
    came_back = ("returned", "accepted", "declined", "approved", "in_progress")
    return {
        "came_back": list(rows.filter(own, status__in=came_back)[:10]),
        "received": list(rows.exclude(own).filter(status__in=("sent", "accepted"))[:10]),
        "to_review": list(rows.filter(own).waiting_for_review())
        if may(me.by, Capability.APPROVE_REFERRAL)
        else [],
    }


@for_people
@require_POST
def read_notices(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Mark the notices named in the form as read; only one's own are found."""
    refs = [ref for ref in request.POST.getlist("notice") if _is_ref(ref)]
    for notice in notices_for(me.by).filter(ref__in=refs):
        acknowledge(notice, by=me.by, at=me.at)
    messages.success(request, _("Marked as read."))
    return redirect("today")


def _is_ref(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
