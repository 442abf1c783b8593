"""What a person sees when a page cannot be shown."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form came from an old or foreign page: say so, and how to go on."""
    return render(request, "casework/problem.html", {"code": "form_expired"}, status=403)
