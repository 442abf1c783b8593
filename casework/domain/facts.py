"""What can be known about a case, how it is asked, and how the ledger becomes what is known."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from casework.domain.conditions import FactValue
from casework.domain.errors import InvalidInputError
from casework.domain.rule_versions import Certainty, Definition

LONGEST_TEXT = 1_000
LARGEST_NUMBER = 1_000_000_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_UNPRINTABLE = frozenset({"Cc", "Cs"})


class FactType(StrEnum):
    """What sort of value a fact has."""

    BOOLEAN = "boolean"
    CHOICE = "choice"
    INTEGER = "integer"
    DATE = "date"
    TEXT = "text"


LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
ReportRow = Annotated[str, StringConstraints(pattern=r"^R([1-9]|[12][0-9]|30)$")]


class FactWords(Definition):
    """The words of a fact in another language than English."""

    label: str = Field(min_length=1)
    question: str = Field(min_length=1)
    why_we_ask: str = Field(min_length=1)
    how_to_ask: str = Field(min_length=1)


OptionWords = dict[LanguageTag, Annotated[str, StringConstraints(min_length=1)]]


class FactDefinition(Definition):
    """One fact of the vocabulary: what it means and how to ask for it with care."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: FactType
    options: tuple[str, ...] = ()
    """The codes to choose from; only for a choice."""
    option_labels: dict[str, OptionWords] = Field(default_factory=dict)
    """What each option is called, by code and language; for all of the options or for none."""
    pattern: str = ""
    """A regular expression that the whole of a text has to match; empty: any text."""
    unit: str = ""
    label: str
    meaning: str
    question: str
    why_we_ask: str
    how_to_ask: str
    citation: str
    law_sources: tuple[str, ...] = ()
    certainty: Certainty = Certainty.KNOWLEDGE
    reviewed: bool = False
    personal: bool = False
    """Whether the value may identify the person, and is therefore kept encrypted."""
    group: str
    report_rows: tuple[ReportRow, ...] = ()
    translations: dict[LanguageTag, FactWords] = Field(default_factory=dict)
    translations_reviewed: tuple[LanguageTag, ...] = ()
    """The languages whose words a person who speaks them has read and confirmed."""

    def words(self, language: str) -> FactWords:
        """The words in the language (`es-MX` falls back to `es`), otherwise in English."""
        for tag in (language, language.partition("-")[0]):
            if tag in self.translations:
                return self.translations[tag]
        return FactWords(
            label=self.label,
            question=self.question,
            why_we_ask=self.why_we_ask,
            how_to_ask=self.how_to_ask,
        )

    def option_words(self, code: str) -> Mapping[str, str]:
        """What an option is called, by language; an unnamed one is its code, read as English."""
        return self.option_labels.get(code) or {"en": code.replace("_", " ")}

    @model_validator(mode="after")
    def _names_every_option_or_none(self) -> Self:
        if self.option_labels and set(self.option_labels) != set(self.options):
            raise ValueError("labels are for all of the options, and for nothing else")
        if any("en" not in words for words in self.option_labels.values()):
            raise ValueError("the label of an option is there in English first")
        return self

    @model_validator(mode="after")
    def _has_options_iff_choice(self) -> Self:
        if (self.type is FactType.CHOICE) != bool(self.options):
            raise ValueError("options belong to a choice, and a choice needs them")
        if self.pattern and self.type is not FactType.TEXT:
            raise ValueError("a pattern belongs to a text")
        return self


class Standing(StrEnum):
    """How we stand to a fact. Four of the five are ways not to know, and none of them means no."""

    KNOWN = "known"
    NOT_ASKED = "not_asked"
    DECLINED = "declined"
    DOES_NOT_KNOW = "does_not_know"
    INTERPRETER_UNSURE = "interpreter_unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One line of the ledger: what someone stated about one fact, or the taking back of a line."""

    ref: str
    code: str
    value: FactValue | None
    """None with every standing but known, and in a retraction."""
    standing: Standing
    source: str
    """Where it comes from, e.g. screening, caseworker, partner."""
    source_ref: str
    by: str
    at: datetime
    retracts: str = ""
    """The ref of the line that this one takes back; empty for an assertion."""


def current(assertions: Iterable[Assertion]) -> dict[str, Assertion]:
    """The line that stands for each fact, by code.

    Lines count in the order of `at`, then as given; a later one supersedes. Taking a line back
    revives the one before it; taking back a superseded line changes nothing; a retraction can be
    taken back as well. A fact whose lines are all taken back is absent, that is unknown.
    """
    ordered = sorted(assertions, key=lambda line: line.at)
    retracted: set[str] = set()
    for line in reversed(ordered):
        if line.retracts and line.ref not in retracted:
            retracted.add(line.retracts)
    standing = [line for line in ordered if not line.retracts and line.ref not in retracted]
    latest = {line.code: line for line in standing}
    return dict(sorted(latest.items()))


def known(current: Mapping[str, Assertion]) -> dict[str, FactValue]:
    """The values that are known. Declined, not asked, not known and unsure are all absent."""
    return {
        code: line.value
        for code, line in current.items()
        if line.standing is Standing.KNOWN and line.value is not None
    }


def check_value(definition: FactDefinition, value: object, pointer: str) -> FactValue:
    """The JSON value `value` as a value of this fact.

    `pointer` says where the value stands in what was sent. Dates come as `2026-01-31`. Raises
    InvalidInputError saying what is accepted.
    """
    checked, code, detail = _CHECKS[definition.type](definition, value)
    if checked is None:
        raise InvalidInputError.at(pointer, code, f"{definition.label}: {detail}")
    return checked


_Checked = tuple[FactValue | None, str, str]
"""The value, or None with a code and a sentence that says what is accepted."""


def _boolean(_: FactDefinition, value: object) -> _Checked:
    return (value if isinstance(value, bool) else None), "not_a_boolean", "give true or false."


def _choice(definition: FactDefinition, value: object) -> _Checked:
    chosen = value if isinstance(value, str) and value in definition.options else None
    return chosen, "not_an_option", f"choose one of {', '.join(definition.options)}."


def _integer(_: FactDefinition, value: object) -> _Checked:
    whole = isinstance(value, int) and not isinstance(value, bool)
    number = value if isinstance(value, int) and whole and abs(value) <= LARGEST_NUMBER else None
    return number, "not_an_integer", f"give a whole number of at most {LARGEST_NUMBER}."


def _date(_: FactDefinition, value: object) -> _Checked:
    return (
        _day(value),
        "not_a_date",
        "give a date of 1900 to 2200 as year-month-day, for example 2026-01-31.",
    )


def _day(value: object) -> date | None:
    if type(value) is date:
        return value if _FIRST_YEAR <= value.year <= _LAST_YEAR else None
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        return None
    try:
        return _day(date.fromisoformat(value))
    except ValueError:
        return None


def _text(definition: FactDefinition, value: object) -> _Checked:
    text = value.strip() if isinstance(value, str) else ""
    printable = not any(unicodedata.category(character) in _UNPRINTABLE for character in text)
    if not text or len(text) > LONGEST_TEXT or not printable:
        return (
            None,
            "not_a_text",
            f"give 1 to {LONGEST_TEXT} characters without control characters.",
        )
    if definition.pattern and not re.fullmatch(definition.pattern, text):
        return None, "wrong_form", f"give it in this form: {definition.unit or definition.pattern}."
    return text, "", ""


_CHECKS: Mapping[FactType, Callable[[FactDefinition, object], _Checked]] = {
    FactType.BOOLEAN: _boolean,
    FactType.CHOICE: _choice,
    FactType.INTEGER: _integer,
    FactType.DATE: _date,
    FactType.TEXT: _text,
}
