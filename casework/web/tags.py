"""Filters and tags that every template has: words for codes, moments, one way to draw a field."""

from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html

from casework.web.moments import local_text, utc_text
from casework.web.sentences import translated
from casework.web.wording import Words, has_words
from casework.web.wording import word as word_for
from casework.web.written_in import direction_of, marked, page_language

register = template.Library()


@register.filter
def word(code: object) -> Words:
    """The words for a code; a code without words of its own is English."""
    return word_for(code) if has_words(code) else marked(word_for(code), "en")


@register.filter
def english(text: Words) -> Words:
    """Words of the knowledge that exist in English only, marked where the page is in another."""
    return marked(text, "en")


@register.filter
def isolated(text: str) -> Words:
    """A version or a code, so that a page written from the right does not turn it round."""
    return format_html("<bdi>{}</bdi>", text) if direction_of(page_language()) == "rtl" else text


@register.filter
def day(text: str) -> Words:
    """A date in the middle of a sentence, kept on one line and in its own order."""
    return format_html('<bdi class="cw-day">{}</bdi>', text)


@register.filter
def sentence(text: str) -> Words:
    """A sentence of the work itself, in the language of the page where it is known."""
    return translated(text)


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
