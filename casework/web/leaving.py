"""Leave this page: logged out, traces cleared, and something harmless on the screen, at once."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

_CLEAR = '"cache", "cookies", "storage"'


@csrf_exempt
def leave(request: HttpRequest) -> HttpResponse:
    """Log out whoever asks, in whatever way: to be logged out by a stranger does no harm,
    to be refused in a hurry would.
    """
    if request.method == "POST":
        response: HttpResponse = redirect("leave")
    else:
        response = render(request, "casework/leave.html")
    if request.user.is_authenticated:
        logout(request)
    response["Clear-Site-Data"] = _CLEAR
    return response
