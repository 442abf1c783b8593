"""When a question shows and when a result is given, in words, for the pages of the knowledge."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.domain.condition_words import Shape, Told
from casework.web.wording import word
from screening.domain.rules import Operator

_COMPARED: Mapping[str, Any] = {
    Operator.EQUALS: gettext_lazy("the answer to %(item)s is %(value)s"),
    Operator.DIFFERS: gettext_lazy("the answer to %(item)s is not %(value)s"),
    Operator.IN: gettext_lazy("the answer to %(item)s is one of %(value)s"),
    Operator.CONTAINS: gettext_lazy("the answer to %(item)s contains %(value)s"),
    Operator.ABOVE: gettext_lazy("the answer to %(item)s is above %(value)s"),
    Operator.AT_LEAST: gettext_lazy("the answer to %(item)s is at least %(value)s"),
    Operator.BELOW: gettext_lazy("the answer to %(item)s is below %(value)s"),
    Operator.AT_MOST: gettext_lazy("the answer to %(item)s is at most %(value)s"),
}


def told_rule(document: dict[str, Any]) -> Told | None:
    """The stored rule as a tree of words; None where the document is no rule of an instrument."""
    for key, teller in _TELLERS.items():
        if key in document:
            return teller(document)
    return None


def _said(text: str) -> Told:
    return Told(shape=Shape.SAID, values=(text,))


def _compared(document: dict[str, Any]) -> Told | None:
    operator, value = document.get("op"), document.get("value", True)
    item = document["item"]
    if operator == Operator.ANSWERED:
        answered = _("%(item)s has an answer") if value else _("%(item)s has no answer")
        return _said(answered % {"item": item})
    if not isinstance(operator, str) or operator not in _COMPARED:
        return None
    return _said(str(_COMPARED[operator]) % {"item": item, "value": _listed(value)})


def _listed(value: object) -> str:
    values = value if isinstance(value, list) else [value]
    return ", ".join(
        str(word("yes" if one else "no")) if isinstance(one, bool) else str(one) for one in values
    )


def _group(document: dict[str, Any]) -> Told | None:
    shape = Shape.ALL if "all" in document else Shape.ANY
    parts = [told_rule(part) for part in document[shape]]
    known = tuple(part for part in parts if part is not None)
    return Told(shape=shape, parts=known) if len(known) == len(parts) else None


def _negated(document: dict[str, Any]) -> Told | None:
    part = told_rule(document["not"])
    return Told(shape=Shape.NOT, parts=(part,)) if part else None


def _positive(document: dict[str, Any]) -> Told:
    return _said(_("the part %(section)s is positive") % {"section": document["positive"]})


def _any_positive(document: dict[str, Any]) -> Told:
    parts = tuple(_positive({"positive": name}) for name in document["any_positive"])
    return Told(shape=Shape.ANY, parts=parts)


def _always(_document: dict[str, Any]) -> Told:
    return _said(_("in all other cases"))


def _population(document: dict[str, Any]) -> Told:
    child = _("the person was under 18")
    return _said(child if document["population"] == "child" else _("the person was an adult"))


_TELLERS: Mapping[str, Callable[[dict[str, Any]], Told | None]] = {
    "op": _compared,
    "all": _group,
    "any": _group,
    "not": _negated,
    "positive": _positive,
    "any_positive": _any_positive,
    "always": _always,
    "population": _population,
}
