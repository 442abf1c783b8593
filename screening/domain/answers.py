"""What was said: an answer, or one of four different ways of not having one. None means no."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from casework.domain.errors import InvalidInputError
from casework.domain.facts import LARGEST_NUMBER, Standing
from screening.domain.instrument import Instrument
from screening.domain.items import Item, ItemType, Missing, Option
from screening.domain.visibility import AnswerValue, visible_items

LONGEST_TEXT = 4_000
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

_STANDING_OF: Mapping[Missing, Standing] = {
    Missing.UNKNOWN: Standing.DOES_NOT_KNOW,
    Missing.DECLINED: Standing.DECLINED,
    Missing.NOT_ASKED: Standing.NOT_ASKED,
    Missing.NOT_APPLICABLE: Standing.NOT_ASKED,
}
_MISSING_OF: Mapping[Standing, Missing] = {
    Standing.DOES_NOT_KNOW: Missing.UNKNOWN,
    Standing.DECLINED: Missing.DECLINED,
    Standing.NOT_ASKED: Missing.NOT_ASKED,
    Standing.INTERPRETER_UNSURE: Missing.NOT_ASKED,
}
"""An answer lost in interpretation was not collected; it is not one the person could not give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What stands for one question."""

    item: str
    standing: Standing
    value: AnswerValue = None
    """None with every standing but known. A date is kept as `2026-01-31`."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The answers as they count: hidden ones left out, ids in the instrument's order."""

    visible: frozenset[str]
    positive: tuple[str, ...]
    open: tuple[str, ...]
    """Visible questions without a known answer, whether they count for the result or not."""


def read(instrument: Instrument, answers: Mapping[str, Answer]) -> Reading:
    """Which questions show, which of their answers are signs, and which are still open."""
    visible = visible_items(instrument, answers)
    shown = [item for item in instrument.items_by_id.values() if item.id in visible]
    return Reading(
        visible=visible,
        positive=tuple(item.id for item in shown if is_positive(item, answers.get(item.id))),
        open=tuple(item.id for item in shown if is_open(item, answers.get(item.id))),
    )


def is_open(item: Item, answer: Answer | None) -> bool:
    """Whether the question still waits for an answer; an empty text is none."""
    if item.type is ItemType.INFO:
        return False
    if answer is None or answer.standing is not Standing.KNOWN:
        return True
    return answer.value is None or (isinstance(answer.value, str) and not answer.value.strip())


def is_positive(item: Item, answer: Answer | None) -> bool:
    """Whether the answer is a sign of what the question looks for. Having none never is."""
    if answer is None or is_open(item, answer):
        return False
    if item.positive_above is not None:
        return isinstance(answer.value, int | float) and answer.value > item.positive_above
    given = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    return any(_code(value) in item.positive_when for value in given)


def option_for(item: Item, standing: Standing) -> str | None:
    """The published code for this way of having no answer (HMIS 8, 9, 99), if there is one."""
    wanted = _MISSING_OF.get(standing)
    return next((o.code for o in item.options if wanted and o.missing is wanted), None)


def standing_of(item: Item, code: str) -> Standing:
    """What choosing this option says about how we stand to the answer."""
    missing = next((o.missing for o in item.options if o.code == code), None)
    return Standing.KNOWN if missing is None else _STANDING_OF[missing]


def check_answer(
    instrument: Instrument,
    item_id: str,
    standing: Standing,
    value: object,
    pointer: str,
    known_answers: Mapping[str, Answer],
) -> Answer:
    """What was sent, as an answer to the question.

    `value` is a JSON value; a published code for 'no answer' becomes the standing it stands for.
    `known_answers` are the other answers, saved or sent along; they decide whether the question
    shows. Raises InvalidInputError at `pointer` with code unknown_item, hidden_item,
    value_with_standing, wrong_type, not_an_option, exclusive_with, out_of_range or too_long.
    What was sent is never repeated in the refusal.
    """
    item = _named(instrument, item_id, pointer)
    if item_id not in visible_items(instrument, known_answers):
        said = f"Question {item_id} does not show with the answers given so far."
        raise InvalidInputError.at(pointer, "hidden_item", said)
    return read_answer(item, standing, value, pointer)


def read_answer(item: Item, standing: Standing, value: object, pointer: str) -> Answer:
    """The same for a question whether it shows or not: a hidden answer is kept and not counted."""
    if standing is not Standing.KNOWN:
        return _without_value(item, standing, value, pointer)
    try:
        checked = _CHECKS[item.type](item, value)
    except _RefusedError as refused:
        code, said = refused.args
        raise InvalidInputError.at(pointer, code, f"Question {item.id}: {said}") from None
    return _known(item, checked)


def _named(instrument: Instrument, item_id: str, pointer: str) -> Item:
    item = instrument.items_by_id.get(item_id)
    if item is None:
        said = f"This version of {instrument.id} has no such question."
        raise InvalidInputError.at(pointer, "unknown_item", said)
    return item


class _RefusedError(Exception):
    """A value does not suit the question: a code and a sentence."""


def _known(item: Item, value: AnswerValue) -> Answer:
    """A known answer, unless what was chosen is a published code for having none."""
    chosen = value[0] if isinstance(value, tuple) else value
    standing = standing_of(item, chosen) if isinstance(chosen, str) else Standing.KNOWN
    kept = value if standing is Standing.KNOWN else None
    return Answer(item=item.id, standing=standing, value=kept)


def _without_value(item: Item, standing: Standing, value: object, pointer: str) -> Answer:
    if item.type is ItemType.INFO:
        raise InvalidInputError.at(pointer, "wrong_type", f"{item.id} takes no answer.")
    if value is not None:
        said = f"Question {item.id}: with {standing.value} there is no value; leave it out."
        raise InvalidInputError.at(pointer, "value_with_standing", said)
    return Answer(item=item.id, standing=standing)


def _code(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _option(item: Item, value: object) -> Option:
    for option in item.options:
        if option.code == value:
            return option
    codes = ", ".join(option.code for option in item.options)
    raise _RefusedError("not_an_option", f"choose one of {codes}.")


def _choice(item: Item, value: object) -> str:
    if not isinstance(value, str):
        raise _RefusedError("wrong_type", "give the code of one option, as a string.")
    return _option(item, value).code


def _choices(item: Item, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise _RefusedError("wrong_type", "give a list with at least one option code.")
    chosen = [_option(item, code) for code in value]
    codes = dict.fromkeys(option.code for option in chosen)
    alone = [o.code for o in chosen if o.exclusive or o.missing is not None]
    if alone and len(codes) > 1:
        raise _RefusedError("exclusive_with", f"{alone[0]} cannot be chosen with another option.")
    return tuple(codes)


def _boolean(_: Item, value: object) -> bool:
    if not isinstance(value, bool):
        raise _RefusedError("wrong_type", "give true or false.")
    return value


def _integer(item: Item, value: object) -> int:
    if not isinstance(value, int):
        raise _RefusedError("wrong_type", "give a whole number.")
    return int(_number(item, value))


def _number(_: Item, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _RefusedError("wrong_type", "give a number.")
    if not abs(value) <= LARGEST_NUMBER:
        raise _RefusedError("out_of_range", f"give a number of at most {LARGEST_NUMBER}.")
    return value


def _date(_: Item, value: object) -> str:
    try:
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise _RefusedError("wrong_type", "give a date as year-month-day, for example 2026-01-31.")


def _text(_: Item, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _RefusedError("wrong_type", "give a text that is not empty.")
    if len(value) > LONGEST_TEXT:
        raise _RefusedError("too_long", f"give at most {LONGEST_TEXT} characters.")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise _RefusedError("wrong_type", "it holds characters that no text can hold.")
    return value


def _none(_: Item, __: object) -> None:
    raise _RefusedError("wrong_type", "it is for reading only and takes no answer.")


_CHECKS: Mapping[ItemType, Callable[[Item, object], AnswerValue]] = {
    ItemType.CHOICE: _choice,
    ItemType.MULTI_CHOICE: _choices,
    ItemType.BOOLEAN: _boolean,
    ItemType.INTEGER: _integer,
    ItemType.DECIMAL: _number,
    ItemType.DATE: _date,
    ItemType.TEXT: _text,
    ItemType.INFO: _none,
}
