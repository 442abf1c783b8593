"""What people do about one clock: a form with the reason, and the history on the case page."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from casework.access import case_for, deadline_for, deadlines_for
from casework.domain.clock_rules import ClockRule
from casework.domain.errors import NotAllowedNowError, NotFoundError
from casework.domain.permissions import Capability, may
from casework.models import Case, Deadline, DeadlineAct
from casework.services import deadline_acts
from casework.services.deadline_acts import REOPEN, TAKE_BACK, Deed, allowed_acts, undone_by
from casework.services.deadlines import rule_of
from casework.services.sealing import open_value
from casework.web.clocks import ActLink, ActView, ClockView
from casework.web.doors import Visitor, for_people, show
from casework.web.forms import DateInput, attempt
from casework.web.moment_forms import MomentForm
from casework.web.moments import day_text, place_text
from casework.web.names import names_of
from casework.web.wording import Words

_SERVICES: Mapping[str, Callable[..., Deadline]] = {
    "meet": deadline_acts.meet_deadline,
    "pause": deadline_acts.pause_deadline,
    "resume": deadline_acts.resume_deadline,
    "extend": deadline_acts.extend_deadline,
    "waive": deadline_acts.waive_deadline,
    "exception": deadline_acts.rely_on_exception,
    "review": deadline_acts.review_deadline,
    REOPEN: deadline_acts.reopen_deadline,
    TAKE_BACK: deadline_acts.take_back,
}
ACTS: Mapping[str, Words] = {
    "review": gettext_lazy("Record that it was looked at"),
    "meet": gettext_lazy("Record that it was met"),
    "pause": gettext_lazy("Pause"),
    "resume": gettext_lazy("Let it run again"),
    "extend": gettext_lazy("Extend"),
    "waive": gettext_lazy("Waive"),
    "exception": gettext_lazy("Record an exception"),
    REOPEN: gettext_lazy("Reopen"),
    TAKE_BACK: gettext_lazy("Take back the last entry"),
}
"""In the order in which a page offers them."""
_DONE: Mapping[str, Words] = {
    "meet": gettext_lazy("Met, recorded by hand"),
    "pause": gettext_lazy("Paused"),
    "resume": gettext_lazy("Running again"),
    "extend": gettext_lazy("Extended"),
    "waive": gettext_lazy("Waived"),
    "exception": gettext_lazy("An exception was recorded; the clock goes on running"),
    "review": gettext_lazy("Looked at"),
    REOPEN: gettext_lazy("Reopened"),
    TAKE_BACK: gettext_lazy("The last entry was taken back"),
}
_WHAT_IT_DOES: Mapping[str, Words] = {
    "meet": gettext_lazy("Reminders end. Met after its moment stays marked as late."),
    "pause": gettext_lazy("Days stop counting from that day, until somebody lets it run again."),
    "resume": gettext_lazy("Days count again from that day; those lost are made up for."),
    "extend": gettext_lazy("Its last day moves. Our sources say what the law allows."),
    "waive": gettext_lazy("It need not be met, and reminders end. Waived late stays late."),
    "exception": gettext_lazy("It is written down and seen by everyone; the clock goes on."),
    "review": gettext_lazy("The next day to look again is counted from that day."),
    REOPEN: gettext_lazy("What was recorded by hand, met or waived, is taken back."),
    TAKE_BACK: gettext_lazy(
        "What was recorded by hand last no longer counts. It stays to be seen."
    ),
}
UNDO: Mapping[str, DeadlineAct.Kind] = {
    REOPEN: DeadlineAct.Kind.REOPEN,
    TAKE_BACK: DeadlineAct.Kind.TAKE_BACK,
}
"""What undoes something else."""


class ActForm(MomentForm):
    """Why, from when, and where the law leaves that open, until when."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It stays with the clock and is kept encrypted."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until = forms.DateField(label=gettext_lazy("New last day"), required=False, widget=DateInput())
    shown = forms.UUIDField(required=False, widget=forms.HiddenInput())
    field_order = ("until", "reason", "day", "clock", "which")

    def __init__(self, *args: Any, act: str, row: Deadline, rule: ClockRule, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._zone = row.zone
        named = act != "extend" or (rule.extension and rule.extension.by)
        for name in ("until",) if named else ():
            del self.fields[name]
        if act in UNDO:
            for name in ("day", "clock", "which"):
                del self.fields[name]
            return
        del self.fields["shown"]
        there = _("By the clocks of %(place)s. Leave both empty for now.")
        for name in ("day", "clock"):
            self.fields[name].required = False
        self.fields["day"].label = _("Date from which it counts")
        self.fields["clock"].label = _("Time from which it counts")
        self.fields["day"].help_text = there % {"place": place_text(row.zone)}
        self.fields["clock"].help_text = _("For example 14:30.")

    def clean(self) -> dict[str, Any]:
        """Find the instant, where one was given."""
        said: dict[str, Any] = super().clean() or {}
        given = [name for name in ("day", "clock") if said.get(name) is not None]
        if len(given) == 2:
            said["at"] = self.instant(said, self._zone)
        elif given and not self.errors:
            missing = "clock" if given == ["day"] else "day"
            self.add_error(missing, _("Give both the date and the time, or neither."))
        return said

    def deed(self) -> Deed:
        """What the service takes."""
        said = self.cleaned_data
        return Deed(
            reason=said["reason"],
            since=said.get("at"),
            until=said.get("until"),
            entry=said.get("shown"),
        )

    def show_entry(self, ref: UUID) -> None:
        """Which entry the page shows, so that no other is taken back than was seen."""
        self.initial["shown"] = ref
        if self.is_bound:
            self.data = {**dict(self.data.items()), "shown": str(ref)}


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def deadline_act(
    request: HttpRequest, me: Visitor, ref: UUID, deadline: UUID, act: str
) -> HttpResponse:
    """One deed on one clock."""
    case = case_for(me.by, ref, Capability.CHANGE_DEADLINE)
    row = deadline_for(me.by, deadline, Capability.CHANGE_DEADLINE)
    if row.case_id != case.pk or act not in _SERVICES:
        raise NotFoundError
    rule = rule_of(row)
    form = ActForm(request.POST or None, act=act, row=row, rule=rule)
    if request.method == "POST":
        done = attempt(form, lambda: _SERVICES[act](row, form.deed(), by=me.by, at=me.at))
        if done is not None:
            messages.success(request, _DONE[act])
            return redirect("case", ref)
    elif act not in allowed_acts(row, rule):
        msg = "This cannot be done in the present state."
        raise NotAllowedNowError(msg)
    undone = undone_by(row, UNDO[act]) if act in UNDO else []
    if undone:
        form.show_entry(undone[-1].ref)
    names = names_of(one.recorded_by for one in undone)
    context = {
        "form": form,
        "case": case,
        "undone": [_act_view(one, case, names) for one in undone],
        "clock": ClockView(row=row, rule=rule, now=me.at),
        "title": ACTS[act],
        "does": _WHAT_IT_DOES[act],
        "law": _law_on(act, rule),
    }
    status = 422 if form.errors else 200
    return show(request, me, "casework/deadline_act.html", context, status=status)


def _law_on(act: str, rule: ClockRule) -> list[str]:
    """What the rule itself says about such a deed, in English."""
    if act == "exception":
        return list(rule.exceptions)
    if act in ("pause", "resume"):
        return [one.text for one in rule.tolling]
    if act == "extend" and rule.extension and rule.extension.text:
        return [rule.extension.text]
    return []


def case_clocks(case: Case, me: Visitor) -> list[ClockView]:
    """The clocks of a case with what was done about them, and what can be done now."""
    rows = list(deadlines_for(me.by).filter(case=case).prefetch_related("acts").soonest_first())
    names = names_of(act.recorded_by for row in rows for act in row.acts.all())
    changes = may(me.by, Capability.CHANGE_DEADLINE)
    views = []
    for row in rows:
        rule = rule_of(row)
        acts = sorted(row.acts.all(), key=lambda act: act.pk)
        links = sorted(allowed_acts(row, rule), key=list(ACTS).index) if changes else []
        views.append(
            ClockView(
                row=row,
                rule=rule,
                now=me.at,
                acts=tuple(_act_view(act, case, names) for act in acts),
                allowed=tuple(ActLink(act=act, words=ACTS[act]) for act in links),
            )
        )
    return views


def _act_view(act: DeadlineAct, case: Case, names: Mapping[str, str]) -> ActView:
    return ActView(
        kind=_DONE[act.kind],
        at=act.at,
        until=day_text(act.until) if act.until else "",
        reason=open_value(act, "reason", key=case.person.key),
        who=names[act.recorded_by],
        recorded_at=act.recorded_at,
        undone=act.undone_at is not None,
    )
