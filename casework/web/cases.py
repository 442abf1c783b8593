"""Cases: listed, found again, opened, changed, handed over, closed and opened again."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.access import case_for, cases_for
from casework.domain.permissions import Capability, require
from casework.services.cases import assign_case, change_case, close_case, open_case, reopen_case
from casework.services.search import find_cases
from casework.web.case_forms import AssignForm, ChangeCaseForm, NewCaseForm, SearchForm
from casework.web.doors import Visitor, for_people, show
from casework.web.forms import ReasonForm, attempt

_PAGE = 25


@for_people
@require_safe
def case_list(request: HttpRequest, me: Visitor) -> HttpResponse:
    """The cases this person may read, newest first; closed ones when asked for."""
    require(me.by, Capability.READ_CASE)
    closed = request.GET.get("show") == "all"
    rows = cases_for(me.by) if closed else cases_for(me.by).open()
    page = Paginator(rows.order_by("-opened_at", "-id"), _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "closed": closed, "search": SearchForm()}
    return show(request, me, "casework/cases.html", context)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def case_search(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Cases whose person's name is like the one typed; the names themselves stay hidden."""
    if request.method != "POST":
        return redirect("case_list")
    form = SearchForm(request.POST)
    found = find_cases(form.cleaned_data["name"], by=me.by) if form.is_valid() else None
    return show(request, me, "casework/cases.html", {"search": form, "found": found})


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: HttpRequest, me: Visitor) -> HttpResponse:
    """Open a case."""
    require(me.by, Capability.OPEN_CASE)
    form = NewCaseForm(request.POST or None)
    if request.method == "POST":
        case = attempt(form, lambda: open_case(form.new_case(), by=me.by, at=me.at))
        if case is not None:
            messages.success(request, _("Case %s is open.") % case.number)
            return redirect("case", case.ref)
    return show(
        request, me, "casework/case_new.html", {"form": form}, status=422 if form.errors else 200
    )


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def case_edit(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Change the details; what is hidden and left empty stays."""
    case = case_for(me.by, ref, Capability.CHANGE_CASE)
    form = ChangeCaseForm.of(case, request.POST or None)
    if request.method == "POST":
        changed = attempt(
            form,
            lambda: change_case(
                case, form.changes(), by=me.by, at=me.at, version=form.cleaned_data["version"]
            ),
        )
        if changed is not None:
            messages.success(request, _("Changed."))
            return redirect("case", ref)
    context = {"form": form, "case": case}
    return show(request, me, "casework/case_edit.html", context, status=422 if form.errors else 200)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def case_assign(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Hand the case to a colleague."""
    case = case_for(me.by, ref, Capability.ASSIGN_CASE)
    form = AssignForm(request.POST or None, agency_id=me.by.agency_id)
    if request.method == "POST":
        done = attempt(
            form, lambda: assign_case(case, form.cleaned_data["assignee"], by=me.by, at=me.at)
        )
        if done is not None:
            messages.success(request, _("The case was handed over."))
            return redirect("case", ref)
    context = {"form": form, "case": case, "title": _("Hand over"), "button": _("Hand over")}
    return show(request, me, "casework/one_form.html", context, status=422 if form.errors else 200)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def case_close(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Close the case with a reason."""
    case = case_for(me.by, ref, Capability.CLOSE_CASE)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: close_case(case, reason=form.cleaned_data["reason"], by=me.by, at=me.at),
        )
        if done is not None:
            messages.success(request, _("The case is closed. Clocks that run go on running."))
            return redirect("case", ref)
    context = {"form": form, "case": case, "title": _("Close the case"), "button": _("Close")}
    return show(request, me, "casework/one_form.html", context, status=422 if form.errors else 200)


@for_people
@require_POST
def case_reopen(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """Open a closed case again."""
    case = case_for(me.by, ref, Capability.CLOSE_CASE)
    reopen_case(case, by=me.by, at=me.at)
    messages.success(request, _("The case is open again."))
    return redirect("case", ref)
