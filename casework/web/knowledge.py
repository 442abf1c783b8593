"""The knowledge as pages: every definition with its source, its days and all of its versions."""

from datetime import date
from typing import Any, TypedDict

from django.core.paginator import Paginator
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from casework.domain.errors import NotFoundError
from casework.domain.permissions import Capability, require
from casework.models import Definition
from casework.services import definitions
from casework.services.definitions import Rows
from casework.web.doors import Visitor, for_people, show
from casework.web.knowledge_fields import Fields, refs_in
from casework.web.knowledge_forms import KindForm, WordsForm
from casework.web.knowledge_labels import kinds_words
from casework.web.knowledge_layout import laid_flat, layout_of
from casework.web.knowledge_parts import Demand, Shown, grouped, links_to, sections_of, shown
from casework.web.knowledge_sides import same_parts, sides
from casework.web.written_in import page_language, primary

_PAGE = 50


class _Asked(TypedDict):
    """For which day and in which language definitions are described."""

    on: date
    language: str


def _asked(me: Visitor, on: date | None = None) -> _Asked:
    return {"on": on or me.at.date(), "language": primary(page_language())}


@for_people
@require_safe
def knowledge(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Every kind with its number, and one search over all of them."""
    require(me.by, Capability.READ_KNOWLEDGE)
    form = WordsForm(request.GET or None)
    counts = definitions.counts()
    kinds = [(kind, kinds_words(kind), counts.get(kind, 0)) for kind in definitions.kind_names()]
    context: dict[str, Any] = {"form": form, "kinds": kinds}
    if form.is_valid() and (form.cleaned_data["q"] or form.cleaned_data["row"]):
        rows = _found(definitions.current(**_asked(me)), form.cleaned_data)
        context |= _paged(request, rows.order_by("kind", Lower("title"), "code"))
    return show(request, me, "casework/knowledge.html", context)


@for_people
@require_safe
def knowledge_kind(request: HttpRequest, me: Visitor, kind: str) -> HttpResponse:
    """All definitions of one kind that are looked for."""
    require(me.by, Capability.READ_KNOWLEDGE)
    if kind not in definitions.kind_names():
        raise NotFoundError
    form = KindForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    rows = definitions.current(**_asked(me, said.get("on"))).of_kind(kind)
    page = _paged(request, _found(rows, said).order_by(Lower("title"), "code"))
    context = {"kind": kind, "title": kinds_words(kind), "form": form, **page}
    return show(request, me, "casework/knowledge_kind.html", context)


def _found(rows: Rows, said: dict[str, Any]) -> Rows:
    if said.get("q"):
        rows = definitions.matching(rows, said["q"])
    if said.get("row"):
        rows = definitions.answering(rows, said["row"])
    if said.get("place"):
        rows = definitions.in_place(rows, said["place"])
    if said.get("certainty"):
        rows = rows.filter(certainty=said["certainty"])
    if said.get("on"):
        rows = definitions.in_force(rows)
    return definitions.one_of_each(rows)


def _paged(request: HttpRequest, rows: Rows) -> dict[str, Any]:
    """One page, and the question without its page number, for the links to the others."""
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    question = request.GET.copy()
    question.pop("page", None)
    found = [shown(row) for row in page.object_list]
    return {"page": page, "found": found, "question": question.urlencode()}


@for_people
@require_safe
def knowledge_one(request: HttpRequest, me: Visitor, kind: str, code: str) -> HttpResponse:
    """One definition in full: the version asked for, or the one in force today."""
    require(me.by, Capability.READ_KNOWLEDGE)
    asked = _asked(me)
    versions = definitions.versions_of(kind, code, **asked)
    row = definitions.chosen(versions, request.GET.get("digest") or request.GET.get("version", ""))
    content = laid_flat(kind, row.content)
    names = definitions.names_of(refs_in(row.content), **asked)
    fields = Fields(names, frozenset(content.get("translations_reviewed", ())))
    context = {
        "one": shown(row),
        "kinds": kinds_words(kind),
        "sources": links_to("law_sources", content, fields),
        "answers": links_to("report_rows", content, fields),
        "enjoined": content.get("enjoined", ()),
        "sections": sections_of(layout_of(kind, content), content, fields),
        "namesakes": [shown(other) for other in definitions.namesakes(row, **asked)],
        "mentions": grouped(definitions.mentions(row, **asked)),
        "versions": [shown(version) for version in versions],
        "in_force": _in_force(versions),
    }
    return show(request, me, "casework/knowledge_one.html", context)


def _in_force(versions: list[Definition]) -> Shown | None:
    holding = (row for row in versions if definitions.holds(row))
    return next((shown(row) for row in holding), None)


@for_people
@require_safe
def knowledge_compare(request: HttpRequest, me: Visitor, kind: str, code: str) -> HttpResponse:
    """Two versions side by side; without a choice the newest and the one before it."""
    require(me.by, Capability.READ_KNOWLEDGE)
    asked = _asked(me)
    versions = definitions.versions_of(kind, code, **asked)
    new = definitions.chosen(versions, request.GET.get("to") or versions[0].digest)
    old = definitions.chosen(versions, request.GET.get("from") or _before(versions, new).digest)
    names = definitions.names_of([*refs_in(old.content), *refs_in(new.content)], **asked)
    fields = Fields(names)
    context = {
        "old": shown(old),
        "new": shown(new),
        "sides": sides(old.content, new.content, definitions.compared(old, new), fields),
        "same": same_parts(old.content, new.content, fields),
        "versions": [shown(version) for version in versions],
    }
    return show(request, me, "casework/knowledge_compare.html", context)


def _before(versions: list[Definition], row: Definition) -> Definition:
    at = versions.index(row)
    return versions[min(at + 1, len(versions) - 1)]


@for_people
@require_safe
def knowledge_mission(request: HttpRequest, me: Visitor) -> HttpResponse:
    """What the report asks, demand by demand, and what carries each."""
    require(me.by, Capability.READ_KNOWLEDGE)
    asked = _asked(me)
    carried = definitions.carriers(**asked)
    demands = [
        Demand(
            one=shown(row),
            text=row.content["demand"],
            carried=grouped(carried.get(row.code, ())),
        )
        for row in definitions.demands(**asked)
    ]
    return show(request, me, "casework/knowledge_mission.html", {"demands": demands})
