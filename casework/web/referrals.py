"""Referrals: drafted, reviewed, sent, received and answered, each by the side whose turn it is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.access import case_for, referral_for, referrals_for
from casework.domain.errors import ConsentMissingError, NotFoundError
from casework.domain.permissions import Capability, may, require
from casework.domain.referral_flow import (
    ReferralAction,
    ReferralStatus,
    Side,
    allowed_actions,
    side_of,
)
from casework.models import Referral
from casework.services import referrals as sending
from casework.services.packets import referral_texts
from casework.services.people import reveal_identity
from casework.services.received_referrals import answer_note, answer_referral, read_packet
from casework.web.doors import Visitor, for_people, show
from casework.web.forms import ReasonForm, attempt
from casework.web.names import names_of
from casework.web.packet_view import opened_lines, preview
from casework.web.referral_forms import ReferralForm
from casework.web.sentences import translated

_SENDER_NEEDS = {
    ReferralAction.APPROVE: Capability.APPROVE_REFERRAL,
    ReferralAction.RETURN: Capability.APPROVE_REFERRAL,
}
_ASKED_FOR = {
    ReferralAction.RETURN: gettext_lazy("To return it, say what has to change"),
    ReferralAction.DECLINE: gettext_lazy("To decline, say why; the sender reads it"),
}
_BUTTONS = {
    ReferralAction.SUBMIT: gettext_lazy("Ask a supervisor to review it"),
    ReferralAction.APPROVE: gettext_lazy("Approve"),
    ReferralAction.RETURN: gettext_lazy("Return it to its writer"),
    ReferralAction.SEND: gettext_lazy("Send it now"),
    ReferralAction.ACCEPT: gettext_lazy("Accept"),
    ReferralAction.DECLINE: gettext_lazy("Decline"),
    ReferralAction.START: gettext_lazy("Begin the work"),
    ReferralAction.COMPLETE: gettext_lazy("Mark as completed"),
    ReferralAction.WITHDRAW: gettext_lazy("Withdraw"),
}
_CLOSED_PACKET = ("withdrawn", "declined")


@for_people
@require_safe
def referral_list(request: HttpRequest, me: Visitor) -> HttpResponse:
    """What this agency sent and what it received."""
    rows = referrals_for(me.by).order_by("-updated_at", "-id")
    own = Q(sender_id=me.by.agency_id)
    context = {"received": rows.exclude(own)[:50], "sent": rows.filter(own)[:50]}
    return show(request, me, "casework/referrals.html", context)


@for_people
@require_safe
def review_queue(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Referrals that wait for a supervisor, the one whose case has the earliest clock first."""
    require(me.by, Capability.APPROVE_REFERRAL)
    running = Q(origin__case__deadlines__status="running")
    rows = list(
        referrals_for(me.by)
        .filter(sender_id=me.by.agency_id, status=ReferralStatus.SUBMITTED.value)
        .annotate(next_due=Min("origin__case__deadlines__due_at", filter=running))
        .order_by("next_due", "submitted_at", "id")
    )
    names = names_of(row.origin.drafted_by for row in rows)
    waiting = [{"row": row, "who": names[row.origin.drafted_by]} for row in rows]
    return show(request, me, "casework/review.html", {"waiting": waiting})


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def referral_new(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Draft a referral from a case; `again` fills the form from an earlier one."""
    case = case_for(me.by, ref, Capability.DRAFT_REFERRAL)
    form = ReferralForm(request.POST or None, me=me, initial=_initial(request, me))
    if request.method == "POST":
        made = attempt(
            form,
            lambda: sending.draft_referral(case, form.new_referral(), by=me.by, at=me.at),
        )
        if made is not None:
            messages.success(request, _("The draft is saved. Nothing has left yet."))
            return redirect("referral", made.ref)
    context = {"form": form, "case": case}
    return show(
        request, me, "casework/referral_new.html", context, status=422 if form.errors else 200
    )


def _initial(request: HttpRequest, me: Visitor) -> dict[str, Any]:
    again = request.GET.get("again")
    if not again:
        return {"pathway": request.GET.get("pathway", "")}
    earlier = referral_for(me.by, again)
    if earlier.sender_id != me.by.agency_id:
        raise NotFoundError
    return {
        "recipient": earlier.recipient.ref,
        "purpose": earlier.purpose,
        "urgency": earlier.urgency,
        "pathway": earlier.origin.pathway,
        "fields_": earlier.origin.fields,
        **referral_texts(earlier),
    }


@for_people
@require_safe
def referral_page(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """One referral, by whichever side the visitor is on; what it holds stays hidden."""
    referral = referral_for(me.by, ref)
    return show(request, me, "casework/referral.html", _context(referral, me))


@for_people
@require_POST
def referral_open(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """The same with the contents shown, in this answer only, and journaled."""
    referral = referral_for(me.by, ref)
    if referral.sent_at is not None:
        lines = opened_lines(read_packet(referral, by=me.by, at=me.at))
        context = {**_context(referral, me), "opened": lines}
    else:
        reveal_identity(referral.origin.case, by=me.by, at=me.at)
        context = _context(referral, me, shown=True)
    return show(request, me, "casework/referral.html", context)


@for_people
@require_POST
def referral_act(request: HttpRequest, me: Visitor, ref: UUID, action: str) -> HttpResponse:
    """Take one action; what stands against it is said on the referral's own page."""
    referral = referral_for(me.by, ref)
    if action not in set(ReferralAction):
        raise NotFoundError
    deed = ReferralAction(action)
    form = ReasonForm(request.POST, prefix=action)
    try:
        done = attempt(form, lambda: _do(deed, referral, form.cleaned_data["reason"], me.by, me.at))
    except ConsentMissingError as error:
        messages.error(request, translated(error.detail))
        return redirect("referral", ref)
    if done is None:
        context = _context(referral, me, refused={deed: form})
        return show(request, me, "casework/referral.html", context, status=422)
    messages.success(request, _("Done."))
    return redirect("referral", ref)


def _do(deed: ReferralAction, row: Referral, reason: str, by: Any, at: datetime) -> Referral:  # noqa: ANN401
    if side_of(deed) is Side.RECIPIENT:
        return answer_referral(row, deed, by=by, at=at, note=reason)
    if deed is ReferralAction.RETURN:
        return sending.return_referral(row, reason=reason, by=by, at=at)
    plain: dict[ReferralAction, Callable[..., Referral]] = {
        ReferralAction.SUBMIT: sending.submit_referral,
        ReferralAction.APPROVE: sending.approve_referral,
        ReferralAction.SEND: sending.send_referral,
        ReferralAction.WITHDRAW: sending.withdraw_referral,
    }
    return plain[deed](row, by=by, at=at)


def _context(
    row: Referral,
    me: Visitor,
    *,
    shown: bool = False,
    refused: dict[ReferralAction, ReasonForm] | None = None,
) -> dict[str, Any]:
    """What the page shows of a referral; a recipient gets the envelope and nothing of the case."""
    sender = row.sender_id == me.by.agency_id
    context: dict[str, Any] = {
        "referral": row,
        "sender": sender,
        "actions": _actions(row, me, refused or {}),
        "answer": answer_note(row),
        "can_open": row.sent_at is not None and row.status not in _CLOSED_PACKET,
    }
    if sender:
        lines = preview(row, at=me.at, shown=shown) if row.sent_at is None else []
        names = names_of([row.origin.drafted_by, row.origin.reviewed_by])
        context |= {
            "case": row.origin.case,
            "lines": lines,
            "uncovered": [line for line in lines if not line.covered],
            "shown": shown,
            "drafted_by": names[row.origin.drafted_by],
            "reviewed_by": names[row.origin.reviewed_by] if row.origin.reviewed_by else "",
            "returned_because": sending.reason_returned(row),
            "own_draft": row.origin.drafted_by == f"{me.by.kind}:{me.by.ref}",
        }
    return context


def _actions(
    row: Referral, me: Visitor, refused: dict[ReferralAction, ReasonForm]
) -> list[dict[str, Any]]:
    """The buttons of this visitor now, those that ask for a reason with the field for it."""
    return [
        {
            "code": action.value,
            "label": _BUTTONS[action],
            "asked_for": _ASKED_FOR.get(action),
            "form": refused.get(action) or ReasonForm(prefix=action.value),
        }
        for action in allowed_actions(ReferralStatus(row.status))
        if _is_theirs(action, row, me)
    ]


def _is_theirs(action: ReferralAction, row: Referral, me: Visitor) -> bool:
    mine = row.sender_id if side_of(action) is Side.SENDER else row.recipient_id
    if mine != me.by.agency_id:
        return False
    if side_of(action) is Side.RECIPIENT:
        return may(me.by, Capability.ANSWER_REFERRAL)
    if not may(me.by, _SENDER_NEEDS.get(action, Capability.DRAFT_REFERRAL)):
        return False
    own_draft = row.origin.drafted_by == f"{me.by.kind}:{me.by.ref}"
    return not (action is ReferralAction.APPROVE and own_draft)
