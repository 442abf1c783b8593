"""What a screening page sends: read as typed, and only what differs from what is saved."""

from collections.abc import Iterable, Mapping

from django.http import QueryDict

from casework.domain.errors import InvalidInputError
from casework.domain.facts import Standing
from screening.domain.answers import Answer
from screening.domain.instrument import Instrument
from screening.domain.items import Item, ItemType
from screening.domain.visibility import visible_items
from screening.services.answering import SentAnswer
from screening.web.sentences import reworded
from screening.web.sheet import Typed

_IN_ONE = frozenset({ItemType.CHOICE, ItemType.BOOLEAN})
_STANDINGS = frozenset(Standing)


def typed_in(post: QueryDict, item: Item) -> Typed | None:
    """What stands in the form for a question; None when the form does not hold it at all.

    `a.<id>` is the radio button (`value:…` or `standing:…`), `v.<id>` what was typed or ticked,
    `n.<id>` the note.
    """
    names = (f"a.{item.id}", f"v.{item.id}", f"n.{item.id}")
    if not any(name in post for name in names):
        return None
    values = tuple(value for value in post.getlist(names[1]) if value.strip())
    return Typed(choice=post.get(names[0], ""), values=values, note=post.get(names[2], "").strip())


def sent_answer(item: Item, typed: Typed) -> SentAnswer | None:
    """As an answer to be checked; None where nothing was chosen, typed or noted."""
    pointer = f"/answers/{item.id}"
    kind, _, said = typed.choice.partition(":")
    value: object = None
    standing = Standing.KNOWN
    if kind == "standing" and said in _STANDINGS:
        standing = Standing(said)
    if item.type in _IN_ONE:
        value = _in_one(item, said) if kind == "value" else None
    elif typed.values:
        value = _typed_value(item, typed.values)
    if standing is Standing.KNOWN and value is None:
        if not typed.note:
            return None
        standing = Standing.NOT_ASKED
    return SentAnswer(
        item=item.id, standing=standing, value=value, pointer=pointer, note=typed.note
    )


def _in_one(item: Item, said: str) -> object:
    if item.type is ItemType.BOOLEAN:
        return {"true": True, "false": False}.get(said, said)
    return said


def _typed_value(item: Item, values: tuple[str, ...]) -> object:
    """Numbers as numbers; what is no number goes on as it is, for the service to refuse."""
    if item.type is ItemType.MULTI_CHOICE:
        return list(values)
    text = values[0]
    if item.type in (ItemType.INTEGER, ItemType.DECIMAL):
        return _number(text, whole=item.type is ItemType.INTEGER)
    return text


def _number(text: str, *, whole: bool) -> object:
    plain = text.strip().replace(",", ".")
    try:
        return int(plain) if whole or plain.lstrip("-").isdigit() else float(plain)
    except ValueError:
        return text


def changed(
    instrument: Instrument,
    typed: Mapping[str, Typed],
    saved: Mapping[str, Answer],
) -> list[SentAnswer]:
    """Those that differ from what is saved and whose question shows with all of them together.

    A question that another answer in the same form hides is left as it was saved.
    """
    sent = [
        answer
        for item_id, held in typed.items()
        if (answer := sent_answer(instrument.items_by_id[item_id], held)) is not None
        and not _same(answer, saved.get(item_id))
    ]
    together = {**saved, **{answer.item: _as_answer(answer) for answer in sent}}
    shown = visible_items(instrument, together)
    return [answer for answer in sent if answer.item in shown]


def _same(sent: SentAnswer, saved: Answer | None) -> bool:
    if saved is None:
        return False
    now = _as_answer(sent)
    return (now.standing, now.value, now.note) == (saved.standing, saved.value, saved.note)


def _as_answer(sent: SentAnswer) -> Answer:
    """As it would be kept, as far as visibility and sameness go."""
    value = sent.value
    kept = tuple(value) if isinstance(value, list) else value
    known = kept if isinstance(kept, bool | int | float | str | tuple) else None
    return Answer(item=sent.item, standing=sent.standing, value=known, note=sent.note)


def with_errors(typed: Mapping[str, Typed], error: InvalidInputError) -> dict[str, Typed]:
    """What was typed, each refusal beside the question it is about."""
    held = dict(typed)
    for problem in error.problems:
        item_id = problem.pointer.removeprefix("/answers/")
        why = reworded(_without_id(problem.detail, item_id))
        if item_id in held:
            one = held[item_id]
            held[item_id] = Typed(
                choice=one.choice, values=one.values, note=one.note, errors=(*one.errors, why)
            )
    return held


def _without_id(detail: str, item_id: str) -> str:
    """The sentence as it reads right beside the question."""
    plain = detail.removeprefix(f"Question {item_id}: ")
    return plain[:1].upper() + plain[1:]


def all_typed(post: QueryDict, items: Iterable[Item]) -> dict[str, Typed]:
    """Everything that the form holds for these questions."""
    found = ((item.id, typed_in(post, item)) for item in items)
    return {item_id: typed for item_id, typed in found if typed is not None}
