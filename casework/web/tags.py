"""Filters and tags that every template has: words for codes, moments, one way to draw a field."""

from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField

from casework.web.moments import local_text, utc_text
from casework.web.wording import Words
from casework.web.wording import word as word_for

register = template.Library()


@register.filter
def word(code: object) -> Words:
    """The words for a code."""
    return word_for(code)


@register.filter
def utc(at: datetime | None) -> str:
    """A moment in UTC."""
    return utc_text(at) if at else ""


@register.filter
def local(at: datetime | None, zone: str) -> str:
    """A moment in the time of a place."""
    return local_text(at, zone) if at else ""


@register.inclusion_tag("casework/parts/field.html")
def field(bound: BoundField, label: Words = "") -> dict[str, Any]:
    """A form field with its label, hint and error, in the right kind of markup."""
    kind = getattr(bound.field.widget, "input_type", "textarea")
    return {
        "field": bound,
        "label": label or bound.label,
        "kind": kind,
        "grouped": bound.field.widget.use_fieldset,
    }
