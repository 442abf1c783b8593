"""Every address of the API as Django knows it."""

from collections.abc import Iterator
from uuid import UUID

from django.urls import URLPattern

from casework.api.resources import Resource
from casework.api.urls import urlpatterns as of_casework
from screening.api.urls import urlpatterns as of_screening
from tests.casework.api.policy import BY_DIGEST, DEFINITION, INSTRUMENT, VERSION

BASE = "/api/v1/"
NOBODY = UUID(int=7)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def routes() -> Iterator[tuple[str, str, type]]:
    """Method, route and view of everything that can be called."""
    patterns: list[URLPattern] = [*of_casework, *of_screening]
    for pattern in patterns:
        view: type = vars(pattern.callback)["view_class"]
        for method in METHODS:
            if hasattr(view, method.lower()):
                yield method, str(pattern.pattern), view


def resources() -> Iterator[tuple[str, str, type[Resource]]]:
    """The same without the pages that anyone may see."""
    for method, route, view in routes():
        if issubclass(view, Resource):
            yield method, route, view


def address(route: str) -> str:
    """An address on that route, of nothing that exists."""
    if route == INSTRUMENT:
        return f"{BASE}instruments/none/versions/1/"
    if route == BY_DIGEST:
        return f"{BASE}definitions/by-digest/{'0' * 64}/"
    if route.startswith(DEFINITION):
        below = route.removeprefix(DEFINITION).replace(VERSION, "versions/1/").removesuffix(r"\Z")
        return f"{BASE}definitions/pathway/none/{below}"
    for name in ("ref", "fact", "event"):
        route = route.replace(f"<uuid:{name}>", str(NOBODY))
    return f"{BASE}{route}"
