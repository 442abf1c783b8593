"""Forms that ask for a moment: a local time of a place, turned into one instant, never guessed."""

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.web.forms import DateInput, PlainForm, TimeInput
from casework.web.moments import instants, leap_instants, with_offset

_SECOND_60 = re.compile(r"\s*(\d{1,2}:\d\d):60\s*")


class LocalTime(forms.TimeField):
    """What a clock on the wall showed; of a second 60 the minute, which the form then goes past."""

    widget = TimeInput

    def to_python(self, value: Any) -> time | None:  # noqa: ANN401
        """The time of day."""
        leap = _SECOND_60.fullmatch(str(value or ""))
        said: time | None = super().to_python(leap[1] if leap else value)
        return said


class MomentForm(PlainForm):
    """When something happened, by the clocks of the place where it happened."""

    renamed = {"at": "clock"}
    day = forms.DateField(label=gettext_lazy("Date there"), widget=DateInput())
    clock = LocalTime(
        label=gettext_lazy("Time there"),
        help_text=gettext_lazy("By the clocks of that place, for example 14:30."),
        widget=TimeInput(),
    )
    which = forms.ChoiceField(
        label=gettext_lazy("That time came twice on that day. Which one was it?"),
        choices=(("0", gettext_lazy("The first")), ("1", gettext_lazy("The second"))),
        required=False,
        widget=forms.RadioSelect,
    )
    twice = False

    def choose(self, name: str, options: list[tuple[str, Any]]) -> None:
        """Offer these in a field of the form."""
        chosen = self.fields[name]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = options

    def instant(self, said: dict[str, Any], zone: str) -> datetime | None:
        """The instant; None when the form then says why there is none.

        A time that came twice is asked back; one that never was is refused.
        """
        found = self._found(said["day"], said["clock"], zone)
        if not found:
            self.add_error("clock", _("The clocks there skipped this time on that day."))
            return None
        self.twice = len(found) > 1
        self.choose("which", [(str(n), with_offset(at, zone)) for n, at in enumerate(found)])
        chosen = said.get("which", "")
        if self.twice and not chosen:
            self.add_error("which", _("Choose the first or the second."))
            return None
        return found[int(chosen)] if self.twice else found[0]

    def _found(self, day: date, clock: time, zone: str) -> tuple[datetime, ...]:
        if _SECOND_60.fullmatch(self.data.get(self.add_prefix("clock"), "")):
            return leap_instants(day, clock, zone)
        return instants(day, clock, zone)
