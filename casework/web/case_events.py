"""Recording what happened: a local time of a place, turned into one instant, never guessed."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from casework.access import case_for, event_for
from casework.domain.events import EventKind, event_groups
from casework.domain.permissions import Capability
from casework.services.deadlines import Moved, rule_of
from casework.services.events import NewEvent, record_event, retract_event
from casework.services.knowledge import clock_book
from casework.web.clock_words import day_line
from casework.web.doors import Visitor, for_people, show
from casework.web.event_words import EVENT_GROUP_WORDS
from casework.web.forms import UNKNOWN_YES_NO, attempt, ternary
from casework.web.moment_forms import MomentForm
from casework.web.moments import local_text, zone_choices
from casework.web.wording import choices

_CHANGES = {
    "started": gettext_lazy("Clock started: %s"),
    "moved": gettext_lazy("Clock moved: %s"),
    "met": gettext_lazy("Clock met: %s"),
    "reopened": gettext_lazy("Clock running again: %s"),
    "stopped": gettext_lazy("Clock stopped: %s"),
    "resumed": gettext_lazy("Clock running again: %s"),
    "paused": gettext_lazy("Clock paused: %s"),
    "ended": gettext_lazy("Clock over: %s"),
    "held": gettext_lazy("Settled by the age on that day: %s"),
    "no_deadline": gettext_lazy("No deadline found: %s"),
    "cannot_compute": gettext_lazy("Clock that cannot be computed yet: %s"),
    "not_computed": gettext_lazy("Clock that a person has to watch: %s"),
}


def kinds_in_groups() -> list[tuple[Any, Any]]:
    """Every kind of event under the heading of its group; the list is long."""
    return [(EVENT_GROUP_WORDS[name], choices(kinds)) for name, kinds in event_groups().items()]


def kinds_by_mail() -> list[EventKind]:
    """The kinds that give a clock more days where they came by post."""
    rules = [rule for versions in clock_book().versions.values() for rule in versions]
    found = [rule.trigger.kinds() for rule in rules if rule.mailing_extra_days]
    return sorted({kind for kinds in found for kind in kinds})


class EventForm(MomentForm):
    """What happened, and when by the clocks of the place where it happened."""

    kind = forms.ChoiceField(label=gettext_lazy("What happened?"))
    zone = forms.ChoiceField(label=gettext_lazy("Time zone of that place"))
    by_mail = forms.ChoiceField(
        label=gettext_lazy("Did it come by post?"),
        help_text=gettext_lazy("Some periods are longer for what came by post."),
        choices=UNKNOWN_YES_NO,
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Kept hidden with the person's details."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("kind", "day", "clock", "zone", "which", "by_mail", "note")

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        zone: str,
        mailed: Collection[str],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", [("", _("Choose")), *kinds_in_groups()])
        self.choose("zone", zone_choices(zone))
        self.initial.setdefault("zone", zone)
        self.fields["kind"].widget.attrs["data-mailed"] = " ".join(mailed)
        self.mailed = mailed

    def clean(self) -> dict[str, Any]:
        """Find the instant."""
        said: dict[str, Any] = super().clean() or {}
        if {"day", "clock", "zone"} <= said.keys():
            said["at"] = self.instant(said, said["zone"])
        return said

    def new_event(self) -> NewEvent:
        """What the service records."""
        said = self.cleaned_data
        return NewEvent(
            kind=said["kind"],
            at=said["at"],
            zone=said["zone"],
            note=said["note"],
            by_mail=ternary(said["by_mail"]) if said["kind"] in self.mailed else None,
        )


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def event_new(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Record an event; say at once which clocks it started, moved or met."""
    case = case_for(me.by, ref, Capability.RECORD_EVENT)
    form = EventForm(
        request.POST or None,
        zone=me.zone,
        mailed=kinds_by_mail(),
        initial={"kind": request.GET.get("kind", "")},
    )
    if request.method == "POST":
        done = attempt(form, lambda: record_event(case, form.new_event(), by=me.by, at=me.at))
        if done is not None:
            messages.success(request, _("Recorded."))
            _tell(request, done[1])
            return redirect("case", ref)
    context = {"form": form, "case": case}
    return show(request, me, "casework/event_new.html", context, status=422 if form.errors else 200)


@for_people
@require_POST
def event_retract(request: HttpRequest, me: Visitor, ref: UUID, event: UUID) -> HttpResponse:
    """Take an event back as recorded in error."""
    case = case_for(me.by, ref, Capability.RECORD_EVENT)
    moved = retract_event(event_for(me.by, case, event), by=me.by, at=me.at)
    messages.success(request, _("The event was taken back."))
    _tell(request, moved)
    return redirect("case", ref)


def _tell(request: HttpRequest, moved: list[Moved]) -> None:
    for change in moved:
        row = change.deadline
        said = str(_CHANGES.get(change.change, "%s")) % rule_of(row).title
        if row.status == "running" and row.due_at:
            said += " · " + (day_line(row) or _("due %s") % local_text(row.due_at, row.zone))
        messages.info(request, said)
