"""Asserting and taking back facts: first which one, then what is known of it."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from casework.access import case_for, fact_for
from casework.domain.errors import NotFoundError
from casework.domain.facts import FactDefinition, FactType, Standing
from casework.domain.permissions import Capability
from casework.services.facts import assert_fact, retract_fact
from casework.services.knowledge import fact_vocabulary
from casework.web.doors import Visitor, for_people, show
from casework.web.forms import DateInput, PlainForm, attempt
from casework.web.wording import choices, word
from casework.web.written_in import (
    direction_of,
    fact_label,
    fact_language,
    marked,
    option_label,
    page_language,
    primary,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A fact among those to choose from, in the language of the page where it has words in it."""

    fact: FactDefinition

    @property
    def code(self) -> str:
        """Its code."""
        return self.fact.code

    @property
    def label(self) -> str:
        """What it is called."""
        return self.fact.words(page_language()).label

    @property
    def lang(self) -> str:
        """The language of its label."""
        return fact_language(self.fact)


class FactForm(PlainForm):
    """The value of one fact, or why it is not known."""

    standing = forms.ChoiceField(
        label=gettext_lazy("Is it known?"),
        choices=choices(Standing),
        initial=Standing.KNOWN,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, definition: FactDefinition, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._type = definition.type
        self.fields["value"] = _value_field(definition)
        kind = getattr(self.fields["value"].widget, "input_type", "text")
        look = {"radio": "usa-radio__input", "select": "usa-select"}.get(kind, "usa-input")
        self.fields["value"].widget.attrs["class"] = look
        self.order_fields(["value", "standing"])

    @property
    def said(self) -> object:
        """The value in the fact's own type; None where nothing was given."""
        value = self.cleaned_data.get("value")
        if value in ("", None):
            return None
        if self._type is FactType.BOOLEAN:
            return value == "yes"
        return value.isoformat() if self._type is FactType.DATE else value


def _value_field(definition: FactDefinition) -> forms.Field:
    question = definition.words(page_language()).question
    shared: dict[str, Any] = {
        "label": marked(question, fact_language(definition)),
        "required": False,
    }
    match definition.type:
        case FactType.BOOLEAN:
            return forms.ChoiceField(
                choices=(("yes", _("Yes")), ("no", _("No"))), widget=forms.RadioSelect, **shared
            )
        case FactType.CHOICE:
            options = ((o, option_label(definition, o)) for o in definition.options)
            return forms.ChoiceField(choices=[("", _("Choose")), *options], **shared)
        case FactType.INTEGER:
            return forms.IntegerField(help_text=marked(definition.unit, "en"), **shared)
        case FactType.DATE:
            return forms.DateField(widget=DateInput(), **shared)
        case _:
            return forms.CharField(help_text=marked(definition.unit, "en"), **shared)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def fact_new(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Choose a fact; then say what is known of it."""
    case = case_for(me.by, ref, Capability.ASSERT_FACT)
    vocabulary = fact_vocabulary()
    code = request.GET.get("fact", "")
    if not code:
        context: dict[str, Any] = {"case": case, "groups": _grouped(vocabulary)}
        return show(request, me, "casework/fact_choose.html", context)
    definition = vocabulary.get(code)
    if definition is None:
        raise NotFoundError
    words = definition.words(page_language())
    form = FactForm(request.POST or None, definition=definition)
    if request.method == "POST":
        done = attempt(form, lambda: _assert(form, case, code, me))
        if done is not None:
            messages.success(request, _("Recorded: %s") % words.label)
            return redirect("case", ref)
    context = {"case": case, "form": form, "fact": definition, **_wording(definition)}
    return show(request, me, "casework/fact_new.html", context, status=422 if form.errors else 200)


def _wording(definition: FactDefinition) -> dict[str, Any]:
    """The words to ask with, their language, and what has to be said about the translation."""
    shown = fact_language(definition)
    return {
        "label": fact_label(definition),
        "words": definition.words(page_language()),
        "words_language": shown,
        "words_direction": direction_of(shown),
        "words_missing": primary(shown) != primary(page_language()),
        "words_unreviewed": shown not in ("en", *definition.translations_reviewed),
    }


def _assert(form: FactForm, case: Any, code: str, me: Visitor) -> object:  # noqa: ANN401
    standing = Standing(form.cleaned_data["standing"])
    return assert_fact(case, code, form.said, by=me.by, at=me.at, standing=standing)


def _grouped(vocabulary: dict[str, FactDefinition]) -> list[tuple[object, list[Listed]]]:
    own = page_language()
    ordered = sorted(
        vocabulary.values(), key=lambda fact: (fact.group, fact.words(own).label.lower())
    )
    return [
        (word(name), [Listed(fact=fact) for fact in facts])
        for name, facts in groupby(ordered, lambda fact: fact.group)
    ]


@for_people
@require_POST
def fact_retract(request: HttpRequest, me: Visitor, ref: UUID, fact: UUID) -> HttpResponse:
    """Take an assertion back; what was asserted before it stands again."""
    case = case_for(me.by, ref, Capability.ASSERT_FACT)
    retract_fact(case, fact_for(me.by, case, fact), by=me.by, at=me.at)
    messages.success(request, _("Taken back. What was recorded before it stands again."))
    return redirect("case", ref)
