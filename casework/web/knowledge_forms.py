"""How definitions are looked for: by words, demand of the report, place, day, how sure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.domain.jurisdictions import STATES
from casework.domain.rule_versions import Certainty
from casework.web.forms import DateInput, PlainForm
from casework.web.knowledge_values import place_words
from casework.web.wording import choices

REPORT_ROWS = tuple(f"R{number}" for number in range(1, 31))
_ANY = ("", _("Any"))
_PLACES = ("US", *(f"US-{code}" for code in STATES), "UN", "international")


class WordsForm(PlainForm):
    """Words, and one demand of the report."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    row = forms.ChoiceField(
        label=_("Demand of the report"),
        required=False,
        choices=[_ANY, *((row, row) for row in REPORT_ROWS)],
    )


class KindForm(WordsForm):
    """The same within one kind, and more exactly."""

    place = forms.ChoiceField(label=_("Place"), required=False)
    certainty = forms.ChoiceField(label=_("How sure"), required=False)
    on = forms.DateField(label=_("In force on"), required=False, widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            _ANY,
            *((code, place_words(code)) for code in _PLACES),
        ]
        self.fields["certainty"].choices = [  # type: ignore[attr-defined]
            _ANY,
            *choices(one.value for one in Certainty),
        ]
