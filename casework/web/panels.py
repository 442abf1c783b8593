"""Panels that other apps put on the case page, so that casework need not know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from casework.models import Case
    from casework.web.doors import Visitor

_CASE_PANELS: list[str] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One section of the case page: its anchor and title, its template and what that shows."""

    anchor: str
    title: str
    template: str
    context: Mapping[str, Any]


class PanelBuilder(Protocol):
    """What a registered path has to lead to."""

    def __call__(self, case: "Case", me: "Visitor") -> Panel:
        """The panel for this case and this visitor."""


def register_case_panel(path: str) -> None:
    """Add a panel by the dotted path of its builder; a second time changes nothing."""
    if path not in _CASE_PANELS:
        _CASE_PANELS.append(path)


def case_panels(case: "Case", me: "Visitor") -> list[Panel]:
    """Every registered panel, in the order of registration."""
    panels = []
    for path in _CASE_PANELS:
        build: PanelBuilder = import_string(path)
        panels.append(build(case, me))
    return panels
