"""One criterion, or one bar, held against the facts: what it comes to, and what would decide it."""

from dataclasses import dataclass
from typing import NamedTuple

from casework.domain.conditions import Condition, Facts, evaluate
from casework.domain.deciding import Decider
from casework.domain.pathways import Criterion
from casework.domain.ternary import Ternary

LONGEST_WAY = 4
"""Ways to an answer that would take more questions than this are of no use beside a person."""
_KEPT = 512
"""So many results are kept for one criterion before it starts afresh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult:
    """One criterion, or one bar, on the facts known."""

    id: str
    text: str
    value: Ternary
    """Of a criterion: met or excused. Of a bar: it stands in the way."""
    because: tuple[str, ...]
    """The known facts on which a yes or a no rests, by code."""
    unknown: tuple[str, ...]
    """The facts still missing, those of the exemptions first."""
    exemption: str
    """The id of the exemption that applies; empty if none does."""
    exemption_text: str
    citation: str
    """Of the exemption that applies, otherwise of the criterion."""
    gateway: bool = False
    would_decide: tuple[tuple[str, ...], ...] = ()
    """The smallest sets of missing facts that could decide it: those that would settle most of
    what is open in this pathway first, then the shorter ones. At most LONGEST_WAY facts each."""
    stated: tuple[str, ...] = ()
    """Why the law itself leaves it open, or closes it, whatever the facts."""


class Held(NamedTuple):
    """A criterion on some facts."""

    row: Criterion
    result: CriterionResult
    """Its ways to a decision are still to be put in order."""
    sets: tuple[frozenset[str], ...] = ()
    """The smallest sets of missing facts that could decide it."""
    excused_by: frozenset[str] = frozenset()
    """The missing facts of its exemptions, while it is open."""


class Ready:
    """One criterion, or one bar, made ready once: the same facts give the same result again.

    What was found is kept by the values, and their types, of the facts it asks about; a caseload
    asks the same few things over and over.
    """

    __slots__ = ("_codes", "_decider", "_found", "_row", "_whole")

    def __init__(self, row: Criterion, whole: Condition) -> None:
        self._row = row
        self._whole = whole
        self._decider = Decider(whole, at_most=LONGEST_WAY)
        self._codes = self._decider.codes
        self._found: dict[object, Held] = {}

    def held(self, facts: Facts) -> Held:
        values = tuple([facts.get(code) for code in self._codes])
        key = (values, tuple(map(type, values)))
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _KEPT:
                self._found.clear()
            found = self._found[key] = self._hold(facts)
        return found

    def _hold(self, facts: Facts) -> Held:
        row, found = self._row, evaluate(self._whole, facts)
        none = frozenset[str]()
        sets: tuple[frozenset[str], ...] = ()
        first = none
        if found.value is Ternary.UNKNOWN:
            sets = self._decider.sets(facts)
            first = none.union(*[evaluate(e.when, facts).unknown for e in row.exemptions])
        applies = next(
            (e for e in row.exemptions if evaluate(e.when, facts).value is Ternary.YES), None
        )
        early = first & found.unknown
        result = CriterionResult(
            id=row.id,
            text=row.text,
            value=found.value,
            because=tuple(sorted(found.because)),
            unknown=(*sorted(early), *sorted(found.unknown - early)),
            exemption=applies.id if applies else "",
            exemption_text=applies.text if applies else "",
            citation=applies.citation if applies else row.citation,
            gateway=row.gateway,
            stated=tuple(sorted(found.stated)),
        )
        return Held(row, result, sets, first)
