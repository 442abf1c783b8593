"""Recording what happened: a local time of a place, turned into one instant, never guessed."""

from datetime import datetime
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
from casework.domain.events import event_groups
from casework.domain.permissions import Capability
from casework.services.deadlines import Moved, rule_of
from casework.services.events import NewEvent, record_event, retract_event
from casework.web.doors import Visitor, for_people, show
from casework.web.event_words import EVENT_GROUP_WORDS
from casework.web.forms import DateInput, PlainForm, TimeInput, attempt
from casework.web.moments import instants, local_text, with_offset, zone_choices
from casework.web.wording import choices

_CHANGES = {
    "started": gettext_lazy("Clock started: %s"),
    "moved": gettext_lazy("Clock moved: %s"),
    "met": gettext_lazy("Clock met: %s"),
    "reopened": gettext_lazy("Clock running again: %s"),
    "stopped": gettext_lazy("Clock stopped: %s"),
    "cannot_compute": gettext_lazy("Clock that cannot be computed yet: %s"),
}


def kinds_in_groups() -> list[tuple[Any, Any]]:
    """Every kind of event under the heading of its group; the list is long."""
    return [(EVENT_GROUP_WORDS[name], choices(kinds)) for name, kinds in event_groups().items()]


class EventForm(PlainForm):
    """What happened, and when by the clocks of the place where it happened."""

    renamed = {"at": "clock"}
    kind = forms.ChoiceField(label=gettext_lazy("What happened?"))
    day = forms.DateField(label=gettext_lazy("Date there"), widget=DateInput())
    clock = forms.TimeField(
        label=gettext_lazy("Time there"),
        help_text=gettext_lazy("By the clocks of that place, for example 14:30."),
        widget=TimeInput(),
    )
    zone = forms.ChoiceField(label=gettext_lazy("Time zone of that place"))
    which = forms.ChoiceField(
        label=gettext_lazy("That time came twice on that day. Which one was it?"),
        choices=(("0", gettext_lazy("The first")), ("1", gettext_lazy("The second"))),
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Kept hidden with the person's details."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._choose("kind", [("", _("Choose")), *kinds_in_groups()])
        self._choose("zone", zone_choices(zone))
        self.initial.setdefault("zone", zone)
        self.twice = False

    def _choose(self, name: str, options: list[tuple[str, Any]]) -> None:
        chosen = self.fields[name]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = options

    def clean(self) -> dict[str, Any]:
        """Find the instant. A time that came twice is asked back; one that never was is refused."""
        said: dict[str, Any] = super().clean() or {}
        if not {"day", "clock", "zone"} <= said.keys():
            return said
        found = instants(said["day"], said["clock"], said["zone"])
        if not found:
            self.add_error("clock", _("The clocks there skipped this time on that day."))
            return said
        self.twice = len(found) > 1
        self._choose("which", [(str(n), with_offset(a, said["zone"])) for n, a in enumerate(found)])
        chosen = said.get("which", "")
        if self.twice and not chosen:
            self.add_error("which", _("Choose the first or the second."))
            return said
        said["at"] = found[int(chosen)] if self.twice else found[0]
        return said

    def new_event(self) -> NewEvent:
        """What the service records."""
        said = self.cleaned_data
        at: datetime = said["at"]
        return NewEvent(kind=said["kind"], at=at, zone=said["zone"], note=said["note"])


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def event_new(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Record an event; say at once which clocks it started, moved or met."""
    case = case_for(me.by, ref, Capability.RECORD_EVENT)
    form = EventForm(
        request.POST or None, zone=me.zone, initial={"kind": request.GET.get("kind", "")}
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
            said += " · " + _("due %s") % local_text(row.due_at, row.zone)
        messages.info(request, said)
