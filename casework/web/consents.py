"""Written releases: recorded for one agency, for named fields, for a time, and withdrawn."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from casework.access import case_for, consent_for
from casework.domain.consent import SignedBy
from casework.domain.disclosure import RELEASABLE
from casework.domain.errors import NotFoundError
from casework.domain.permissions import Capability
from casework.models import Agency
from casework.services.consents import NewConsent, record_consent, withdraw_consent
from casework.web.doors import Visitor, for_people, show
from casework.web.forms import UNKNOWN_YES_NO, DateInput, PlainForm, attempt, ternary
from casework.web.wording import FIELD_LABELS, PURPOSE_CHOICES, SENSITIVITY, choices

_USUAL = timedelta(days=90)


def releasable_choices() -> list[tuple[str, str]]:
    """Every field that can leave, with how sensitive it is."""
    return [
        (field.code, f"{FIELD_LABELS[field.code]} ({SENSITIVITY[field.sensitivity]})")
        for field in RELEASABLE.values()
    ]


def other_agencies(me: Visitor) -> "forms.ModelChoiceField[Agency]":
    """A field to choose an agency other than one's own."""
    rows = Agency.objects.filter(suspended_at__isnull=True).exclude(pk=me.by.agency_id)
    return forms.ModelChoiceField(
        label=_("Which agency receives it?"),
        queryset=rows.order_by("name"),
        to_field_name="ref",
        empty_label=_("Choose"),
        widget=forms.Select(attrs={"class": "usa-select"}),
    )


class ConsentForm(PlainForm):
    """A release as it was signed."""

    renamed = {"recipient_agency": "recipient", "fields": "fields_"}
    purpose = forms.ChoiceField(label=gettext_lazy("What for?"), choices=PURPOSE_CHOICES)
    fields_ = forms.MultipleChoiceField(
        label=gettext_lazy("What may they be told?"),
        help_text=gettext_lazy("Only what is named leaves. Where the person stays never does."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    valid_from = forms.DateField(label=gettext_lazy("Holds from"), widget=DateInput())
    valid_until = forms.DateField(
        label=gettext_lazy("Holds until the end of"),
        help_text=gettext_lazy("At most a year."),
        widget=DateInput(),
    )
    signed_by = forms.ChoiceField(
        label=gettext_lazy("Who signed?"),
        choices=choices([SignedBy.SELF, SignedBy.GUARDIAN]),
        initial=SignedBy.SELF,
        widget=forms.RadioSelect,
    )
    guardian_is_alleged_abuser = forms.ChoiceField(
        label=gettext_lazy("If a guardian signed: are they said to have harmed the person?"),
        choices=UNKNOWN_YES_NO,
        required=False,
        widget=forms.RadioSelect,
    )
    written = forms.BooleanField(
        label=gettext_lazy("It is in writing, and the person was told what it means"),
        required=False,
    )

    def __init__(self, *args: Any, me: Visitor, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(me.zone)
        self._at = me.at
        self.fields["recipient"] = other_agencies(me)
        chosen = self.fields["fields_"]
        if isinstance(chosen, forms.MultipleChoiceField):
            chosen.choices = releasable_choices()
        self.order_fields(["recipient", "purpose", "fields_"])
        start = me.at.astimezone(self._zone).date()
        self.initial.setdefault("valid_from", start)
        self.initial.setdefault("valid_until", start + _USUAL)

    def new_consent(self) -> NewConsent:
        """What the service records: whole days of the agency's place, from now if today."""
        said = self.cleaned_data
        start = datetime.combine(said["valid_from"], time.min, self._zone)
        if said["valid_from"] == self._at.astimezone(self._zone).date():
            start = self._at
        end = datetime.combine(said["valid_until"] + timedelta(days=1), time.min, self._zone)
        return NewConsent(
            recipient=said["recipient"],
            fields=tuple(said["fields_"]),
            purpose=said["purpose"],
            valid_from=start,
            valid_until=end,
            written=said["written"],
            signed_by=SignedBy(said["signed_by"]),
            guardian_is_alleged_abuser=ternary(said["guardian_is_alleged_abuser"]),
        )


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def consent_new(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Record a release."""
    case = case_for(me.by, ref, Capability.RECORD_CONSENT)
    asked = {
        "recipient": request.GET.get("to", ""),
        "purpose": request.GET.get("purpose", ""),
        "fields_": request.GET.getlist("field"),
    }
    form = ConsentForm(
        request.POST or None, me=me, initial={name: v for name, v in asked.items() if v}
    )
    if request.method == "POST":
        done = attempt(form, lambda: record_consent(case, form.new_consent(), by=me.by, at=me.at))
        if done is not None:
            messages.success(request, _("The consent is recorded."))
            return redirect("case", ref)
    context = {"form": form, "case": case}
    return show(
        request, me, "casework/consent_new.html", context, status=422 if form.errors else 200
    )


@for_people
@require_POST
def consent_withdraw(request: HttpRequest, me: Visitor, ref: UUID, consent: UUID) -> HttpResponse:
    """End a release now."""
    case = case_for(me.by, ref, Capability.RECORD_CONSENT)
    record = consent_for(me.by, consent)
    if record.case_id != case.pk:
        raise NotFoundError
    withdraw_consent(record, by=me.by, at=me.at)
    messages.success(request, _("Withdrawn. Nothing more is sent on it."))
    return redirect("case", ref)
