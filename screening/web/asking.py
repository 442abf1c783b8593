"""Asking: one section a page or all on one, saved as it goes, read back before it is concluded."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.domain.errors import InvalidInputError, NotFoundError
from casework.domain.permissions import Capability
from casework.domain.ternary import Ternary
from casework.web.doors import Visitor, for_people, show
from screening.access import screening_for
from screening.domain.instrument import Instrument
from screening.domain.visibility import visible_items
from screening.models import Screening
from screening.services.answering import answers_of, save_answers
from screening.services.conclusion import conclude_screening
from screening.services.instruments import instrument_of
from screening.web.sent import all_typed, changed, with_errors
from screening.web.sentences import reworded
from screening.web.sheet import Question, SectionView, Sheet, question_of, sheet_of
from screening.web.worded import worded

ALL = "all"


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def screening_page(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """The questions; sending saves them and goes on to the next section."""
    screening = screening_for(me.by, ref, Capability.SCREEN)
    if screening.concluded_at is not None:
        return redirect("screening_outcome", ref)
    instrument = instrument_of(screening.definition)
    lang = _language(request, screening)
    if request.method == "POST":
        return _save(request, me, screening, lang)
    sheet = sheet_of(instrument, answers_of(screening), lang)
    return show(request, me, "screening/page.html", _context(request, screening, sheet))


def _language(request: HttpRequest, screening: Screening) -> str:
    offered = {code for code, _name in settings.PERSON_LANGUAGES}
    asked = request.GET.get("lang", screening.language)
    return asked if asked in offered else "en"


def _save(request: HttpRequest, me: Visitor, screening: Screening, lang: str) -> HttpResponse:
    instrument = instrument_of(screening.definition)
    saved = answers_of(screening)
    typed = all_typed(request.POST, instrument.items_by_id.values())
    sent = changed(instrument, typed, saved)
    try:
        answers = save_answers(screening, sent, by=me.by, at=me.at) if sent else saved
    except InvalidInputError as error:
        sheet = sheet_of(instrument, saved, lang, with_errors(typed, error))
        context = _context(request, screening, sheet)
        return show(request, me, "screening/page.html", context, status=422)
    messages.success(request, _("Saved."))
    return redirect(_next(request, screening, sheet_of(instrument, answers, lang)))


def _next(request: HttpRequest, screening: Screening, sheet: Sheet) -> str:
    """Where saving leads: the same section when it opened new questions, else the next one."""
    current = _current(request, sheet)
    here = reverse("screening", args=[screening.ref])
    if "stay" in request.POST or (current and _opened(request, current)):
        return f"{here}?{urlencode(_where(request, sheet))}"
    after = _after(sheet, current) if current else None
    if after is None:
        return f"{reverse('screening_review', args=[screening.ref])}?lang={sheet.lang}"
    return f"{here}?{urlencode({'section': after.section.id, 'lang': sheet.lang})}"


def _opened(request: HttpRequest, current: SectionView) -> bool:
    """Whether a question shows now that was not in the form that was sent."""
    sent = set(request.POST.getlist("shown"))
    return bool(sent) and any(q.shown and q.item.id not in sent for q in current.questions)


def _where(request: HttpRequest, sheet: Sheet) -> dict[str, str]:
    return {"section": request.GET.get("section", ""), "lang": sheet.lang}


def _current(request: HttpRequest, sheet: Sheet) -> SectionView | None:
    """The section asked for, the first one by default; None for all on one page."""
    wanted = request.GET.get("section", "")
    if wanted == ALL or not sheet.visible:
        return None
    return next((s for s in sheet.visible if s.section.id == wanted), sheet.visible[0])


def _after(sheet: Sheet, current: SectionView) -> SectionView | None:
    ids = [section.section.id for section in sheet.visible]
    place = ids.index(current.section.id) + 1
    return sheet.visible[place] if place < len(ids) else None


def _context(request: HttpRequest, screening: Screening, sheet: Sheet) -> dict[str, Any]:
    instrument = instrument_of(screening.definition)
    current = _current(request, sheet)
    return {
        "screening": screening,
        "case": screening.case,
        "instrument": instrument,
        "title": worded(instrument.title, sheet.lang),
        "before": worded(instrument.before_first_question, sheet.lang),
        "sheet": sheet,
        "current": current,
        "shown_sections": [current] if current else list(sheet.visible),
        "first": current is None or current is sheet.visible[0],
        "next": _after(sheet, current) if current else None,
        "languages": settings.PERSON_LANGUAGES,
        "problems": [
            question
            for section in sheet.visible
            for question in section.questions
            if question.errors
        ],
    }


@for_people
@require_POST
def answer_save(request: HttpRequest, me: Visitor, ref: UUID, item: str) -> HttpResponse:
    """Save one question as soon as it is answered; say so, and show what it opened or hid."""
    screening = screening_for(me.by, ref, Capability.SCREEN)
    instrument = instrument_of(screening.definition)
    if item not in instrument.items_by_id:
        raise NotFoundError
    lang = _language(request, screening)
    typed = all_typed(request.POST, [instrument.items_by_id[item]])
    saved = answers_of(screening)
    sent = changed(instrument, typed, saved)
    try:
        answers = save_answers(screening, sent, by=me.by, at=me.at) if sent else saved
    except InvalidInputError as error:
        errors = (
            with_errors(typed, error)[item].errors if item in typed else (reworded(error.detail),)
        )
        return render(request, "screening/parts/saved.html", {"errors": errors, "item": item})
    before, after = (visible_items(instrument, one) for one in (saved, answers))
    here = frozenset(request.POST.getlist("here"))
    context = {
        **_context(request, screening, sheet_of(instrument, answers, lang)),
        "item": item,
        "moved": _moved(instrument, answers, after, (before ^ after) & here, lang),
    }
    return render(request, "screening/parts/saved.html", context)


def _moved(
    instrument: Instrument,
    answers: Mapping[str, Any],
    shown: frozenset[str],
    changed_ids: frozenset[str],
    lang: str,
) -> list[Question]:
    return [
        question_of(instrument.items_by_id[one], answers.get(one), lang, shown=one in shown)
        for one in instrument.order
        if one in changed_ids
    ]


@for_people
@require_safe
def screening_review(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Everything read back, also what was not asked, before anything is concluded."""
    screening = screening_for(me.by, ref, Capability.SCREEN)
    if screening.concluded_at is not None:
        return redirect("screening_outcome", ref)
    instrument = instrument_of(screening.definition)
    sheet = sheet_of(instrument, answers_of(screening), _language(request, screening))
    return show(request, me, "screening/review.html", _context(request, screening, sheet))


@for_people
@require_POST
def screening_conclude(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Conclude once; whether the person was under 18 has to be said, also when it is not known."""
    screening = screening_for(me.by, ref, Capability.CONCLUDE_SCREENING)
    minor = request.POST.get("minor", "")
    if minor not in set(Ternary):
        instrument = instrument_of(screening.definition)
        sheet = sheet_of(instrument, answers_of(screening), _language(request, screening))
        context = {**_context(request, screening, sheet), "minor_missing": True}
        return show(request, me, "screening/review.html", context, status=422)
    conclude_screening(screening, by=me.by, at=me.at, minor=Ternary(minor))
    messages.success(request, _("The screening is concluded."))
    return redirect("screening_outcome", ref)
