"""Free text as it may be kept: no control characters, no hidden directions, not endless."""

import unicodedata

from casework.domain.errors import InvalidInputError

_KEPT_CONTROLS = {"\n", "\t"}
_BIDI = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def clean_text(value: object, pointer: str, *, longest: int = 4_000) -> str:
    """The text in NFC, trimmed. None gives ''. InvalidInputError names what is wrong and where."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidInputError.at(pointer, "wrong_type", "This must be text.")
    text = value.replace("\r\n", "\n").strip()
    for character in text:
        problem = _problem(character)
        if problem:
            raise InvalidInputError.at(pointer, "bad_character", problem)
    if len(text) > longest:
        raise InvalidInputError.at(
            pointer, "too_long", f"At most {longest} characters; this has {len(text)}."
        )
    return unicodedata.normalize("NFC", text)


def _problem(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Cs":
        return "Half of a surrogate pair stands here; send whole characters."
    if kind == "Cc" and character not in _KEPT_CONTROLS:
        return f"The control character U+{ord(character):04X} is not accepted."
    if character in _BIDI:
        return f"The hidden direction mark U+{ord(character):04X} is not accepted."
    return ""
