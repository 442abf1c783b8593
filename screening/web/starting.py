"""Beginning a screening: which instrument, for whom, in which language, with which interpreter."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from casework.access import case_for
from casework.domain.permissions import Capability, require
from casework.models import Case
from casework.web.doors import Visitor, for_people, show
from casework.web.forms import UNKNOWN_YES_NO, PlainForm, attempt, ternary
from casework.web.written_in import page_language
from screening.domain.instrument import Instrument
from screening.models import Screening
from screening.services.answering import NewScreening, start_screening
from screening.services.instruments import current_instrument, instruments
from screening.web.sentences import reworded
from screening.web.worded import worded


class StartForm(PlainForm):
    """The choices that stand at the beginning."""

    instrument = forms.CharField(label=_("Instrument"))
    language = forms.ChoiceField(
        label=_("Language in which the person is asked"), choices=settings.PERSON_LANGUAGES
    )
    interpreter = forms.ChoiceField(
        label=_("Is an interpreter present?"),
        choices=UNKNOWN_YES_NO,
        required=False,
        widget=forms.RadioSelect,
    )

    def new_screening(self, case: Case | None) -> NewScreening:
        """What the service begins."""
        said = self.cleaned_data
        return NewScreening(
            definition=current_instrument(said["instrument"]),
            case=case,
            language=said["language"],
            interpreter_present=ternary(said["interpreter"]),
        )


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def screening_new(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Begin, for the case named in the address or for nobody in particular."""
    require(me.by, Capability.SCREEN)
    ref = request.GET.get("case", "")
    case = case_for(me.by, ref) if ref else None
    form = StartForm(request.POST or None, initial=_initial(case))
    if request.method == "POST":
        begun = attempt(form, lambda: _begin(form, case, me))
        if begun is not None:
            return redirect(f"{reverse('screening', args=[begun.ref])}?lang={begun.language}")
    context: dict[str, Any] = {
        "form": form,
        "case": case,
        "chosen": form["instrument"].value(),
        "instruments": [_choice(one) for _row, one in instruments()],
    }
    return show(request, me, "screening/new.html", context, status=422 if form.errors else 200)


def _choice(instrument: Instrument) -> dict[str, object]:
    """An instrument with what studies found of it, so that nobody chooses it without knowing."""
    return {
        "instrument": instrument,
        "title": worded(instrument.title, page_language()),
        "figures": [reworded(line) for line in instrument.source.figures],
    }


def _begin(form: StartForm, case: Case | None, me: Visitor) -> Screening:
    return start_screening(form.new_screening(case), by=me.by, at=me.at)


def _initial(case: Case | None) -> dict[str, object]:
    spoken = {code for code, _name in settings.PERSON_LANGUAGES}
    if case is None or case.person.language not in spoken:
        return {"language": "en"}
    return {"language": case.person.language}
