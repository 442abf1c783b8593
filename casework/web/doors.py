"""The one way into a page: logged in, a member of an agency, and inside that agency's context."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from casework.access import enter, principal_of_user
from casework.domain.errors import CaseworkError
from casework.domain.permissions import Capability, Principal, may
from casework.models import Agency, User
from casework.web.errors import refused
from casework.web.second_factor import missing_step

_Args = ParamSpec("_Args")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks for a page, for which agency, and when."""

    by: Principal
    at: datetime
    agency: Agency

    @property
    def rights(self) -> frozenset[str]:
        """What this person may do anywhere; pages show a button only where it would work."""
        return frozenset(capability.value for capability in Capability if may(self.by, capability))

    @property
    def zone(self) -> str:
        """The agency's own time zone, by IANA name."""
        return self.agency.time_zone


_View = Callable[Concatenate[HttpRequest, Visitor, _Args], HttpResponse]


def for_people(view: _View[_Args]) -> Callable[Concatenate[HttpRequest, _Args], HttpResponse]:
    """Give the view its visitor. What a service refuses becomes a page that says so."""

    @wraps(view)
    def entered(request: HttpRequest, /, *args: _Args.args, **kwargs: _Args.kwargs) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return _log_in_first(request)
        step = missing_step(request, user)
        if step:
            return redirect(step)
        principal = principal_of_user(user)
        if principal is None:
            return render(request, "casework/no_membership.html", status=403)
        enter(principal)
        agency = Agency.objects.get(pk=principal.agency_id)
        visitor = Visitor(by=principal, at=datetime.now(UTC), agency=agency)
        try:
            return view(request, visitor, *args, **kwargs)
        except CaseworkError as error:
            transaction.set_rollback(True)
            return refused(request, error)

    return entered


def _log_in_first(request: HttpRequest) -> HttpResponse:
    """A part of a page is refused outright: it must not be replaced by the log-in page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


def show(
    request: HttpRequest,
    me: Visitor,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page for this visitor."""
    return render(request, template, {"me": me, **(context or {})}, status=status)
