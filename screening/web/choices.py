"""What can be chosen as an answer: the answers themselves, and the ways of having none."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.domain.facts import Standing
from casework.web.wording import Words, word
from casework.web.written_in import direction_of
from screening.domain.answers import option_for
from screening.domain.items import Item, ItemType
from screening.web.worded import worded

UNKNOWN_STANDINGS = (
    Standing.NOT_ASKED,
    Standing.DECLINED,
    Standing.DOES_NOT_KNOW,
    Standing.INTERPRETER_UNSURE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One radio button or check box."""

    value: str
    label: Words
    checked: bool
    lang: str = ""
    """The language of the label; empty for that of the page."""

    @property
    def dir(self) -> str:
        """Its direction of writing."""
        return direction_of(self.lang)


def options_of(item: Item, lang: str, held: Iterable[str], *, many: bool) -> Iterable[Choice]:
    """The answers themselves, without published codes for having none."""
    taken = set(held)
    if item.type is ItemType.BOOLEAN:
        yield from _yes_no(item, lang, taken)
        return
    for option in item.options:
        if option.missing is not None:
            continue
        words = worded(option.label, lang)
        value = option.code if many else f"value:{option.code}"
        yield Choice(
            value=value,
            label=words.text if words else option.code,
            checked=value in taken,
            lang=words.lang if words else "",
        )


def _yes_no(item: Item, lang: str, taken: Collection[str]) -> Iterable[Choice]:
    """Yes and no in the language in which the question is really asked."""
    words = worded(item.text, lang)
    asked_in = words.lang if words else "en"
    with override(asked_in):
        labels = {"true": _("Yes"), "false": _("No")}
    for code, label in labels.items():
        value = f"value:{code}"
        yield Choice(value=value, label=label, checked=value in taken, lang=asked_in)


def standings_of(item: Item, lang: str, chosen: str) -> Iterable[Choice]:
    """The ways of having no answer, in the instrument's own words where it has them."""
    for standing in UNKNOWN_STANDINGS:
        value = f"standing:{standing}"
        label: Any = word(standing)
        code = None if standing is Standing.INTERPRETER_UNSURE else option_for(item, standing)
        own = next((o.label for o in item.options if code and o.code == code), None)
        words = worded(own, lang)
        yield Choice(
            value=value,
            label=words.text if words else label,
            checked=chosen == value,
            lang=words.lang if words else "",
        )
