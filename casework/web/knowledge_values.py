"""Single values of a definition in words: codes, yes and no, moments, words in many languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.domain.jurisdictions import STATES
from casework.web.knowledge_codes import FIELD_WORDS
from casework.web.wording import LANGUAGES_SPOKEN, has_words, word
from casework.web.written_in import direction_of, marked

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_CODE = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
_TIME = re.compile(r"\d\d:\d\d(:\d\d)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_AS_IT_IS = frozenset(
    (
        "id",
        "code",
        "item",
        "pattern",
        "class",
        "file",
        "field",
        "period",
        "version",
        "outcome",
    )
)
_SPOKEN = dict(LANGUAGES_SPOKEN)
_IN_ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Words in one language, to be drawn and read aloud as that language."""

    text: str
    language: str
    called: "StrOrPromise"
    """What the language is called."""
    unreviewed: bool
    """Whether nobody who speaks it has confirmed the translation yet."""

    @property
    def direction(self) -> str:
        """In which direction it is written."""
        return direction_of(self.language)


def sayings(
    value: Mapping[str, Any], reviewed: frozenset[str] = frozenset()
) -> list[Saying] | None:
    """The same words in every language they exist in, English first; None if it is no such thing.

    Words are taken for such only where they exist in English, or in a single known language.
    """
    tags = [tag for tag in value if _LANGUAGE.fullmatch(tag) and isinstance(value[tag], str)]
    if len(tags) < len(value) or not (_IN_ENGLISH in tags or set(tags) <= set(_SPOKEN)):
        return None
    ordered = sorted(tags, key=lambda tag: (tag != _IN_ENGLISH, tag))
    return [
        Saying(
            text=value[tag],
            language=tag,
            called=_SPOKEN.get(tag, tag),
            unreviewed=tag != _IN_ENGLISH and tag not in reviewed,
        )
        for tag in ordered
    ]


def in_words(name: str, value: object) -> "StrOrPromise":
    """One value as a reader sees it; what is English on a page of another language is marked."""
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if not isinstance(value, str):
        return _number(name, value)
    if name in _AS_IT_IS:
        return value
    own = _SPOKEN.get(value, value) if name == "languages" else _in_part(name, value)
    return own if own is not None else _in_general(value)


def _in_general(text: str) -> "StrOrPromise":
    """A code, a time of day, or words that exist in English only."""
    if _TIME.fullmatch(text):
        return text[:5]
    if not (_CODE.fullmatch(text) or has_words(text)):
        return marked(text, "en")
    said = word(text.replace("-", "_")) if not has_words(text) else word(text)
    return said if has_words(text) else marked(said, "en")


def _number(name: str, value: object) -> "StrOrPromise":
    """A figure; a month of the year, or a place in a month, by its name."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if name == "month" and isinstance(value, int) and value in MONTHS:
        return MONTHS[value]
    return FIELD_WORDS.get(name, {}).get(str(value)) or str(value)


def _in_part(name: str, code: str) -> "StrOrPromise | None":
    return FIELD_WORDS.get(name, {}).get(code.replace("-", "_"))


def moment_words(name: str, minutes: int) -> str:
    """How long before or after its anchor a reminder comes."""
    if minutes == 0:
        return _("at that moment")
    span = _span(abs(minutes))
    if name == "every_minutes":
        return span
    if minutes < 0:
        return _("%(span)s before") % {"span": span}
    return _("%(span)s after") % {"span": span}


def _span(minutes: int) -> str:
    if minutes % 1_440 == 0:
        days = minutes // 1_440
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def place_words(code: str) -> "StrOrPromise":
    """What a jurisdiction is called."""
    known: Mapping[str, StrOrPromise] = {
        "US": _("United States"),
        "UN": _("United Nations"),
        "international": _("International"),
    }
    if code in known:
        return known[code]
    state = STATES.get(code.removeprefix("US-"), code)
    return marked(state[0].upper() + state[1:] if state else "", "en")
