"""The form in which a referral is drafted."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.services.knowledge import pathways
from casework.services.referrals import NewReferral
from casework.web.consents import other_agencies, releasable_choices
from casework.web.doors import Visitor
from casework.web.forms import PlainForm
from casework.web.wording import PURPOSE_CHOICES, URGENCY_CHOICES


class ReferralForm(PlainForm):
    """What is asked of whom, and which fields should go along."""

    renamed = {"fields": "fields_"}
    purpose = forms.ChoiceField(label=gettext_lazy("What is needed?"), choices=PURPOSE_CHOICES)
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon?"),
        choices=URGENCY_CHOICES,
        initial="routine",
        widget=forms.RadioSelect,
    )
    pathway = forms.ChoiceField(
        label=gettext_lazy("Form of relief in view, if any"), required=False
    )
    needs = forms.CharField(
        label=gettext_lazy("What the person needs"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary for the receiving agency"),
        help_text=gettext_lazy("Only what they need to know. It goes along only if chosen below."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    fields_ = forms.MultipleChoiceField(
        label=gettext_lazy("What should go with it?"),
        help_text=gettext_lazy("Each field needs a consent that covers it before it can leave."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, me: Visitor, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["recipient"] = other_agencies(me)
        ways = [(row.code, way.title) for row, way in pathways(me.at.date())]
        for name, options in (
            ("fields_", releasable_choices()),
            ("pathway", [("", _("None")), *ways]),
        ):
            chosen = self.fields[name]
            if isinstance(chosen, forms.ChoiceField):
                chosen.choices = options
        self.order_fields(["recipient", "purpose", "urgency", "pathway"])

    def new_referral(self) -> NewReferral:
        """What the service drafts."""
        said = self.cleaned_data
        return NewReferral(
            recipient=said["recipient"],
            purpose=said["purpose"],
            fields=tuple(said["fields_"]),
            urgency=said["urgency"],
            pathway=said["pathway"],
            needs=said["needs"],
            summary=said["summary"],
        )
