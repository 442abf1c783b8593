"""What every form shares: its look, and refusals of a service shown beside the right field."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.domain.errors import InvalidInputError
from casework.web.sentences import translated

_Done = TypeVar("_Done")

_CLASSES: Mapping[str, str] = {
    "select": "usa-select",
    "radio": "usa-radio__input",
    "checkbox": "usa-checkbox__input",
}
UNKNOWN_YES_NO = (("", _("Not known")), ("yes", _("Yes")), ("no", _("No")))


class PlainForm(forms.Form):
    """A form whose rules live in the services: it carries words there and refusals back."""

    use_required_attribute = False
    renamed: ClassVar[Mapping[str, str]] = {}
    """Name in a service's pointer → name of the field here, where they differ."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            kind = getattr(field.widget, "input_type", "textarea")
            plain = "usa-textarea" if kind == "textarea" else "usa-input"
            field.widget.attrs.setdefault("class", _CLASSES.get(kind, plain))

    def refuse(self, error: InvalidInputError) -> None:
        """Put each problem of a refusal beside the field it is about, else on top."""
        for problem in error.problems:
            self.add_error(self._field_at(problem.pointer), translated(problem.detail))
        if not error.problems:
            self.add_error(None, translated(error.detail))

    def _field_at(self, pointer: str) -> str | None:
        for segment in reversed(pointer.split("/")):
            name = self.renamed.get(segment, segment)
            if name in self.fields:
                return name
        return None


def attempt(form: PlainForm, deed: Callable[[], _Done]) -> _Done | None:
    """What the deed gives; None when the form or the service refused, which the form then says."""
    if not form.is_valid():
        return None
    try:
        return deed()
    except InvalidInputError as error:
        form.refuse(error)
        return None


def ternary(value: str) -> bool | None:
    """Yes, no, or not known, as a form sends it."""
    return {"yes": True, "no": False}.get(value)


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ReasonForm(PlainForm):
    """One text, such as why something is returned or declined."""

    renamed = {"note": "reason"}
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
