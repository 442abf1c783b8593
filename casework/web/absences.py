"""Absences: who is away, who stands in, and what Today says of it to either of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.domain.permissions import Capability, Reach, reach, require
from casework.models import User
from casework.services.absences import (
    NewAbsence,
    absences_for,
    away_now,
    cancel_absence,
    record_absence,
    workers_of,
)
from casework.web.doors import Visitor, for_people, show
from casework.web.forms import DateInput, PlainForm, attempt

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casework.models import Absence

_EARLIEST: Final = date(1970, 1, 1)
_LATEST: Final = date(9000, 1, 1)
"""Days beyond these are refused by the service just the same, and cannot be reckoned with."""


class AbsenceForm(PlainForm):
    """Whole days of the agency's place."""

    renamed = {"from": "first_day", "until": "last_day"}
    user = forms.ModelChoiceField(
        label=gettext_lazy("Who is away?"), queryset=User.objects.none(), empty_label=None
    )
    first_day = forms.DateField(label=gettext_lazy("First day away"), widget=DateInput())
    last_day = forms.DateField(label=gettext_lazy("Last day away"), widget=DateInput())
    stand_in = forms.ModelChoiceField(
        label=gettext_lazy("Who stands in?"),
        help_text=gettext_lazy(
            "They get the reminders meanwhile. That opens no case to them: hand over the cases "
            "that cannot wait. If nobody is chosen, the supervisors get the reminders."
        ),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody: the supervisors"),
    )

    def __init__(self, *args: Any, me: Visitor, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._me, self._zone = me, ZoneInfo(me.zone)
        workers = User.objects.filter(pk__in=workers_of(me.by)).order_by("name", "pk")
        self._offer("user", workers)
        self.initial.setdefault("user", me.by.user_id)
        if _plans_for_all(me):
            self._offer("stand_in", workers)
        else:
            del self.fields["user"]
            self._offer("stand_in", workers.exclude(ref=me.by.ref))

    def _offer(self, name: str, people: "QuerySet[User]") -> None:
        chosen = self.fields[name]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = people

    def new_absence(self) -> NewAbsence:
        """What the service records: from the first moment of a day to the last one of another."""
        said = self.cleaned_data
        return NewAbsence(
            user=said.get("user") or User.objects.get(ref=self._me.by.ref),
            from_at=self._start_of(said["first_day"]),
            until_at=self._start_of(said["last_day"], later=timedelta(days=1)),
            stand_in=said["stand_in"],
        )

    def _start_of(self, day: date, later: timedelta = timedelta(0)) -> datetime:
        reckoned = min(max(day, _EARLIEST), _LATEST) + later
        return datetime.combine(reckoned, time.min, self._zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceView:
    """One absence as this visitor sees it, in days of the agency's place."""

    row: "Absence"
    me: Visitor

    @property
    def first_day(self) -> str:
        """The first day away."""
        return self._day(self.row.from_at)

    @property
    def last_day(self) -> str:
        """The last day away."""
        return self._day(self.row.until_at - timedelta(microseconds=1))

    @property
    def current(self) -> bool:
        """Whether it has begun."""
        return self.row.from_at <= self.me.at

    @property
    def mine(self) -> bool:
        """Whether it is the visitor who is away."""
        return self.row.user_id == self.me.by.user_id

    @property
    def may_cancel(self) -> bool:
        """Whether the visitor may take it back."""
        return self.mine or _plans_for_all(self.me)

    def _day(self, at: datetime) -> str:
        return date_format(at.astimezone(ZoneInfo(self.me.zone)), "D j M Y")


def absence_notes(me: Visitor) -> list[AbsenceView]:
    """For Today: that the visitor is away, and for whom they stand in."""
    return [AbsenceView(row=row, me=me) for row in away_now(me.by, at=me.at)]


def _plans_for_all(me: Visitor) -> bool:
    return reach(me.by, Capability.PLAN_ABSENCE) is Reach.AGENCY


@for_people
@require_safe
def absence_list(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Who is or will be away, and a form for one more."""
    require(me.by, Capability.PLAN_ABSENCE)
    return _page(request, me, AbsenceForm(me=me))


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def absence_new(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Plan an absence."""
    require(me.by, Capability.PLAN_ABSENCE)
    if request.method != "POST":
        return redirect("absence_list")
    form = AbsenceForm(request.POST, me=me)
    done = attempt(form, lambda: record_absence(form.new_absence(), by=me.by, at=me.at))
    if done is None:
        return _page(request, me, form, status=422)
    messages.success(request, _("The absence is planned."))
    return redirect("absence_list")


@for_people
@require_POST
def absence_cancel(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Take an absence back."""
    cancel_absence(ref, by=me.by, at=me.at)
    messages.success(request, _("The absence was taken back."))
    return redirect("absence_list")


def _page(
    request: HttpRequest, me: Visitor, form: AbsenceForm, *, status: int = 200
) -> HttpResponse:
    rows = [AbsenceView(row=row, me=me) for row in absences_for(me.by, at=me.at)]
    context = {"absences": rows, "form": form}
    return show(request, me, "casework/absences.html", context, status=status)
