"""What in an instrument can have no effect: questions that never show, weights that never count."""

from collections.abc import Iterator, Mapping, Sequence
from typing import LiteralString, TypeAlias

from screening.domain.items import Item, ItemType, Required
from screening.domain.rules import Condition
from screening.domain.showing import Showing

Idle: TypeAlias = tuple[LiteralString, str, str]
"""A code, the field of the question, and a sentence."""


def idle_parts(
    items: Mapping[str, Item],
    conditions: Mapping[str, tuple[Condition, ...]],
    order: Sequence[str],
    gates: frozenset[str],
) -> Iterator[tuple[str, Idle]]:
    """Question id → what of it can never have an effect. The order lists gates first."""
    showing = Showing(items, conditions, order)
    for item_id, item in items.items():
        shows = showing.can_show(item_id)
        for field, what, why in _without_effect(item, gates, shows=shows):
            said = f"question {item_id} carries {what} but can never count because {why}"
            yield item_id, ("weight_without_effect", field, said)
        if not shows:
            said = f"question {item_id} can never show, whatever is answered before it"
            yield item_id, ("never_shown", "show_when", said)


def _without_effect(
    item: Item, gates: frozenset[str], *, shows: bool
) -> Iterator[tuple[str, str, str]]:
    """Field, what it carries, and why that never counts."""
    always = "" if shows else "it can never show"
    unscored = "" if item.scored else "it is not scored"
    silent = "it takes no answer" if item.type is ItemType.INFO else _never_positive(item)
    if item.weight != 1 and (why := always or unscored or silent):
        yield "weight", "a weight", why
    # A question taken from a shared indicator brings the indicator's strength along.
    set_aside = "" if item.indicators else unscored
    if item.strength is not None and (why := always or set_aside or silent):
        yield "strength", "a strength", why
    counts = item.can_be_positive or item.required is not Required.NEVER or item.id in gates
    for at, option in enumerate(item.options):
        uncounted = "" if counts else "no answer to it is positive, required or looked at"
        no_answer = f"option {option.code} stands for having no answer" if option.missing else ""
        if option.score and (why := always or unscored or uncounted or no_answer):
            yield f"options/{at}/score", "a score", why


def _never_positive(item: Item) -> str:
    return "" if item.can_be_positive else "no answer to it is positive"
