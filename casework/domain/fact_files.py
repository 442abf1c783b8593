"""Facts written down in a file by hand: by a lawyer, an auditor or a validation study."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.domain.conditions import FactValue
from casework.domain.errors import FieldProblem, InvalidInputError
from casework.domain.facts import FactDefinition, Standing, check_value
from casework.domain.way_finding import Offence


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFacts:
    """What such a file says."""

    facts: dict[str, FactValue]
    offences: tuple[Offence, ...] = ()


def read_facts(document: object, vocabulary: Mapping[str, FactDefinition]) -> WrittenFacts:
    """The known facts of a JSON document.

    Accepted: `{code: value}`; `{"facts": ..., "offences": [{code: value}, ...]}`, where facts may
    also be a list of `{"code", "value", "standing"}` as the API gives them. A null, and every
    standing but known, is unknown. InvalidInputError names every place that cannot be read.
    """
    whole = document if isinstance(document, Mapping) and "facts" in document else None
    reader = _Reader(vocabulary)
    if whole is None:
        facts = reader.read(document, "")
    else:
        reader.refuse_other_keys(whole, ("facts", "offences", "on"))
        facts = reader.read(whole["facts"], "/facts")
    listed = whole.get("offences", []) if whole is not None else []
    offences = tuple(reader.offences(listed))
    if reader.problems:
        raise InvalidInputError(reader.problems[0].detail, problems=tuple(reader.problems))
    return WrittenFacts(facts=facts, offences=offences)


def label_of(given: object, place: int, taken: set[str]) -> str:
    """What an offence of a list is called: as given, or else its number, counted from one.

    The label is added to those `taken`. Raises InvalidInputError if it was taken before, because
    answers name an offence by its label alone.
    """
    label = str(given or place + 1)
    if label in taken:
        said = f"There is another offence “{label[:80]}”; give each a label of its own."
        raise InvalidInputError.at(f"/offences/{place}/label", "not_unique", said)
    taken.add(label)
    return label


class _Reader:
    """Reads on past a problem, so that all of them are told at once."""

    def __init__(self, vocabulary: Mapping[str, FactDefinition]) -> None:
        self._vocabulary = vocabulary
        self.problems: list[FieldProblem] = []

    def read(self, written: object, where: str) -> dict[str, FactValue]:
        facts: dict[str, FactValue] = {}
        for code, value, place in self._pairs(written, where):
            definition = self._vocabulary.get(code)
            if definition is None:
                self._refuse(place, "unknown_fact", f"There is no fact “{code[:80]}”.")
                continue
            try:
                facts[code] = check_value(definition, value, place)
            except InvalidInputError as error:
                self.problems.extend(error.problems)
        return facts

    def offences(self, listed: object) -> Iterator[Offence]:
        if not isinstance(listed, Sequence) or isinstance(listed, str):
            self._refuse("/offences", "wrong_type", "Give a list with the facts of each offence.")
            return
        named: set[str] = set()
        for number, written in enumerate(listed):
            own = dict(written) if isinstance(written, Mapping) else written
            label = own.pop("label", None) if isinstance(own, dict) else None
            facts = self.read(own, f"/offences/{number}")
            try:
                yield Offence(label=label_of(label, number, named), facts=facts)
            except InvalidInputError as error:
                self.problems.extend(error.problems)

    def refuse_other_keys(self, document: Mapping[str, Any], accepted: Sequence[str]) -> None:
        for key in document:
            if key not in accepted:
                known = ", ".join(accepted)
                self._refuse(f"/{key}", "unknown_field", f"Only {known} may stand here.")

    def _pairs(self, written: object, where: str) -> Iterator[tuple[str, object, str]]:
        if isinstance(written, Mapping):
            for code, value in written.items():
                if value is not None:
                    yield str(code), value, f"{where}/{code}"
        elif isinstance(written, Sequence) and not isinstance(written, str):
            for number, line in enumerate(written):
                yield from self._line(line, f"{where}/{number}")
        else:
            self._refuse(where or "/", "wrong_type", "Give the facts as an object: code → value.")

    def _line(self, line: object, where: str) -> Iterator[tuple[str, object, str]]:
        if not isinstance(line, Mapping) or not isinstance(line.get("code"), str):
            self._refuse(where, "wrong_type", "Give an object with code and value.")
        elif (
            line.get("standing", Standing.KNOWN) == Standing.KNOWN and line.get("value") is not None
        ):
            yield line["code"], line["value"], f"{where}/value"

    def _refuse(self, where: str, code: str, detail: str) -> None:
        self.problems.append(FieldProblem(pointer=where, code=code, detail=detail))
