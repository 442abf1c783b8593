"""The page of instruments: those there are, and adding one of the agency's own in two steps.

What was checked travels with the page to the second step and is checked there again: nothing waits
on the server in between.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from casework.domain.errors import FieldProblem, InvalidInputError
from casework.domain.permissions import Capability, require
from casework.models import Definition
from casework.services.knowledge import fact_vocabulary
from casework.web.doors import Visitor, for_people, show
from casework.web.forms import PlainForm
from casework.web.written_in import fact_label, marked, page_language
from screening.domain.instrument import Instrument, Status
from screening.domain.items import Item
from screening.services.instruments import indicator_vocabulary, known_instruments
from screening.services.packs import Pack, add_pack, check_pack
from screening.web.sentences import reworded
from screening.web.worded import Wording, worded

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LARGEST_HERE = 700_000
"""In bytes: as much as the page can carry on to the second step."""


class PackForm(PlainForm):
    """The file to look at."""

    file = forms.FileField(
        label=gettext_lazy("File with one instrument, as YAML or as an XLSForm (.xlsx)"),
        widget=forms.FileInput(
            attrs={"class": "usa-file-input", "accept": ".yaml,.yml,.xlsx,.xlsm"}
        ),
        error_messages={"required": gettext_lazy("Choose a file.")},
        help_text=gettext_lazy("At most 700 kB. Nothing is stored before you have seen the check."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file as it was chosen, or as the page carried it on."""

    name: str
    content: bytes

    @property
    def carried(self) -> str:
        """The content in letters, for the form of the second step."""
        return urlsafe_b64encode(self.content).decode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownInstrument:
    """A row of the list."""

    title: Wording
    instrument: Instrument
    own: bool

    @property
    def waits(self) -> bool:
        """Whether it is a stub, whose wording somebody has to permit."""
        return self.instrument.status is Status.STUB

    @property
    def figures(self) -> tuple["StrOrPromise", ...]:
        """What studies found of it."""
        studies = self.instrument.source.accuracy
        return tuple(reworded(line) for one in studies for line in one.shown())


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A question of a checked file, and what its answer says beyond it."""

    text: Wording
    means: tuple["StrOrPromise", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing wrong: where in which file, in which field, and what."""

    place: str
    field: str
    reason: "StrOrPromise"


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def instruments_page(request: HttpRequest, me: Visitor) -> HttpResponse:
    """The list; a chosen file checked; a checked one added."""
    require(me.by, Capability.READ_KNOWLEDGE)
    if request.method != "POST":
        return _page(request, me, PackForm(), {})
    require(me.by, Capability.MANAGE_INSTRUMENTS)
    if "content" in request.POST:
        return _add(request, me)
    return _check(request, me)


def _check(request: HttpRequest, me: Visitor) -> HttpResponse:
    form = PackForm(None, request.FILES)
    sent = _chosen(form) if form.is_valid() else None
    if sent is None:
        return _page(request, me, form, {}, status=422)
    return _checked(request, me, sent)


def _checked(request: HttpRequest, me: Visitor, sent: Sent) -> HttpResponse:
    try:
        pack = check_pack(sent.content, sent.name, by=me.by)
    except InvalidInputError as error:
        return _refused(request, me, sent, error)
    return _page(request, me, PackForm(), {"sent": sent, **_meaning(pack)})


def _add(request: HttpRequest, me: Visitor) -> HttpResponse:
    try:
        content = urlsafe_b64decode(request.POST["content"].encode("ascii", "replace"))
    except BadBase64:
        return _page(request, me, PackForm(), {}, status=422)
    sent = Sent(name=request.POST.get("name", ""), content=content)
    try:
        pack = add_pack(sent.content, sent.name, by=me.by, at=me.at)
    except InvalidInputError as error:
        return _refused(request, me, sent, error)
    title = pack.instrument.title.get(page_language())
    messages.success(request, _("Added: %s") % title)
    return redirect("instruments")


def _refused(
    request: HttpRequest, me: Visitor, sent: Sent, error: InvalidInputError
) -> HttpResponse:
    mistakes = [_mistake(problem) for problem in error.problems]
    context = {"refused": sent.name, "mistakes": mistakes}
    return _page(request, me, PackForm(), context, status=422)


def _mistake(problem: FieldProblem) -> Mistake:
    place, field, reason = problem.detail.split(": ", 2)
    return Mistake(place=place, field=field, reason=reworded(reason))


def _chosen(form: PackForm) -> Sent | None:
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    if (file.size or 0) > LARGEST_HERE:
        form.add_error("file", _("This file is larger than 700 kB."))
        return None
    return Sent(name=file.name or "", content=file.read())


def _page(
    request: HttpRequest,
    me: Visitor,
    form: PackForm,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    rows = [_known(row, instrument) for row, instrument in known_instruments()]
    everything = {"form": form, "rows": rows, **context}
    return show(request, me, "screening/instruments.html", everything, status=status)


def _known(row: Definition, instrument: Instrument) -> KnownInstrument:
    return KnownInstrument(
        title=_words(instrument),
        instrument=instrument,
        own=row.agency_id is not None,
    )


def _words(instrument: Instrument) -> Wording:
    title = worded(instrument.title, page_language())
    return title or Wording(text=instrument.id, lang="en")


def _meaning(pack: Pack) -> dict[str, Any]:
    """What adding the file would mean, for the page."""
    return {
        "pack": pack,
        "title": _words(pack.instrument),
        "mapped": [_mapped(item) for item in pack.mapped],
        "unmapped": [_mapped(item) for item in pack.unmapped],
    }


def _mapped(item: Item) -> Mapped:
    text = worded(item.text, page_language()) or Wording(text=item.id, lang="en")
    signs = [
        worded(indicator_vocabulary()[code].label, page_language()) for code in item.indicators
    ]
    means = [marked(sign.text, sign.lang) for sign in signs if sign]
    if item.fact:
        means.append(fact_label(fact_vocabulary()[item.fact]))
    return Mapped(text=text, means=tuple(means))
