"""An instrument's words in the language a person is asked in, in English where none exist."""

from dataclasses import dataclass

from casework.web.written_in import direction_of, primary
from screening.domain.definition import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words with the language they are really in."""

    text: str
    lang: str

    @property
    def dir(self) -> str:
        """Their direction of writing."""
        return direction_of(self.lang)


def worded(text: Text | None, lang: str) -> Wording | None:
    """The wording for a language, or the English one marked as English."""
    if text is None:
        return None
    tag = next((t for t in (lang, primary(lang), "en") if t in text.root), "en")
    return Wording(text=text.get(lang), lang=tag)
