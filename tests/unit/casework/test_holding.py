"""One criterion made ready once and asked again and again."""

from casework.domain.holding import Ready
from casework.domain.pathways import Criterion
from casework.domain.ternary import Ternary


def test_what_was_found_is_forgotten_before_it_grows_without_end() -> None:
    when = {"fact": "age", "at_least": 18}
    row = Criterion.model_validate(
        {"id": "grown", "text": "Is grown", "when": when, "citation": "none"}
    )
    ready = Ready(row, row.met_or_excused)
    first = ready.held({"age": 0})
    assert ready.held({"age": 0}) is first
    found = [ready.held({"age": age}).result.value for age in range(600)]
    assert found == [Ternary.NO] * 18 + [Ternary.YES] * 582
    assert ready.held({"age": 0}) is not first
