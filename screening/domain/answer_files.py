"""Answers written down in a file: for a lawyer, an auditor or a validation study."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casework.domain.errors import FieldProblem, InvalidInputError
from casework.domain.facts import Standing
from casework.domain.ternary import Ternary
from screening.domain.answers import Answer, read_answer
from screening.domain.instrument import Instrument
from screening.domain.items import Item, ItemType

_WHOLE = ("answers", "minor")
_PARTS = ("item", "value", "standing", "note")
_CHOICES = frozenset((ItemType.CHOICE, ItemType.MULTI_CHOICE))
_YES_NO = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAnswers:
    """What such a file says; answers to hidden questions are kept and do not count."""

    answers: dict[str, Answer]
    minor: Ternary = Ternary.UNKNOWN


def read_answers(document: object, instrument: Instrument) -> WrittenAnswers:
    """The answers of a JSON document.

    Accepted: `{item: value}`; `{"answers": ..., "minor": "yes"}`, where answers may also be a list
    of `{"item", "value", "standing"}` as the API takes them; in place of a value a
    `{"standing": "declined"}`. Null is not asked. A number stands for the option of that code, and
    true and false for yes and no. InvalidInputError names every place that cannot be read.
    """
    whole = document if isinstance(document, Mapping) and "answers" in document else None
    reader = _Reader(instrument)
    if whole is None:
        answers = reader.read(document, "")
        minor: object = None
    else:
        reader.refuse_other_keys(whole, _WHOLE, "")
        answers, minor = reader.read(whole["answers"], "/answers"), whole.get("minor")
    age = reader.age(minor)
    if reader.problems:
        raise InvalidInputError(reader.problems[0].detail, problems=tuple(reader.problems))
    return WrittenAnswers(answers=answers, minor=age)


class _Reader:
    """Reads on past a problem, so that all of them are told at once."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self.problems: list[FieldProblem] = []

    def read(self, written: object, where: str) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for name, said, place in self._said(written, where):
            item = self._instrument.items_by_id.get(name)
            if item is None:
                detail = f"This version of {self._instrument.id} has no question “{name[:80]}”."
                self._refuse(place, "unknown_item", detail)
                continue
            try:
                answers[name] = self._answer(item, said, place)
            except InvalidInputError as error:
                self.problems.extend(error.problems)
        return answers

    def age(self, minor: object) -> Ternary:
        if minor is None or isinstance(minor, bool):
            return Ternary.of(minor)
        if isinstance(minor, str) and minor in set(Ternary):
            return Ternary(minor)
        self._refuse("/minor", "not_an_option", "Give yes, no or unknown.")
        return Ternary.UNKNOWN

    def refuse_other_keys(
        self, written: Mapping[str, object], accepted: Sequence[str], where: str
    ) -> None:
        for key in written:
            if key not in accepted:
                known = ", ".join(accepted)
                self._refuse(f"{where}/{key}", "unknown_field", f"Only {known} may stand here.")

    def _said(self, written: object, where: str) -> Iterator[tuple[str, object, str]]:
        if isinstance(written, Mapping):
            for name, said in written.items():
                yield str(name), said, f"{where}/{name}"
        elif isinstance(written, Sequence) and not isinstance(written, str):
            for number, line in enumerate(written):
                if isinstance(line, Mapping) and isinstance(line.get("item"), str):
                    yield line["item"], line, f"{where}/{number}"
                else:
                    self._refuse(f"{where}/{number}", "wrong_type", "Give an object with item.")
        else:
            self._refuse(where or "/", "wrong_type", "Give the answers: question → value.")

    def _answer(self, item: Item, said: object, where: str) -> Answer:
        if not isinstance(said, Mapping):
            standing = Standing.NOT_ASKED if said is None else Standing.KNOWN
            return read_answer(item, standing, _as_coded(item, said), where)
        self.refuse_other_keys(said, _PARTS, where)
        given = said.get("standing", Standing.KNOWN)
        if not isinstance(given, str) or given not in set(Standing):
            options = ", ".join(Standing)
            raise InvalidInputError.at(
                f"{where}/standing", "not_an_option", f"Give one of {options}."
            )
        value = _as_coded(item, said.get("value"))
        return read_answer(item, Standing(given), value, f"{where}/value")

    def _refuse(self, where: str, code: str, detail: str) -> None:
        self.problems.append(FieldProblem(pointer=where, code=code, detail=detail))


def _as_coded(item: Item, value: object) -> object:
    """Spreadsheets turn the code "1" into a number, and people write true for yes."""
    if item.type not in _CHOICES:
        return value
    if isinstance(value, list):
        return [_as_coded(item, one) for one in value]
    codes = {option.code for option in item.options}
    if isinstance(value, bool):
        return _YES_NO[value] if set(_YES_NO.values()) <= codes else value
    return str(value) if isinstance(value, int) and str(value) in codes else value
