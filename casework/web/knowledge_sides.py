"""Two versions of a definition side by side: what differs, part by part, and what is the same."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from casework.domain.condition_words import condition_in
from casework.domain.differences import Difference
from casework.web.knowledge_fields import Field, Fields, Shape
from casework.web.knowledge_labels import LABELS, label_of, place_of
from casework.web.knowledge_layout import IN_THE_HEAD
from casework.web.knowledge_values import sayings
from casework.web.written_in import marked

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_HEAD_LAST = dict.fromkeys(IN_THE_HEAD, 1)
"""What every rule has in its head comes after what the rule says."""
_ALIKE = 0.35
"""Below this likeness of two texts single words are not worth marking."""
_WORDS = re.compile(r"(\s+)")
_PROSE = 12
"""From how many characters on a text is long enough to mark the words that changed in it."""


class Change(StrEnum):
    """What the second version does to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One place at which the versions differ."""

    path: list["StrOrPromise"]
    change: Change
    old: Field | None
    new: Field | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Some words of a text, or a text of a list, and whether this version alone has it."""

    text: str
    alone: bool


def sides(
    old: Mapping[str, Any], new: Mapping[str, Any], found: Iterable[Difference], fields: Fields
) -> list[Side]:
    """Every place that differs, in order; conditions and words in many languages as a whole."""
    places = {_whole(difference.where, old, new): None for difference in found}
    ordered = sorted(places, key=lambda place: (_HEAD_LAST.get(place[0], 0), place_of(place[0])))
    return [_side(place, _at(old, place), _at(new, place), fields) for place in ordered]


def same_parts(old: Mapping[str, Any], new: Mapping[str, Any], fields: Fields) -> list[Field]:
    """The parts that both versions have alike."""
    return fields.fields(
        {name: new[name] for name in new if name in old and old[name] == new[name]}
    )


_Place = tuple[str, ...]


def _whole(where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> _Place:
    """The place, or the whole condition or wording that it lies in."""
    place = tuple(where.strip("/").split("/"))
    for length in range(1, len(place)):
        for document in (old, new):
            part = _at(document, place[:length])
            if isinstance(part, dict) and (sayings(part) is not None or condition_in(part)):
                return place[:length]
    return place


def _at(document: object, place: _Place) -> Any:  # noqa: ANN401
    """What stands at a place; rows of a list are found by their id or code."""
    for step in place:
        if isinstance(document, list):
            rows = (row for row in document if isinstance(row, dict))
            document = next((r for r in rows if step in (r.get("id"), r.get("code"))), None)
        else:
            document = document.get(step) if isinstance(document, dict) else None
    return document


def _side(place: _Place, old: Any, new: Any, fields: Fields) -> Side:  # noqa: ANN401
    name, as_row = _name_of(place)
    pair = [_field(name, [one] if as_row and one else one, fields) for one in (old, new)]
    if _is_prose(old) and _is_prose(new):
        pair = list(_marked(name, str(old), str(new))) or pair
    elif _are_texts(old) and _are_texts(new):
        pair = [_list_marked(name, one, other) for one, other in ((old, new), (new, old))]
    first, second = pair
    change = Change.CHANGED
    if first is None or second is None:
        change = Change.ADDED if first is None else Change.REMOVED
    return Side(path=list(_path(place)), change=change, old=first, new=second)


def _name_of(place: _Place) -> tuple[str, bool]:
    """By which name the part is drawn, and whether it is one row of a list of that name."""
    if len(place) > 1 and place[-1] not in LABELS:
        return place[-2], True
    return place[-1], False


def _field(name: str, value: Any, fields: Fields) -> Field | None:  # noqa: ANN401
    return fields.field(name, value, 3)


def _path(place: _Place) -> Iterator["StrOrPromise"]:
    for number, step in enumerate(place):
        yield label_of(step) if number == 0 or step in LABELS else marked(step, "en")


def _is_prose(value: object) -> bool:
    return isinstance(value, str) and len(value) >= _PROSE and " " in value


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_prose(text) for text in value)


def _list_marked(name: str, texts: list[str], others: list[str]) -> Field:
    """The texts, those that the other version lacks marked."""
    runs = [Run(text=text, alone=text not in others) for text in texts]
    return Field(name=name, label=label_of(name), shape=Shape.CHANGED_TEXTS, value=runs)


def _marked(name: str, old: str, new: str) -> Iterator[Field]:
    """Both texts, each with the words that the other lacks marked; none if hardly any is alike."""
    first, second = _WORDS.split(old), _WORDS.split(new)
    matcher = difflib.SequenceMatcher(a=first, b=second, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return
    codes = matcher.get_opcodes()
    spans = (
        [(tag, first[start:end]) for tag, start, end, _, _ in codes],
        [(tag, second[start:end]) for tag, _, _, start, end in codes],
    )
    for span in spans:
        runs = [Run(text="".join(words), alone=tag != "equal") for tag, words in span if words]
        yield Field(name=name, label=label_of(name), shape=Shape.CHANGES, value=runs)
