"""A screening as a page draws it: sections, questions, options, and what is already answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from casework.domain.facts import Standing
from casework.web.wording import Words, word
from screening.domain.answers import Answer, option_for, read
from screening.domain.definition import Text
from screening.domain.instrument import Instrument, Section
from screening.domain.items import Item, ItemType

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "prs"})
UNKNOWN_STANDINGS = (
    Standing.NOT_ASKED,
    Standing.DECLINED,
    Standing.DOES_NOT_KNOW,
    Standing.INTERPRETER_UNSURE,
)
_INPUTS: Mapping[ItemType, str] = {
    ItemType.INTEGER: "number",
    ItemType.DECIMAL: "text",
    ItemType.DATE: "date",
    ItemType.TEXT: "textarea",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words with the language they are really in."""

    text: str
    lang: str

    @property
    def dir(self) -> str:
        """Their direction of writing."""
        return "rtl" if self.lang.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def worded(text: Text | None, lang: str) -> Wording | None:
    """The wording for a language, or the English one marked as English."""
    if text is None:
        return None
    tag = next((t for t in (lang, lang.partition("-")[0], "en") if t in text.root), "en")
    return Wording(text=text.get(lang), lang=tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One radio button or check box."""

    value: str
    label: Words
    checked: bool
    lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with what was answered, or typed and refused."""

    item: Item
    text: Wording
    why: Wording | None
    how: Wording | None
    guidance: Wording | None
    shown: bool
    control: str
    """radio, checkbox, info, or the kind of input."""
    options: tuple[Choice, ...] = ()
    standings: tuple[Choice, ...] = ()
    value: str = ""
    note: str = ""
    answered: bool = False
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section with how far it has come."""

    section: Section
    title: Wording
    guidance: Wording | None
    questions: tuple[Question, ...]

    @property
    def shown(self) -> bool:
        """Whether any of its questions shows."""
        return any(question.shown for question in self.questions)

    @property
    def asked(self) -> int:
        """How many questions that show have been dealt with."""
        return sum(q.shown and q.answered for q in self.questions)

    @property
    def total(self) -> int:
        """How many questions show that take an answer."""
        return sum(q.shown and q.control != "info" for q in self.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a refused form held for one question, to be shown again as it was."""

    choice: str = ""
    values: tuple[str, ...] = ()
    note: str = ""
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole instrument for one person."""

    sections: tuple[SectionView, ...]
    lang: str
    wording_missing: bool
    typed: Mapping[str, Typed] = field(default_factory=dict)

    @property
    def visible(self) -> tuple[SectionView, ...]:
        """The sections that show."""
        return tuple(section for section in self.sections if section.shown)

    @property
    def asked(self) -> int:
        """How many questions have been dealt with."""
        return sum(section.asked for section in self.visible)

    @property
    def total(self) -> int:
        """How many questions show."""
        return sum(section.total for section in self.visible)


def sheet_of(
    instrument: Instrument,
    answers: Mapping[str, Answer],
    lang: str,
    typed: Mapping[str, Typed] | None = None,
) -> Sheet:
    """The instrument in a language with its answers; `typed` is what a refused form held."""
    shown = read(instrument, answers).visible
    held = typed or {}
    sections = tuple(
        SectionView(
            section=section,
            title=worded(section.title, lang) or Wording(text=section.id, lang="en"),
            guidance=worded(section.guidance, lang),
            questions=tuple(
                question_of(item, answers.get(item.id), lang, shown=item.id in shown)
                if item.id not in held
                else _typed(item, held[item.id], lang, shown=item.id in shown)
                for item in section.items
            ),
        )
        for section in instrument.sections
    )
    missing = lang.partition("-")[0] not in {tag.partition("-")[0] for tag in instrument.languages}
    return Sheet(sections=sections, lang=lang, wording_missing=missing, typed=held)


def question_of(item: Item, answer: Answer | None, lang: str, *, shown: bool) -> Question:
    """One question with what is saved."""
    return _question(item, lang, _saved(answer), shown=shown, answered=answer is not None)


def _typed(item: Item, typed: Typed, lang: str, *, shown: bool) -> Question:
    return _question(item, lang, typed, shown=shown, answered=False)


def _saved(answer: Answer | None) -> Typed:
    """A saved answer in the form in which a page would send it."""
    if answer is None:
        return Typed()
    if answer.standing is not Standing.KNOWN:
        return Typed(choice=f"standing:{answer.standing}", note=answer.note)
    value = answer.value
    values = value if isinstance(value, tuple) else (_plain(value),)
    return Typed(choice=f"value:{values[0]}", values=values, note=answer.note)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _question(item: Item, lang: str, held: Typed, *, shown: bool, answered: bool) -> Question:
    chosen = held.choice or "standing:"
    many = item.type is ItemType.MULTI_CHOICE
    return Question(
        item=item,
        text=worded(item.text, lang) or Wording(text=item.id, lang="en"),
        why=worded(item.why_we_ask, lang),
        how=worded(item.how_to_ask, lang),
        guidance=worded(item.guidance, lang),
        shown=shown,
        control=_control(item),
        options=tuple(_options(item, lang, held.values if many else (chosen,), many=many)),
        standings=tuple(_standings(item, lang, chosen)),
        value=held.values[0] if held.values and not many else "",
        note=held.note,
        answered=answered,
        errors=held.errors,
    )


def _control(item: Item) -> str:
    if item.type in (ItemType.CHOICE, ItemType.BOOLEAN):
        return "radio"
    if item.type is ItemType.MULTI_CHOICE:
        return "checkbox"
    return _INPUTS.get(item.type, "info")


def _options(item: Item, lang: str, held: Iterable[str], *, many: bool) -> Iterable[Choice]:
    """The answers themselves, without published codes for having none."""
    taken = set(held)
    if item.type is ItemType.BOOLEAN:
        for code, label in (("true", _("Yes")), ("false", _("No"))):
            yield Choice(value=f"value:{code}", label=label, checked=f"value:{code}" in taken)
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


def _standings(item: Item, lang: str, chosen: str) -> Iterable[Choice]:
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
