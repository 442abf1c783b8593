"""One question: what it asks, why and how, which answers it takes and which of them are signs."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from casework.domain.rule_versions import Definition
from screening.domain.definition import FactCode, Identifier, NotEmpty, Strength, Text, Words
from screening.domain.rules import Condition


class ItemType(StrEnum):
    """What kind of answer a question takes; `info` takes none."""

    CHOICE = "choice"
    MULTI_CHOICE = "multi-choice"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TEXT = "text"
    INFO = "info"


class Missing(StrEnum):
    """What a published code for 'no answer' stands for (HMIS 8, 9, 99)."""

    UNKNOWN = "unknown"
    DECLINED = "declined"
    NOT_ASKED = "not_asked"
    NOT_APPLICABLE = "not_applicable"


class Required(StrEnum):
    """Whether a question that shows must be answered before the result is complete."""

    ALWAYS = "always"
    IF_SHOWN = "if-shown"
    NEVER = "never"


_WITH_OPTIONS = frozenset((ItemType.CHOICE, ItemType.MULTI_CHOICE))
NUMBERS = frozenset((ItemType.INTEGER, ItemType.DECIMAL))


class Option(Definition):
    """One answer that can be chosen; with `missing` it is a published code for having none."""

    code: Words
    label: Text
    score: float = 0
    missing: Missing | None = None
    exclusive: bool = False


class RulesOut(Definition):
    """Signs that one plain answer to a wide question already answers with no.

    Who was never asked to marry was not forced to. The question has to name plainly all that these
    signs are about, because an answer is never stretched over what was not asked.
    """

    when: Annotated[tuple[str, ...], NotEmpty]
    """The answers that do so; none of them is a sign."""
    indicators: Annotated[tuple[FactCode, ...], NotEmpty]


class Item(Definition):
    """One question."""

    id: Identifier
    text: Text
    type: ItemType
    guidance: Text | None = None
    why_we_ask: Text | None = None
    how_to_ask: Text | None = None
    required: Required = Required.NEVER
    options: tuple[Option, ...] = ()
    strength: Strength | None = None
    weight: float = Field(default=1, ge=0)
    positive_when: tuple[str, ...] = ()
    """Option codes (for a boolean `true` or `false`) that make the answer positive."""
    positive_above: float | None = None
    """For a number: positive when greater than this."""
    scored: bool = True
    """False for a question set beside a published list: it never moves the list's own result."""
    indicators: tuple[FactCode, ...] = ()
    rules_out: RulesOut | None = None
    """What need not be asked after certain answers, because this question covered it."""
    fact: FactCode | None = None
    """The fact that the answer itself becomes, beside any sign it is."""
    show_when: Condition | None = None
    safety_flag: bool = False
    codes: tuple[dict[str, str], ...] = ()
    export: dict[str, JsonValue] = Field(default_factory=dict)
    personal: bool = False

    @property
    def answer_codes(self) -> tuple[str, ...]:
        """What an answer may be; published codes for 'no answer' are not among them."""
        if self.type is ItemType.BOOLEAN:
            return ("true", "false")
        return tuple(option.code for option in self.options if option.missing is None)

    @property
    def signs_named(self) -> tuple[str, ...]:
        """Every sign that some answer to it says something about."""
        return (*self.indicators, *(self.rules_out.indicators if self.rules_out else ()))

    @property
    def can_be_positive(self) -> bool:
        """Whether any answer to it is a sign."""
        return bool(self.positive_when) or self.positive_above is not None

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> "Item":
        codes = [option.code for option in self.options]
        unknown = [code for code in self.positive_when if code not in self.answer_codes]
        clearing = self.rules_out.when if self.rules_out else ()
        for wrong, code, said in (
            (
                self.type in _WITH_OPTIONS and not self.answer_codes,
                "no_options",
                "a choice needs options",
            ),
            (
                self.type not in _WITH_OPTIONS and bool(codes),
                "options_unexpected",
                "only a choice has options",
            ),
            (
                len(set(codes)) < len(codes),
                "duplicate_option",
                "two options have the same code",
            ),
            (
                bool(unknown),
                "unknown_option",
                f"positive_when names no option of the question: {', '.join(unknown)}",
            ),
            (
                self.positive_above is not None and self.type not in NUMBERS,
                "positive_above_unexpected",
                "positive_above is for numbers only",
            ),
            (
                bool(self.indicators) and not self.can_be_positive,
                "never_positive",
                "it supports indicators but no answer to it is positive",
            ),
            (
                any(c not in self.answer_codes or c in self.positive_when for c in clearing),
                "not_ruling_out",
                "rules_out needs answers of the question that are no signs",
            ),
            (
                self.personal and self.type is not ItemType.TEXT,
                "personal_unexpected",
                "personal is for text only",
            ),
        ):
            if wrong:
                raise PydanticCustomError(
                    code, "question {id}: {said}", {"id": self.id, "said": said}
                )
        return self
