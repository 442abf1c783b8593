"""Words in another language than the page, marked so that they are read and drawn right."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.translation import get_language

from casework.domain.facts import FactDefinition
from casework.web.wording import word

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "prs"})


def primary(language: str) -> str:
    """The language without its region: `es` of `es-MX`."""
    return language.partition("-")[0]


def direction_of(language: str) -> str:
    """In which direction a language is written, as the attribute `dir` says it."""
    return "rtl" if primary(language) in RIGHT_TO_LEFT else "ltr"


def page_language() -> str:
    """The language of the page that is being made."""
    return get_language() or "en"


def marked(text: "StrOrPromise", language: str) -> "StrOrPromise":
    """The text; in a page of another language inside an element that names its own."""
    if not text or primary(language) == primary(page_language()):
        return text
    direction = direction_of(language)
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction, text)


def fact_language(fact: FactDefinition) -> str:
    """In which language this page shows the words of a fact: its own, where they exist in it."""
    own = page_language()
    return next((tag for tag in (own, primary(own)) if tag in fact.translations), "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedFact:
    """The words of a fact for any place in a page, each marked where the page is in another."""

    code: str
    label: "StrOrPromise"
    question: "StrOrPromise"
    why_we_ask: "StrOrPromise"


def marked_fact(fact: FactDefinition) -> MarkedFact:
    """A fact in the language of the page, otherwise in English."""
    words, shown = fact.words(page_language()), fact_language(fact)
    return MarkedFact(
        code=fact.code,
        label=marked(words.label, shown),
        question=marked(words.question, shown),
        why_we_ask=marked(words.why_we_ask, shown),
    )


def option_label(fact: FactDefinition, code: str) -> "StrOrPromise":
    """What an option of a fact is called, in the language of the page where it has words in it."""
    if code not in fact.option_labels:
        return word(code) if code.islower() else code
    words, own = fact.option_words(code), page_language()
    return next((words[tag] for tag in (own, primary(own)) if tag in words), words["en"])


def fact_label(fact: FactDefinition) -> "StrOrPromise":
    """What a fact is called, for any place in a page."""
    return marked_fact(fact).label
