"""Where every address leads."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from casework.api import health, oauth, problems
from casework.web import errors

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("oauth/token", oauth.token),
    path("oauth/revoke", oauth.revoke),
    path("api/v1/", include("screening.api.urls")),
    path("api/v1/", include("casework.api.urls")),
    path("", include("casework.web.urls")),
    path("", include("screening.web.urls")),
]


def _for_machines(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/oauth/"))


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What could not even be read."""
    answer = problems.bad_request if _for_machines(request) else errors.bad_request
    return answer(request, exception)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    answer = problems.not_found if _for_machines(request) else errors.not_found
    return answer(request, exception)


def handler500(request: HttpRequest) -> HttpResponse:
    """A defect of ours."""
    answer = problems.server_error if _for_machines(request) else errors.server_error
    return answer(request)
