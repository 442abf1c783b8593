"""A screening as a page draws it: sections, questions, options, and what is already answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from casework.domain.facts import Standing
from casework.web.wording import Words
from casework.web.written_in import primary
from screening.domain.answers import Answer, read
from screening.domain.instrument import Instrument, Section
from screening.domain.items import Item, ItemType
from screening.web.choices import Choice, options_of, standings_of
from screening.web.worded import Wording, worded

_INPUTS: Mapping[ItemType, str] = {
    ItemType.INTEGER: "number",
    ItemType.DECIMAL: "text",
    ItemType.DATE: "date",
    ItemType.TEXT: "textarea",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with what was answered, or typed and refused."""

    item: Item
    text: Wording
    english: Wording | None
    """The words that count, where the question is shown in another language."""
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
    errors: tuple[Words, ...] = ()


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
    errors: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole instrument for one person."""

    sections: tuple[SectionView, ...]
    lang: str
    wording_missing: bool
    """Whether the instrument has no words in that language at all."""
    some_missing: bool = False
    """Whether it has words in that language for some of what shows, and not for all."""
    unreviewed: bool = False
    """Whether words show that no person who speaks the language has confirmed."""
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
    return Sheet(
        sections=sections,
        lang=lang,
        **_standing_of(instrument, sections, lang),
        typed=held,
    )


def _standing_of(
    instrument: Instrument, sections: Iterable[SectionView], lang: str
) -> dict[str, bool]:
    """How far the words exist in a language, and whether a person has confirmed them."""
    own = primary(lang)
    shown = {primary(one.lang) for section in sections for one in _words_of(section)}
    reviewed = {"en", *(primary(tag) for tag in instrument.translations_reviewed)}
    return {
        "wording_missing": bool(shown) and own not in shown,
        "some_missing": own in shown and shown != {own},
        "unreviewed": own in shown and own not in reviewed,
    }


def _words_of(section: SectionView) -> Iterable[Wording]:
    """Everything in words of a section that shows."""
    if section.shown:
        yield section.title
        for question in section.questions:
            if question.shown:
                yield from filter(None, (question.text, question.why, question.how))


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
    text = worded(item.text, lang) or Wording(text=item.id, lang="en")
    return Question(
        item=item,
        text=text,
        english=worded(item.text, "en") if primary(text.lang) != "en" else None,
        why=worded(item.why_we_ask, lang),
        how=worded(item.how_to_ask, lang),
        guidance=worded(item.guidance, lang),
        shown=shown,
        control=_control(item),
        options=tuple(options_of(item, lang, held.values if many else (chosen,), many=many)),
        standings=tuple(standings_of(item, lang, chosen)),
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
