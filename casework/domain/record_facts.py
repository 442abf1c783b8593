"""Facts that follow from what is written down about offences, so that nobody is asked twice."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from casework.domain.conditions import Facts, FactValue
from casework.domain.safe_harbor import PROSTITUTION_TYPE

MAJORITY = 18


def with_record_facts(facts: Facts, record: Iterable[Facts] = ()) -> dict[str, FactValue]:
    """The facts, and those that follow from the entry of one offence and from the whole `record`.

    - `federal_conviction` and `federal_arrest_only` follow from where the record was made and what
      sort of record it is; a State's record is neither.
    - `age_at_offence` follows from the day of birth and the day of the offence, and
      `under_18_at_offence` from that age.
    - `prostitution_conviction_on_record` follows from this entry, or any other of the same place.
      Only the yes does: what nobody has written down may still be there.

    What follows replaces what was once stated of the case as a whole, because it is about this
    offence alone.
    """
    derived = dict(facts)
    place, kind = facts.get("conviction_jurisdiction"), facts.get("record_kind")
    if place is not None and (place != "US" or kind is not None):
        derived["federal_conviction"] = place == "US" and kind == "conviction"
        derived["federal_arrest_only"] = place == "US" and kind == "arrest_only"
    born, day = facts.get("date_of_birth"), facts.get("offence_on")
    if isinstance(born, date) and isinstance(day, date) and born <= day:
        derived["age_at_offence"] = _age(born, day)
    age = derived.get("age_at_offence")
    if isinstance(age, int):
        derived["under_18_at_offence"] = age < MAJORITY
    if any(_prostitution_conviction(one, place) for one in (facts, *record)):
        derived["prostitution_conviction_on_record"] = True
    return derived


def _prostitution_conviction(entry: Facts, place: FactValue | None) -> bool:
    return (
        place is not None
        and entry.get("conviction_jurisdiction") == place
        and entry.get("record_kind") == "conviction"
        and entry.get("conviction_offence") in PROSTITUTION_TYPE
    )


def _age(born: date, day: date) -> int:
    """Whole years; a person born on 29 February turns older on the last day of February."""
    birthday = (born.month, min(born.day, monthrange(day.year, born.month)[1]))
    return day.year - born.year - ((day.month, day.day) < birthday)
