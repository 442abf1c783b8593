"""What every definition of screening shares: identifiers, strengths, and words per language."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, RootModel, StringConstraints
from pydantic_core import PydanticCustomError

from casework.domain.facts import LanguageTag, ReportRow

__all__ = [
    "FactCode",
    "Identifier",
    "LanguageTag",
    "NotEmpty",
    "ReportRow",
    "Strength",
    "Text",
    "Words",
]

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)]
FactCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]


def _not_empty(parts: tuple[object, ...]) -> tuple[object, ...]:
    if not parts:
        raise PydanticCustomError("empty", "at least one is needed")
    return parts


NotEmpty = AfterValidator(_not_empty)
"""At least one part. Unlike a minimum length it is silent while a part itself is refused."""


class Text(RootModel[dict[LanguageTag, Words]]):
    """The same words in one or more languages, by language tag."""

    model_config = ConfigDict(frozen=True)

    def get(self, language: str) -> str:
        """The wording for `language` (`es-MX` falls back to `es`), else English, else any."""
        for tag in (language, language.partition("-")[0], "en"):
            if tag in self.root:
                return self.root[tag]
        return next(iter(self.root.values()), "")


class Strength(StrEnum):
    """How much one sign says, as in the ILO/EC lists of 2009."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
