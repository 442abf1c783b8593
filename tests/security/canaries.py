"""Words that occur nowhere else, and the forms in which one could lie in a file."""

import base64
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

_NUMBERS = itertools.count(1)


@dataclass(slots=True)
class Canaries:
    """Hands out a new word for each field and finds them again."""

    words: dict[str, str] = field(default_factory=dict)

    def for_field(self, name: str) -> str:
        """A word of its own for that field; letters and digits alone, so that it suits anywhere."""
        word = f"Zq{next(_NUMBERS):05d}kanarienvogel"
        self.words[name] = word
        return word

    def found_in(self, sink: bytes) -> set[str]:
        """The fields whose word lies in the sink: as text, as hex, or as base64."""
        low = sink.lower()
        return {name for name, word in self.words.items() if _is_in(word, sink, low)}


def _is_in(word: str, sink: bytes, low: bytes) -> bool:
    if any(form in low for form in _forms_without_case(word)):
        return True
    return any(form in sink for form in _in_base64(word.encode()))


def _forms_without_case(word: str) -> Iterator[bytes]:
    for text in (word, word.lower(), word.upper()):
        yield text.lower().encode()
        yield text.encode().hex().encode()
        yield text.encode("utf-16-le").hex().encode()


def _in_base64(word: bytes) -> Iterator[bytes]:
    """The middle of the word's base64, wherever it begins within three bytes."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + word)
        yield encoded[4:-4]
