"""The forms of a case: opening it, changing it, handing it over, closing it, finding it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import Case, User
from casework.services.cases import NewCase
from casework.services.people import SEALED_FIELDS
from casework.web.forms import UNKNOWN_YES_NO, DateInput, PlainForm, ternary
from casework.web.wording import DOOR_CHOICES, LANGUAGES_SPOKEN, PERSON_LABELS


class PersonForm(PlainForm):
    """What may be written down about a person; every field may stay empty."""

    name = forms.CharField(label=PERSON_LABELS["name"], required=False)
    preferred_name = forms.CharField(label=PERSON_LABELS["preferred_name"], required=False)
    date_of_birth = forms.DateField(
        label=PERSON_LABELS["date_of_birth"], required=False, widget=DateInput()
    )
    phone = forms.CharField(label=PERSON_LABELS["phone"], required=False)
    email = forms.CharField(label=PERSON_LABELS["email"], required=False)
    safe_contact = forms.CharField(
        label=PERSON_LABELS["safe_contact"],
        help_text=_("When, by which way, what may be said to whoever answers, and what never."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    placement_address = forms.CharField(
        label=PERSON_LABELS["placement_address"],
        help_text=_("Never leaves this agency, whatever anybody signs."),
        required=False,
    )
    own_words = forms.CharField(
        label=PERSON_LABELS["own_words"],
        help_text=_("What they want, as they say it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES_SPOKEN)
    interpreter_needed = forms.ChoiceField(
        label=_("Does the person need an interpreter?"),
        choices=UNKNOWN_YES_NO,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        for name in SEALED_FIELDS:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def person(self) -> dict[str, object]:
        """Only what was filled in: what is left empty stays as it is."""
        said = self.cleaned_data
        details: dict[str, object] = {name: said[name] for name in SEALED_FIELDS if said.get(name)}
        if said.get("date_of_birth"):
            details["date_of_birth"] = said["date_of_birth"].isoformat()
        details["language"] = said["language"]
        if said["interpreter_needed"]:
            details["interpreter_needed"] = ternary(said["interpreter_needed"])
        return details


class NewCaseForm(PersonForm):
    """Opening a case needs one choice; the rest can wait."""

    door = forms.ChoiceField(
        label=_("How did the person come to you?"), choices=DOOR_CHOICES, initial="other"
    )
    field_order = ("door", "preferred_name", "language", "interpreter_needed")

    def new_case(self) -> NewCase:
        """What the service opens."""
        return NewCase(door=self.cleaned_data["door"], person=self.person())


class ChangeCaseForm(NewCaseForm):
    """The same for a case that exists: sealed values are not shown, and empty keeps them."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, case: Case, data: Mapping[str, Any] | None) -> "ChangeCaseForm":
        """The form as it stands for this case."""
        needed = case.person.interpreter_needed
        initial = {
            "door": case.door,
            "language": case.person.language,
            "interpreter_needed": "" if needed is None else ("yes" if needed else "no"),
            "version": case.version,
        }
        form = cls(data, initial=initial)
        for name in SEALED_FIELDS:
            if getattr(case.person, name) is not None:
                form.fields[name].help_text = _("Recorded and hidden. Leave empty to keep it.")
        return form

    def changes(self) -> dict[str, object]:
        """What the service changes."""
        return {"door": self.cleaned_data["door"], "person": self.person()}


class AssignForm(PlainForm):
    """To whom a case is handed."""

    assignee = forms.ModelChoiceField(
        label=_("Hand the case to"), queryset=User.objects.none(), required=True
    )

    def __init__(self, *args: Any, agency_id: int, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        chosen = self.fields["assignee"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 - for the type alone
        chosen.queryset = User.objects.filter(
            memberships__agency_id=agency_id,
            memberships__ended_at__isnull=True,
            memberships__role__in=("caseworker", "supervisor"),
            is_active=True,
        ).order_by("name")


class SearchForm(PlainForm):
    """A name to look for; sent by POST, so that it stands in no address and no log."""

    name = forms.CharField(
        label=_("Find a case by the person's name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
